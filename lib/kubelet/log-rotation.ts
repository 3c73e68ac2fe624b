// Logs that grow too large begin a new file (pkg/kubelet/logs).
import { bytes } from '../api/index.ts';
import type { Runtime } from '../machine/index.ts';
import type { Clock, Timer } from '../sim/index.ts';
import type { Configuration } from './configuration.ts';

/** How often it is looked (milliseconds). */
const monitorPeriod = 10_000;

export class LogRotation {
  readonly #options: { clock: Clock; runtime: Runtime; configuration: Configuration };
  #startedAt = 0;
  #timer: Timer | undefined;
  #large = new Set<string>();

  constructor(options: { clock: Clock; runtime: Runtime; configuration: Configuration }) {
    this.#options = options;
  }

  /** Docker rotates by itself, and by default not at all. */
  start(): void {
    const { clock, runtime, configuration } = this.#options;
    this.#startedAt = clock.now;
    if (runtime.name !== 'docker') runtime.watchLogs(bytes(configuration.containerLogMaxSize), (id) => this.#soon(id));
  }

  stop(): void {
    this.#options.clock.cancel(this.#timer);
    this.#options.runtime.watchLogs(Infinity, () => {});
  }

  #soon(id: string): void {
    const { clock } = this.#options;
    this.#large.add(id);
    if (this.#timer && !this.#timer.cancelled && this.#timer.at > clock.now) return;
    this.#timer = clock.after(monitorPeriod - ((clock.now - this.#startedAt) % monitorPeriod), () => this.#rotate());
  }

  #rotate(): void {
    const { runtime, configuration } = this.#options;
    for (const id of this.#large) runtime.rotateLog(id, configuration.containerLogMaxFiles);
    this.#large.clear();
  }
}
