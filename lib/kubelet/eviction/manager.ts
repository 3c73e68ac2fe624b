// Node pressure: while the node is short of memory or disk, one pod after the other is evicted (pkg/kubelet/eviction).
import type { Version } from '../../api/index.ts';
import type { Machine, Runtime } from '../../machine/index.ts';
import type { Clock } from '../../sim/index.ts';
import { type Configuration, milliseconds } from '../configuration.ts';
import { anyRunning } from '../pod-status.ts';
import type { Worker } from '../worker.ts';
import { evictionMessage, evictionOrder, isCritical } from './ranking.ts';
import { observed, type Pressure, pressureOf, resourceOf, type Threshold, thresholdsOf } from './thresholds.ts';
import { podUsage, usageOf } from './usage.ts';

export interface EvictionManagerOptions {
  clock: Clock;
  machine: Machine;
  runtime: Runtime;
  version: Version;
  configuration: Configuration;
  workers: ReadonlyMap<string, Worker>;
  /** An event about the node. */
  nodeEvent(type: 'Warning', reason: string, message: string): void;
  /** Conditions may have changed: tell the node's status. */
  look(): void;
  /** Ends a pod; `grace` in seconds. */
  evict(worker: Worker, message: string, grace: number): void;
  /** Containers that have ended and images that nobody uses are thrown away. */
  reclaimDisk(): void;
}

/** How often the eviction manager looks (milliseconds). */
const monitoringInterval = 10_000;

export class EvictionManager {
  readonly #options: EvictionManagerOptions;
  readonly #thresholds: Threshold[];
  readonly #transition: number;
  /** When a threshold that is met was met first. */
  #since = new Map<Threshold, number>();
  #lastSeen: Record<Pressure, number> = { MemoryPressure: -Infinity, DiskPressure: -Infinity };
  #waiting = false;
  #stopped = false;

  constructor(options: EvictionManagerOptions) {
    this.#options = options;
    this.#thresholds = thresholdsOf(options.configuration, options.machine);
    this.#transition = milliseconds(options.configuration.evictionPressureTransitionPeriod);
  }

  stop(): void {
    this.#stopped = true;
  }

  /** What the node's conditions say: short now, or within the last five minutes, as they must not flap. */
  has(pressure: Pressure): boolean {
    const { clock } = this.#options;
    for (const threshold of this.#thresholds) if (pressureOf[threshold.signal] === pressure && this.#isMet(threshold)) this.#lastSeen[pressure] = clock.now;
    return clock.now - this.#lastSeen[pressure] < this.#transition;
  }

  get pressures(): Pressure[] {
    return (['MemoryPressure', 'DiskPressure'] as const).filter((pressure) => this.has(pressure));
  }

  /** The use of memory or disk changed. */
  changed(): void {
    if (this.#waiting || !this.#thresholds.some((threshold) => this.#isMet(threshold))) return;
    this.#again(0);
  }

  #again(delay: number): void {
    this.#waiting = true;
    this.#options.clock.after(delay, () => {
      this.#waiting = false;
      if (!this.#stopped) this.#synchronize();
    });
  }

  /** Too little, or once it was, not yet as much more as has to be reclaimed. */
  #isMet(threshold: Threshold): boolean {
    const available = observed(this.#options.machine, threshold.signal);
    return available < threshold.value + (this.#since.has(threshold) ? threshold.reclaim : 0);
  }

  #synchronize(): void {
    const { clock, look, nodeEvent, reclaimDisk } = this.#options;
    this.#observe();
    look();
    if (this.#since.size === 0) return;
    this.#again(monitoringInterval);
    const due = this.#thresholds.filter((threshold) => clock.now - (this.#since.get(threshold) ?? Infinity) >= threshold.grace);
    const threshold = due.find(({ signal }) => signal === 'memory.available') ?? due[0];
    if (!threshold) return;
    const resource = resourceOf[threshold.signal];
    nodeEvent('Warning', 'EvictionThresholdMet', `Attempting to reclaim ${resource}`);
    if (resource === 'ephemeral-storage') {
      reclaimDisk();
      if (!this.#thresholds.some((one) => this.#isMet(one))) return;
    }
    this.#evictOne(threshold);
  }

  #observe(): void {
    for (const threshold of this.#thresholds) {
      if (!this.#isMet(threshold)) this.#since.delete(threshold);
      else if (!this.#since.has(threshold)) this.#since.set(threshold, this.#options.clock.now);
    }
  }

  #evictOne({ signal, value, hard }: Threshold): void {
    const { machine, runtime, version, configuration, evict } = this.#options;
    const resource = resourceOf[signal];
    const candidates = this.#candidates();
    const order = evictionOrder(candidates.map((worker) => ({ pod: worker.pod, usage: podUsage(runtime, worker, resource) })), resource);
    const victim = order.find(({ pod }) => !isCritical(pod));
    if (!victim) return;
    const worker = candidates.find(({ pod }) => pod === victim.pod)!;
    const record = runtime.pods.get(worker.uid)!;
    const message = evictionMessage(victim.pod, (container) => usageOf(runtime, record, { container, resource }), { resource, threshold: value, available: observed(machine, signal), version });
    evict(worker, message, hard ? 0 : configuration.evictionMaxPodGracePeriod);
  }

  #candidates(): Worker[] {
    const { workers, runtime } = this.#options;
    return [...workers.values()].filter((worker) => !worker.failed && !worker.pod.metadata.deletionTimestamp && anyRunning(runtime.pods.get(worker.uid)));
  }
}
