// The last two points of every node and container, and what follows from them (pkg/storage).
import { type Batch, emptyBatch, type Point } from './points.ts';

export interface Usage {
  /** Nanocores and bytes. */
  cpu: number;
  memory: number;
  timestamp: number;
  /** Milliseconds. */
  window: number;
}

/** A younger container is not measured from its start on: so short a time says little. */
const freshEnough = 10_000;

/** What until v0.4 is given as the time over which the kubelet measured. */
const cadvisorWindow = 30_000;

export class Storage {
  #last = emptyBatch();
  #prev = emptyBatch();
  readonly #resolution: number;
  readonly #ownRate: boolean;

  constructor({ resolution, ownRate }: { resolution: number; ownRate: boolean }) {
    this.#resolution = resolution;
    this.#ownRate = ownRate;
  }

  /** Whether there is something to say of nodes and of pods. */
  get ready(): boolean {
    const { nodes, pods } = this.#ownRate ? this.#prev : this.#last;
    return nodes.size > 0 && pods.size > 0;
  }

  store(batch: Batch): void {
    const prev = emptyBatch();
    for (const [name, point] of batch.nodes) {
      const before = this.#last.nodes.get(name);
      if (before && point.timestamp > before.timestamp) prev.nodes.set(name, before);
    }
    for (const [key, containers] of batch.pods) {
      const before = new Map<string, Point>();
      for (const [name, point] of containers) {
        const point0 = this.#before(key, name, point);
        if (point0) before.set(name, point0);
      }
      if (before.size > 0) prev.pods.set(key, before);
    }
    this.#last = batch;
    this.#prev = prev;
  }

  /** The point to measure a container from: its start when it is new, the last one unless it was started again since. */
  #before(pod: string, name: string, point: Point): Point | undefined {
    const age = point.timestamp - point.startTime;
    if (point.startTime > 0 && age >= freshEnough && age < this.#resolution) return { ...point, timestamp: point.startTime, cpu: 0 };
    const last = this.#last.pods.get(pod)?.get(name);
    if (!last || point.startTime >= last.timestamp) return undefined;
    return point.timestamp > last.timestamp ? last : this.#prev.pods.get(pod)?.get(name);
  }

  node(name: string): Usage | undefined {
    return this.#usage(this.#last.nodes.get(name), this.#prev.nodes.get(name));
  }

  /** Undefined unless all of its containers are known. */
  pod(key: string): Map<string, Usage> | undefined {
    const last = this.#last.pods.get(key);
    if (!last) return undefined;
    const usages = new Map<string, Usage>();
    for (const [name, point] of last) {
      const usage = this.#usage(point, this.#prev.pods.get(key)?.get(name));
      if (!usage) return undefined;
      usages.set(name, usage);
    }
    return usages;
  }

  #usage(last: Point | undefined, prev: Point | undefined): Usage | undefined {
    if (!last) return undefined;
    const { memory, timestamp, rate = 0 } = last;
    if (!this.#ownRate) return { cpu: rate, memory, timestamp, window: cadvisorWindow };
    if (!prev || last.cpu < prev.cpu) return undefined;
    const window = timestamp - prev.timestamp;
    return { cpu: Math.trunc(((last.cpu - prev.cpu) / window) * 1000), memory, timestamp, window };
  }
}
