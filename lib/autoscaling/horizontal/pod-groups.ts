// Which pods count: a sample of a pod that just started says nothing (groupPods in replica_calculator.go).
import { type Pod, podCondition } from '../../api/index.ts';
import type { PodMetric, PodMetrics, PodsSeen } from './types.ts';

/** `--horizontal-pod-autoscaler-cpu-initialization-period`. */
const cpuInitialization = 300_000;
/** `--horizontal-pod-autoscaler-initial-readiness-delay`. */
const initialReadinessDelay = 30_000;

export interface PodGroups {
  ready: number;
  unready: string[];
  missing: string[];
  ignored: string[];
}

export function groupPods({ pods, now }: PodsSeen, metrics: PodMetrics, resource: string): PodGroups {
  const groups: PodGroups = { ready: 0, unready: [], missing: [], ignored: [] };
  for (const pod of pods) {
    const { name } = pod.metadata;
    const metric = metrics.get(name);
    if (pod.metadata.deletionTimestamp || pod.status.phase === 'Failed') groups.ignored.push(name);
    else if (pod.status.phase === 'Pending') groups.unready.push(name);
    else if (!metric) groups.missing.push(name);
    else if (resource === 'cpu' && isStarting(pod, metric, now)) groups.unready.push(name);
    else groups.ready++;
  }
  return groups;
}

/** The CPU of a start is no load: it is looked at when the pod has been ready for a window of the sample, or was ready once. */
function isStarting(pod: Pod, metric: PodMetric, now: number): boolean {
  const condition = podCondition(pod, 'Ready');
  if (!condition || !pod.status.startTime) return true;
  const started = Date.parse(pod.status.startTime);
  // Without a time it is Go's: the year 1.
  const changed = condition.lastTransitionTime ? Date.parse(condition.lastTransitionTime) : -Infinity;
  const isUnready = condition.status === 'False';
  if (started + cpuInitialization > now) return isUnready || metric.timestamp < changed + metric.window;
  return isUnready && started + initialReadinessDelay > changed;
}
