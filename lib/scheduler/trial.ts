// A node as it would be with other pods: filters are asked about it while nothing has happened yet.
import type { Plugin } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
import { type PodInfo, podKey } from './pod-info.ts';
import type { Refusal } from './runtime.ts';
import type { Snapshot } from './snapshot.ts';

export interface TrialOptions {
  pod: PodInfo;
  node: NodeInfo;
  snapshot: Snapshot;
  /** Those that keep something of their own about the pods of the cluster. */
  plugins: readonly Plugin[];
  filter(trial: Trial): Refusal | undefined;
}

export class Trial {
  /** A copy: pods come and go on it. */
  readonly node: NodeInfo;
  readonly pod: PodInfo;
  readonly #options: TrialOptions;
  /** How often each pod is counted more, or less, than in truth. */
  readonly #shifted = new Map<string, { pod: PodInfo; by: number }>();

  constructor(options: TrialOptions) {
    this.#options = options;
    this.pod = options.pod;
    this.node = options.node.copy();
  }

  /** Why the pod does not fit, undefined when it does: without the pods that were removed, beside those nominated. */
  refusal(): Refusal | undefined {
    return this.#options.filter(this);
  }

  add(pod: PodInfo): void {
    this.node.add(pod);
    this.#shift(pod, 1);
  }

  remove(pod: PodInfo): void {
    this.node.remove(pod);
    this.#shift(pod, -1);
  }

  /** The cluster's counts are as before. */
  end(): void {
    for (const { pod, by } of [...this.#shifted.values()]) if (by !== 0) this.#shift(pod, by > 0 ? -1 : 1);
  }

  #shift(pod: PodInfo, by: 1 | -1): void {
    const { snapshot, node, plugins } = this.#options;
    const key = podKey(pod.pod);
    this.#shifted.set(key, { pod, by: (this.#shifted.get(key)?.by ?? 0) + by });
    snapshot.shift(pod, node, by);
    for (const plugin of plugins) (by > 0 ? plugin.addPod : plugin.removePod)?.(this.pod, pod, node);
  }
}
