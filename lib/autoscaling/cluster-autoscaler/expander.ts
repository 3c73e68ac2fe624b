// Which of several groups is to grow (cluster-autoscaler/expander).
import { bytes, cpuMilli, type Pod, podRequests, type Version } from '../../api/index.ts';
import type { Random } from '../../sim/index.ts';
import type { Flags } from './flags.ts';
import type { NodeGroup } from './types.ts';

/** `count` machines more of a group, and the pods that would fit on them. */
export interface Option {
  group: NodeGroup;
  count: number;
  pods: readonly Pod[];
  /** Of one of its machines. */
  allocatable: Readonly<Record<string, string>>;
}

export function bestOption(options: readonly Option[], { expander, random, version }: { expander: Flags['expander']; random: Random; version: Version }): Option | undefined {
  const score = { random: () => 0, 'most-pods': ({ pods }: Option) => -pods.length, 'least-waste': (option: Option) => wasteOf(option, version) }[expander];
  const scores = options.map(score);
  const best = options.filter((_, i) => scores[i] === Math.min(...scores));
  return best.length > 1 ? random.pick(best) : best[0];
}

/** Shares of cpu and memory that would stay unused, added up. */
function wasteOf({ pods, count, allocatable }: Option, version: Version): number {
  const requests = pods.map((pod) => podRequests(pod, version));
  const sum = (name: 'cpu' | 'memory') => requests.reduce((total, one) => total + (one[name]?.milliValue() ?? 0), 0);
  const unused = (requested: number, available: number) => (available - requested) / available;
  return unused(sum('cpu'), count * cpuMilli(allocatable['cpu'])) + unused(sum('memory'), 1000 * count * bytes(allocatable['memory']));
}
