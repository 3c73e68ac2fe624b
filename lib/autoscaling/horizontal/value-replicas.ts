// How many replicas one number asks for: of an object, or from outside of the cluster.
import { isPodReady, type Pod } from '../../api/index.ts';
import { int32, int64 } from './go-numbers.ts';
import { isClose, isFar } from './ratios.ts';
import type { Proposal } from './types.ts';

/** The number itself against its target; `current` is the scale's spec. */
export function valueReplicas(amount: number, target: number, { current, pods }: { current: number; pods: readonly Pod[] }): Proposal {
  const ratio = amount / target;
  // From nothing there is nobody who could be ready, and no tolerance.
  if (current === 0) return { replicas: int32(Math.ceil(ratio)), amount };
  if (isClose(ratio)) return { replicas: current, amount };
  return { replicas: int32(Math.ceil(ratio * readyPods(pods))), amount };
}

/** The number shared out to the replicas there are; `current` is the scale's status. */
export function sharedReplicas(amount: number, target: number, current: number): Proposal {
  const ratio = amount / (target * current);
  const replicas = isFar(ratio) ? int32(Math.ceil(amount / target)) : current;
  return { replicas, amount: int64(Math.ceil(amount / current)) };
}

function readyPods(pods: readonly Pod[]): number {
  if (pods.length === 0) throw new Error('unable to calculate ready pods: no pods returned by selector while calculating replica count');
  return pods.filter((pod) => pod.status.phase === 'Running' && isPodReady(pod)).length;
}
