// What a kubelet does for its node as a whole: eviction, image garbage collection, rotation of logs, graceful shutdown.
import { isPodTerminal, type Pod, type Version } from '../api/index.ts';
import type { Machine, Runtime } from '../machine/index.ts';
import type { Clock } from '../sim/index.ts';
import type { Configuration } from './configuration.ts';
import { EvictionManager } from './eviction/manager.ts';
import { mayEnter } from './eviction/ranking.ts';
import type { Pressure } from './eviction/thresholds.ts';
import { ImageCollector } from './image-gc.ts';
import { LogRotation } from './log-rotation.ts';
import { NodeShutdown } from './shutdown.ts';
import type { Worker } from './worker.ts';

export interface NodeManagersOptions {
  clock: Clock;
  machine: Machine;
  runtime: Runtime;
  version: Version;
  configuration: Configuration;
  workers: ReadonlyMap<string, Worker>;
  /** An event about the node. */
  nodeEvent(type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** The node's conditions may have changed. */
  look(): void;
  /** Ends a pod. */
  kill(worker: Worker, why: NonNullable<Worker['failed']>): void;
  evict(worker: Worker, message: string, grace: number): void;
}

export class NodeManagers {
  readonly #options: NodeManagersOptions;
  readonly #eviction: EvictionManager;
  readonly #collector: ImageCollector;
  readonly #shutdown: NodeShutdown;
  readonly #rotation: LogRotation;

  constructor(options: NodeManagersOptions) {
    this.#options = options;
    this.#collector = new ImageCollector(options);
    this.#eviction = new EvictionManager({ ...options, reclaimDisk: () => this.#reclaimDisk() });
    this.#shutdown = new NodeShutdown(options);
    this.#rotation = new LogRotation(options);
  }

  start(): void {
    this.changed('disk');
    this.#rotation.start();
    if (this.#shutdown.inhibits) this.#options.machine.inhibitor = (release) => this.#shutdown.begin(release);
  }

  stop(): void {
    this.#eviction.stop();
    this.#collector.stop();
    this.#rotation.stop();
    this.#options.machine.inhibitor = undefined;
  }

  has(pressure: Pressure): boolean {
    return this.#eviction.has(pressure);
  }

  get shuttingDown(): boolean {
    return this.#shutdown.active;
  }

  /** The use of memory or disk changed. */
  changed(what: 'memory' | 'disk'): void {
    this.#eviction.changed();
    if (what === 'disk') this.#collector.changed();
  }

  /** Pods had their turn: some may have ended. */
  stepped(): void {
    if (this.#shutdown.active) this.#shutdown.check();
  }

  /** Why the node takes no such pod now. */
  refusal(pod: Pod): { reason: string; message: string } | undefined {
    const { pressures } = this.#eviction;
    if (!this.#shutdown.active && mayEnter(pod, pressures)) return undefined;
    const says = this.#options.version.has('pod-rejected-message') ? 'Pod was rejected: ' : 'Pod ';
    if (this.#shutdown.active) return { reason: 'NodeShutdown', message: `${says}Pod was rejected as the node is shutting down.` };
    return { reason: 'Evicted', message: `${says}The node had condition: [${pressures.join(' ')}]. ` };
  }

  /** What is left of pods that have ended, and images that nobody uses. */
  #reclaimDisk(): void {
    const { runtime, workers } = this.#options;
    for (const worker of workers.values()) if (isPodTerminal(worker.pod)) runtime.removeEnded(worker.uid);
    this.#collector.free(Infinity);
  }
}
