// Graceful node shutdown (KEP-2000): the machine waits while the pods end, those of low priority first (pkg/kubelet/nodeshutdown).
import { isPodTerminal, type Version } from '../api/index.ts';
import type { Runtime } from '../machine/index.ts';
import type { Clock } from '../sim/index.ts';
import { type Configuration, milliseconds } from './configuration.ts';
import { isCritical } from './eviction/ranking.ts';
import { anyRunning } from './pod-status.ts';
import type { Worker } from './worker.ts';

export interface NodeShutdownOptions {
  clock: Clock;
  runtime: Runtime;
  version: Version;
  configuration: Configuration;
  workers: ReadonlyMap<string, Worker>;
  /** An event about the node. */
  nodeEvent(type: 'Normal', reason: string, message: string): void;
  /** Ends a pod; `grace` in seconds. */
  kill(worker: Worker, why: { reason: string; message: string; grace: number }): void;
  /** The node is not ready any more. */
  look(): void;
}

interface Group {
  /** The lowest priority of its pods. */
  priority: number;
  seconds: number;
}

const criticalPriority = 2_000_000_000;

export class NodeShutdown {
  active = false;
  readonly #options: NodeShutdownOptions;
  readonly #groups: readonly Group[];
  #ending: Worker[] = [];
  #next: (() => void) | undefined;

  constructor(options: NodeShutdownOptions) {
    this.#options = options;
    this.#groups = groupsOf(options.configuration, options.version);
  }

  /** Whether the machine is to wait. */
  get inhibits(): boolean {
    return this.#groups.length > 0;
  }

  /** The machine is about to go down; it waits for `release`. */
  begin(release: () => void): void {
    this.active = true;
    const { version, nodeEvent, look } = this.#options;
    if (version.has('shutdown-event')) nodeEvent('Normal', 'Shutdown', 'Shutdown manager detected shutdown event');
    look();
    this.#endGroup(0, release);
  }

  /** Something ended: perhaps it is the next group's turn. */
  check(): void {
    const { runtime, version } = this.#options;
    if (!this.#next || !version.has('shutdown-by-priority')) return;
    if (!this.#ending.some(({ uid }) => anyRunning(runtime.pods.get(uid)))) this.#next();
  }

  #endGroup(i: number, release: () => void): void {
    const group = this.#groups[i];
    if (!group) return release();
    const { clock, kill, version } = this.#options;
    this.#ending = this.#activePods().filter((worker) => this.#groupOf(worker) === i);
    const why = version.has('shutdown-terminated') ? { reason: 'Terminated', message: 'Pod was terminated in response to imminent node shutdown.' } : { reason: 'NodeShutdown', message: 'Node is shutting, evicting pods' };
    for (const worker of this.#ending) kill(worker, { ...why, grace: Math.min(worker.pod.spec.terminationGracePeriodSeconds ?? group.seconds, group.seconds) });
    const next = () => {
      if (this.#next !== next) return;
      this.#next = undefined;
      this.#endGroup(i + 1, release);
    };
    this.#next = next;
    // What is killed at the end of its grace can still be told.
    clock.after(group.seconds * 1000 + 1, next);
    clock.after(0, () => this.check());
  }

  #activePods(): Worker[] {
    return [...this.#options.workers.values()].filter((worker) => !worker.failed && !worker.pod.metadata.deletionTimestamp && !isPodTerminal(worker.pod));
  }

  /** The last group whose priority it reaches; a pod that is below all is in the first. */
  #groupOf({ pod }: Worker): number {
    const priority = isCritical(pod) ? Math.max(pod.spec.priority ?? 0, criticalPriority) : (pod.spec.priority ?? 0);
    return Math.max(0, this.#groups.findLastIndex((group) => group.priority <= priority));
  }
}

function groupsOf({ shutdownGracePeriod, shutdownGracePeriodCriticalPods, shutdownGracePeriodByPodPriority }: Configuration, version: Version): Group[] {
  if (!version.has('graceful-node-shutdown')) return [];
  if (version.has('shutdown-by-priority') && shutdownGracePeriodByPodPriority.length > 0) {
    return shutdownGracePeriodByPodPriority.map(({ priority, shutdownGracePeriodSeconds }) => ({ priority, seconds: shutdownGracePeriodSeconds })).sort((a, b) => a.priority - b.priority);
  }
  const [all, critical] = [milliseconds(shutdownGracePeriod) / 1000, milliseconds(shutdownGracePeriodCriticalPods) / 1000];
  if (all === 0) return [];
  return [{ priority: 0, seconds: all - critical }, { priority: criticalPriority, seconds: critical }];
}
