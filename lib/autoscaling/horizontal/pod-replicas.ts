// How many replicas a metric of each pod asks for (GetResourceReplicas and calcPlainMetricReplicas in replica_calculator.go).
import type { Version } from '../../api/index.ts';
import { int32, share } from './go-numbers.ts';
import { groupPods, type PodGroups } from './pod-groups.ts';
import { byAverage, byRequests, isClose, type Measure, type Usage } from './ratios.ts';
import { podRequests } from './requests.ts';
import type { PodMetrics, PodsSeen, Proposal } from './types.ts';

interface Question {
  current: number;
  metrics: PodMetrics;
  seen: PodsSeen;
  version: Version;
}

/** A share of what is requested of a resource, as a percentage. */
export function utilizationReplicas(resource: { name: string; container?: string | undefined }, target: number, question: Question): Proposal {
  const { seen, version } = question;
  const { metrics, groups } = counted(resource.name, question);
  // Which of two faults is told when there are both.
  const early = version.has('hpa-pods-might-be-unready') ? undefined : podRequests(seen.pods, resource, version);
  checkSome(metrics, version);
  const requests = early ?? podRequests(seen.pods, resource, version);
  const fallback = version.has('hpa-missing-at-target') ? Math.max(100, target) : 100;
  const assumed = (name: string) => share(requests.get(name)!, fallback, 100);
  return proposal({ ...question, metrics, groups, measure: byRequests(requests, target), assumed, upFromEqual: false, keepsDirection: true });
}

/** An amount per pod, in thousandths, of a resource or of a metric of their own. */
export function averageReplicas(resource: string, target: number, question: Question): Proposal {
  const { version } = question;
  const { metrics, groups } = counted(resource, question);
  checkSome(metrics, version);
  const upFromEqual = !version.has('hpa-average-at-target');
  return proposal({ ...question, metrics, groups, measure: byAverage(target), assumed: () => target, upFromEqual, keepsDirection: version.has('hpa-average-keeps-direction') });
}

function counted(resource: string, { seen, metrics: all }: Question): { metrics: PodMetrics; groups: PodGroups } {
  if (seen.pods.length === 0) throw new Error('no pods returned by selector while calculating replica count');
  const groups = groupPods(seen, all, resource);
  const metrics = new Map(all);
  for (const name of [...groups.ignored, ...groups.unready]) metrics.delete(name);
  return { metrics, groups };
}

function checkSome(metrics: PodMetrics, version: Version): void {
  if (metrics.size > 0) return;
  throw new Error(version.has('hpa-pods-might-be-unready') ? 'did not receive metrics for targeted pods (pods might be unready)' : 'did not receive metrics for any ready pods');
}

interface Reckoning extends Question {
  groups: PodGroups;
  measure: Measure;
  /** What a pod without a sample is taken to use when fewer would do. */
  assumed(pod: string): number;
  /** Pods without a sample use nothing when just the target is used, too. */
  upFromEqual: boolean;
  keepsDirection: boolean;
}

function proposal(reckoning: Reckoning): Proposal {
  const { current, groups, measure, metrics } = reckoning;
  const usage = measure(metrics);
  const told = { amount: usage.average, ...(usage.utilization !== undefined && { utilization: usage.utilization }) };
  const unreadyMatter = groups.unready.length > 0 && usage.ratio > 1;
  if (!unreadyMatter && groups.missing.length === 0) {
    return { replicas: isClose(usage.ratio) ? current : int32(Math.ceil(usage.ratio * groups.ready)), ...told };
  }
  return { replicas: again(usage, unreadyMatter, reckoning), ...told };
}

/** Reckons once more, with a careful guess for what is not known; a guess never turns the direction. */
function again(before: Usage, unreadyMatter: boolean, { current, groups, measure, metrics, assumed, upFromEqual, keepsDirection }: Reckoning): number {
  const whole = new Map(metrics);
  const guess = (name: string, value: number) => whole.set(name, { value, timestamp: 0, window: 0 });
  if (before.ratio < 1) for (const name of groups.missing) guess(name, assumed(name));
  else if (before.ratio > 1 || upFromEqual) for (const name of groups.missing) guess(name, 0);
  if (unreadyMatter) for (const name of groups.unready) guess(name, 0);
  const { ratio } = measure(whole);
  if (isClose(ratio) || (before.ratio < 1 && ratio > 1) || (before.ratio > 1 && ratio < 1)) return current;
  const replicas = int32(Math.ceil(ratio * whole.size));
  const turned = (ratio < 1 && replicas > current) || (ratio > 1 && replicas < current);
  return keepsDirection && turned ? current : replicas;
}
