// Which pods go first when there are too many (controller.ActivePodsWithRanks).
import { type Pod, podCondition, type Version } from '../../api/index.ts';

export interface DeletionOrder {
  now: number;
  version: Version;
  /** Active pods of the owner's siblings, itself included: of two ready pods the one with more neighbours goes first. */
  related?: Iterable<Pod>;
}

interface Candidate {
  pod: Pod;
  assigned: boolean;
  phase: number;
  ready: boolean;
  cost: number;
  neighbours: number;
  readySince: number;
  restarts: number;
  created: number;
}

const phases: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';

/** The `count` pods that are missed least, the least first. */
export function podsToDelete(pods: Iterable<Pod>, count: number, { now, version, related = [] }: DeletionOrder): Pod[] {
  const onNode = new Map<string, number>();
  for (const { spec } of related) onNode.set(spec.nodeName ?? '', (onNode.get(spec.nodeName ?? '') ?? 0) + 1);
  const compare = (a: Candidate, b: Candidate) => compareCandidates(a, b, version.has('logarithmic-scale-down') ? now : undefined);
  const chosen: Candidate[] = [];
  const millisecondsOf = timeReader();
  for (const pod of pods) keepFirst(chosen, candidate(pod, onNode, { version, millisecondsOf }), count, compare);
  return chosen.map(({ pod }) => pod);
}

/** Many pods were made, and became ready, in the same second. */
function timeReader(): (time: string) => number {
  const known = new Map<string, number>();
  return (time) => {
    let milliseconds = known.get(time);
    if (milliseconds === undefined) known.set(time, (milliseconds = Date.parse(time)));
    return milliseconds;
  };
}

function candidate(pod: Pod, onNode: ReadonlyMap<string, number>, { version, millisecondsOf }: { version: Version; millisecondsOf(time: string): number }): Candidate {
  const condition = podCondition(pod, 'Ready');
  const ready = condition?.status === 'True';
  return {
    pod,
    assigned: Boolean(pod.spec.nodeName),
    phase: phases[pod.status.phase ?? ''] ?? 0,
    ready,
    cost: version.has('pod-deletion-cost') ? costOf(pod) : 0,
    neighbours: onNode.get(pod.spec.nodeName ?? '') ?? 0,
    readySince: ready && condition.lastTransitionTime ? millisecondsOf(condition.lastTransitionTime) : Infinity,
    restarts: (pod.status.containerStatuses ?? []).reduce((most, { restartCount }) => Math.max(most, restartCount), 0),
    created: millisecondsOf(pod.metadata.creationTimestamp),
  };
}

function costOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[deletionCost] ?? '0';
  return /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0;
}

/** Negative when `a` goes before `b`. With `now`, ages are compared by their power of two. */
function compareCandidates(a: Candidate, b: Candidate, now?: number): number {
  if (a.assigned !== b.assigned) return a.assigned ? 1 : -1;
  if (a.phase !== b.phase) return a.phase - b.phase;
  if (a.ready !== b.ready) return a.ready ? 1 : -1;
  if (a.cost !== b.cost) return a.cost - b.cost;
  if (a.neighbours !== b.neighbours) return b.neighbours - a.neighbours;
  if (a.ready && a.readySince !== b.readySince) return compareAges(a, b, a.readySince, b.readySince, now);
  if (a.restarts !== b.restarts) return b.restarts - a.restarts;
  if (a.created !== b.created) return compareAges(a, b, a.created, b.created, now);
  return 0;
}

function compareAges(a: Candidate, b: Candidate, since: number, otherSince: number, now?: number): number {
  if (now === undefined) return otherSince - since;
  const difference = powerOfTwo(now - since) - powerOfTwo(now - otherSince);
  if (difference !== 0) return difference;
  return a.pod.metadata.uid < b.pod.metadata.uid ? -1 : 1;
}

/** The power of two of an age, in Go's nanoseconds. */
function powerOfTwo(milliseconds: number): number {
  return milliseconds > 0 ? Math.trunc(Math.log2(milliseconds * 1e6)) : -1;
}

/** Keeps the first `count` items in order without sorting the others. */
function keepFirst<T>(kept: T[], item: T, count: number, compare: (a: T, b: T) => number): void {
  if (kept.length === count && compare(item, kept[count - 1]!) >= 0) return;
  let [low, high] = [0, kept.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(item, kept[middle]!) < 0) high = middle;
    else low = middle + 1;
  }
  kept.splice(low, 0, item);
  if (kept.length > count) kept.pop();
}
