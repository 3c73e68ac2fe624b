// How much of the target is used (metrics/utilization.go).
import { int32, share } from './go-numbers.ts';
import type { PodMetrics } from './types.ts';

export interface Usage {
  /** 1 is the target. */
  ratio: number;
  /** Average of the pods, in thousandths. */
  average: number;
  /** Percent of the requests. */
  utilization?: number;
}

export type Measure = (metrics: PodMetrics) => Usage;

/** Against a share of what is requested. */
export function byRequests(requests: ReadonlyMap<string, number>, target: number): Measure {
  return (metrics) => {
    const known = [...metrics].filter(([name]) => requests.has(name));
    const used = known.reduce((sum, [, { value }]) => sum + value, 0);
    const requested = known.reduce((sum, [name]) => sum + requests.get(name)!, 0);
    if (requested === 0) throw new Error('no metrics returned matched known pods');
    const utilization = int32(share(used, 100, requested));
    return { ratio: utilization / target, utilization, average: Math.trunc(used / known.length) };
  };
}

/** Against an amount per pod. */
export function byAverage(target: number): Measure {
  return (metrics) => {
    const used = [...metrics.values()].reduce((sum, { value }) => sum + value, 0);
    const average = Math.trunc(used / metrics.size);
    return { ratio: average / target, average };
  };
}

/** `--horizontal-pod-autoscaler-tolerance`. */
const tolerance = 0.1;
export const isClose = (ratio: number): boolean => Math.abs(1 - ratio) <= tolerance;
/** Not the opposite where nothing is shared among nobody: that is no number. */
export const isFar = (ratio: number): boolean => Math.abs(1 - ratio) > tolerance;
