// From what the metrics ask for to what is done: windows, policies, bounds (normalizeDesiredReplicas in horizontal.go).
import type { Version } from '../../api/index.ts';
import type { SetCondition } from './conditions.ts';
import type { History } from './history.ts';
import { scaleDownLimitByRules, scaleUpLimit, scaleUpLimitByRules } from './limits.ts';
import { stabilizeBoth, stabilizeDown, type Stabilized } from './stabilize.ts';
import type { Behavior } from './types.ts';

/** `--horizontal-pod-autoscaler-downscale-stabilization`, in seconds. */
const downscaleStabilization = 300;

export interface Wish {
  desired: number;
  current: number;
  min: number;
  max: number;
  behavior?: Behavior | undefined;
  /** By how much it may grow at once without a behavior. Default 2; Kubernetes' own tests set it to 8. */
  scaleUpFactor?: number | undefined;
  history: History;
  now: number;
  version: Version;
}

export function normalize(wish: Wish, set: SetCondition): number {
  const { desired, behavior, history, now } = wish;
  const stabilized = behavior ? stabilizedBy(behavior, wish) : stabilizeDown(history, desired, { window: downscaleStabilization * 1000, now });
  const { replicas, reason, message } = stabilized;
  if (replicas === desired) set('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size');
  else set('AbleToScale', 'True', reason, message);
  const bounded = behavior ? withinRules(behavior, replicas, wish) : withinBounds(replicas, wish);
  set('ScalingLimited', bounded.replicas === replicas ? 'False' : 'True', bounded.reason, bounded.message);
  return bounded.replicas;
}

function stabilizedBy({ scaleUp, scaleDown }: Behavior, { desired, current, history, now, version }: Wish): Stabilized {
  const windows = { current, now, up: scaleUp.stabilizationWindowSeconds ?? 0, down: scaleDown.stabilizationWindowSeconds ?? downscaleStabilization };
  return stabilizeBoth(history, desired, windows, version);
}

const within = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' };
const tooMany = { reason: 'TooManyReplicas', message: 'the desired replica count is more than the maximum replica count' };
const tooFew = { reason: 'TooFewReplicas', message: 'the desired replica count is less than the minimum replica count' };
const upLimit = { reason: 'ScaleUpLimit', message: 'the desired replica count is increasing faster than the maximum scale rate' };
const downLimit = { reason: 'ScaleDownLimit', message: 'the desired replica count is decreasing faster than the maximum scale rate' };

function withinBounds(desired: number, { current, min, max, scaleUpFactor }: Wish): Stabilized {
  const limit = scaleUpLimit(current, scaleUpFactor);
  if (desired < min) return { replicas: min, ...tooFew };
  if (desired > Math.min(max, limit)) return max > limit ? { replicas: limit, ...upLimit } : { replicas: max, ...tooMany };
  return { replicas: desired, ...within };
}

function withinRules({ scaleUp, scaleDown }: Behavior, desired: number, wish: Wish): Stabilized {
  const { current, min, max } = wish;
  if (desired > current) {
    const limit = Math.max(current, scaleUpLimitByRules(scaleUp, wish));
    if (desired > Math.min(max, limit)) return max > limit ? { replicas: limit, ...upLimit } : { replicas: max, ...tooMany };
  } else if (desired < current) {
    const limit = Math.min(current, scaleDownLimitByRules(scaleDown, wish));
    if (desired < Math.max(min, limit)) return min < limit ? { replicas: limit, ...downLimit } : { replicas: min, ...tooFew };
  }
  return { replicas: desired, ...within };
}
