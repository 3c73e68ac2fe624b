// The sandboxes of one machine: each pod's network and name, made before its containers and gone after them.
import { type Answering, hexOf, type Machine, type Network, type SandboxConfig } from '../machine/index.ts';
import type { Random } from '../sim/index.ts';
import { Sandbox, type SandboxRuntime } from './sandbox.ts';

export interface SandboxesOptions {
  machine: Machine;
  network: Network;
  random: Random;
  /** Milliseconds until a sandbox has its network. */
  sandboxDuration?: (random: Random) => number;
}

export class Sandboxes implements SandboxRuntime {
  readonly machine: Machine;
  readonly network: Network;
  readonly random: Random;
  readonly pods = new Map<string, Sandbox>();
  onChange: ((uid: string) => void) | undefined;
  logLimit = Infinity;
  largeLog: (id: string) => void = () => {};
  #hostPods = new Set<Sandbox>();
  /** How many it made so far. */
  #sandboxes = 0;
  #ids = 0;
  #tail: string;
  #sandboxDuration: (random: Random) => number;

  constructor({ machine, network, random, sandboxDuration = (r) => 200 + r.int(400) }: SandboxesOptions) {
    this.machine = machine;
    this.network = network;
    this.random = random;
    this.#tail = hexOf(machine.name) + hexOf(`${machine.name}/`).slice(16);
    this.#sandboxDuration = sandboxDuration;
  }

  networkProblem(): string | undefined {
    return this.network.problem(this.machine.name);
  }

  protected newSandbox(config: SandboxConfig): Sandbox {
    const pod = new Sandbox(this, config, ++this.#sandboxes);
    this.pods.set(config.uid, pod);
    return pod;
  }

  runSandbox(config: SandboxConfig): void {
    const pod = this.pods.get(config.uid) ?? this.newSandbox(config);
    const { boots } = this.machine;
    this.machine.clock.after(this.#sandboxDuration(this.random), () => {
      // Gone in the meantime: deleted, or the power failed.
      if (this.pods.get(config.uid) !== pod || this.machine.boots !== boots || !this.machine.powered) return;
      pod.attempt = config.attempt;
      pod.sandboxId = this.newId();
      try {
        if (pod.hostNetwork) this.#hostPods.add(pod);
        pod.ip = pod.hostNetwork ? this.machine.ip : this.network.attach(this.machine.name, pod);
        pod.sandboxReady = true;
        pod.sandboxError = '';
      } catch (error) {
        pod.sandboxError = (error as Error).message;
      }
      this.onChange?.(pod.uid);
    });
  }

  stopSandbox(uid: string): void {
    const pod = this.pods.get(uid);
    if (!pod?.sandboxReady) return;
    pod.sandboxReady = false;
    if (pod.hostNetwork) this.#hostPods.delete(pod);
    else this.network.detach(this.machine.name, pod.ip);
  }

  get up(): boolean {
    return this.machine.powered;
  }

  /** What pods on the host's own network listen on. */
  listener(port: number): Answering | undefined {
    for (const pod of this.#hostPods) {
      const listener = pod.listener(port);
      if (listener) return listener;
    }
    return undefined;
  }

  watchLogs(limit: number, large: (id: string) => void): void {
    this.logLimit = limit;
    this.largeLog = large;
  }

  /** 64 hex digits, of which the first 16 are drawn: that is what people compare, and thousands are made at once. */
  newId(): string {
    const turn = this.#ids++ % 48;
    const drawn = this.random.uuid();
    return drawn.slice(0, 8) + drawn.slice(28) + this.#tail.slice(turn) + this.#tail.slice(0, turn);
  }
}
