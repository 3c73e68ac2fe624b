// The pods of a stateful set, sorted into those that have a place and those that are too many.
import { isPodReady, type Pod, podAvailable, type StatefulSet } from '../../api/index.ts';
import { ordinalOf, revisionOf } from './identity.ts';

export interface Replicas {
  /** The first ordinal, and one place for each wanted pod; a place may be empty. */
  start: number;
  places: (Pod | undefined)[];
  /** Pods beyond the places, by ordinal. */
  condemned: Pod[];
  counts: Counts;
}

export interface Counts {
  replicas: number;
  ready: number;
  available: number;
  current: number;
  updated: number;
}

export const isTerminating = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined;
export const isRunningAndReady = (pod: Pod) => pod.status.phase === 'Running' && isPodReady(pod);
export const isHealthy = (pod: Pod | undefined): pod is Pod => pod !== undefined && isRunningAndReady(pod) && !isTerminating(pod);

export function isAvailable(pod: Pod, { spec }: StatefulSet, now: number): boolean {
  return isRunningAndReady(pod) && (!spec.minReadySeconds || podAvailable(pod, spec.minReadySeconds, now));
}

export function sortReplicas(set: StatefulSet, pods: Iterable<Pod>, { current, update, now }: { current: string; update: string; now: number }): Replicas {
  const start = set.spec.ordinals?.start ?? 0;
  const places = new Array<Pod | undefined>(set.spec.replicas).fill(undefined);
  const condemned: Pod[] = [];
  const counts: Counts = { replicas: 0, ready: 0, available: 0, current: 0, updated: 0 };
  for (const pod of pods) {
    counts.replicas++;
    if (isRunningAndReady(pod)) {
      counts.ready++;
      if (isAvailable(pod, set, now)) counts.available++;
    }
    if (!isTerminating(pod)) countRevision(counts, revisionOf(pod), { current, update }, 1);
    const place = ordinalOf(pod) - start;
    if (place >= 0 && place < places.length) places[place] = pod;
    else condemned.push(pod);
  }
  condemned.sort((a, b) => ordinalOf(a) - ordinalOf(b));
  return { start, places, condemned, counts };
}

export function countRevision(counts: Counts, revision: string, { current, update }: { current: string; update: string }, change: 1 | -1): void {
  if (revision === current) counts.current += change;
  if (revision === update) counts.updated += change;
}
