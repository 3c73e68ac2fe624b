// systemd units as data with a little behaviour: enough to stop, crash and restart a service of a host.
import type { Clock, Timer } from '../sim/index.ts';

export type UnitState = 'active' | 'inactive' | 'failed' | 'activating' | 'deactivating';

/** What a unit runs: the cluster hooks a kubelet, a container runtime or a control-plane process in here. */
export interface Service {
  start?(): void;
  /** `crashed` means that nothing could be tidied up. */
  stop?(crashed: boolean): void;
}

export interface UnitOptions {
  description?: string;
  enabled?: boolean;
  /** Restart=always: milliseconds after a crash until it starts again; undefined: it stays failed. */
  restartAfter?: number;
  service?: Service;
}

/** One systemd unit of a machine. */
export class Unit {
  state: UnitState = 'inactive';
  enabled: boolean;
  readonly description: string;
  /** When the state last changed, in milliseconds. */
  since: number;
  #service: Service;
  #restartAfter: number | undefined;
  #restart: Timer | undefined;
  readonly name: string;
  readonly clock: Clock;

  constructor(name: string, clock: Clock, { description = name, enabled = true, restartAfter, service = {} }: UnitOptions = {}) {
    this.name = name;
    this.clock = clock;
    this.description = description;
    this.enabled = enabled;
    this.since = clock.now;
    this.#service = service;
    this.#restartAfter = restartAfter;
  }

  /** It failed, and systemd will start it again. */
  get restarting(): boolean {
    return this.state === 'failed' && this.#restartAfter !== undefined;
  }

  start(): void {
    this.clock.cancel(this.#restart);
    if (this.state === 'active') return;
    this.become('active');
    this.#service.start?.();
  }

  stop(): void {
    this.clock.cancel(this.#restart);
    if (this.state === 'active') this.#service.stop?.(false);
    this.become('inactive');
  }

  restart(): void {
    this.stop();
    this.start();
  }

  /** Ends without a goodbye; systemd starts it again when the unit says so. */
  crash(): void {
    if (this.state !== 'active') return;
    this.become('failed');
    this.#service.stop?.(true);
    if (this.#restartAfter !== undefined) this.#restart = this.clock.after(this.#restartAfter, () => this.start());
  }

  /** The host lost power. */
  lost(): void {
    this.clock.cancel(this.#restart);
    if (this.state === 'active') this.#service.stop?.(true);
    this.become('inactive');
  }

  protected become(state: UnitState): void {
    this.state = state;
    this.since = this.clock.now;
  }
}
