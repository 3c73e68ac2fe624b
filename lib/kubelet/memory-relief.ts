// Node pressure: while memory is short, one pod after the other is evicted.
import type { Pod, Version } from '../api/index.ts';
import type { Machine, Runtime } from '../machine/index.ts';
import type { Clock } from '../sim/index.ts';
import { evictionMessage, evictionOrder, mayEvict } from './eviction.ts';
import type { NodeAgent } from './node-agent.ts';
import { anyRunning } from './pod-status.ts';
import type { Worker } from './worker.ts';

export interface MemoryReliefOptions {
  clock: Clock;
  machine: Machine;
  runtime: Runtime;
  version: Version;
  agent: NodeAgent;
  workers: ReadonlyMap<string, Worker>;
  evict(worker: Worker, message: string): void;
  /** The kubelet that looks has ended. */
  stopped(): boolean;
}

/** How long the kubelet waits to see whether an eviction was enough (milliseconds). */
const pause = 10_000;

export class MemoryRelief {
  #options: MemoryReliefOptions;
  #busy = false;

  constructor(options: MemoryReliefOptions) {
    this.#options = options;
  }

  memoryChanged(): void {
    const { agent, clock } = this.#options;
    if (!agent.outOfMemory || this.#busy) return;
    this.#busy = true;
    clock.after(0, () => this.#relieve());
  }

  /** One pod at a time goes, until there is enough again. */
  #relieve(): void {
    const { agent, clock, machine, runtime, version, evict, stopped } = this.#options;
    this.#busy = false;
    if (stopped()) return;
    agent.look();
    if (!agent.outOfMemory) return;
    this.#busy = true;
    clock.after(pause, () => this.#relieve());
    const candidates = this.#candidates();
    const usage = ({ uid }: Worker) => runtime.pods.get(uid)!.containers.reduce((sum, { memory }) => sum + memory, 0);
    const [victim] = evictionOrder([...candidates].map(([pod, worker]) => ({ pod, usage: usage(worker) })));
    if (!victim) return;
    const worker = candidates.get(victim.pod)!;
    evict(worker, evictionMessage(victim.pod, runtime.pods.get(worker.uid)!, machine.memoryAvailable, version));
  }

  #candidates(): Map<Pod, Worker> {
    const { workers, runtime } = this.#options;
    const found = new Map<Pod, Worker>();
    for (const worker of workers.values()) {
      if (!worker.failed && !worker.pod.metadata.deletionTimestamp && anyRunning(runtime.pods.get(worker.uid)) && mayEvict(worker.pod)) found.set(worker.pod, worker);
    }
    return found;
  }
}
