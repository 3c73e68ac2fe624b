// Who has to go so that a critical pod finds room (pkg/kubelet/preemption). The scheduler has no part in it: static pods do not ask it.
import { type Pod, podQOSClass } from '../api/index.ts';
import { isCritical } from './eviction/ranking.ts';
import { podRequests } from './pod-requests.ts';

/** So much of a resource is missing. */
export interface Requirement {
  resource: string;
  quantity: number;
}

export const preempted = { reason: 'Preempting', message: 'Preempted in order to admit critical pod' };

function mayPreempt(pod: Pod, other: Pod): boolean {
  if (isCritical(pod) && !isCritical(other)) return true;
  return pod.spec.priority !== undefined && other.spec.priority !== undefined && pod.spec.priority > other.spec.priority;
}

const requestOf = (pod: Pod, resource: string) => (resource === 'pods' ? 1 : (podRequests(pod)[resource] ?? 0));

function without(requirements: readonly Requirement[], pods: readonly Pod[]): Requirement[] {
  return requirements
    .map(({ resource, quantity }) => ({ resource, quantity: pods.reduce((left, pod) => left - requestOf(pod, resource), quantity) }))
    .filter(({ quantity }) => quantity > 0);
}

/** How far a pod is from freeing all of it: each resource counts the same. */
const distance = (requirements: readonly Requirement[], pod: Pod) =>
  requirements.reduce((sum, { resource, quantity }) => sum + (Math.max(0, quantity - requestOf(pod, resource)) / quantity) ** 2, 0);

function asksLess(a: Pod, b: Pod): boolean {
  for (const resource of ['memory', 'cpu']) {
    const [x, y] = [requestOf(a, resource), requestOf(b, resource)];
    if (x !== y) return x < y;
  }
  return true;
}

/** As few as possible of some pods, the nearest first. */
function nearest(pods: readonly Pod[], requirements: readonly Requirement[]): Pod[] {
  const [left, chosen]: [Pod[], Pod[]] = [[...pods], []];
  for (let missing = [...requirements]; missing.length > 0; ) {
    if (left.length === 0) throw new Error(noSet(missing));
    let best = 0;
    for (let i = 1; i < left.length; i++) {
      const [a, b] = [distance(missing, left[i]!), distance(missing, left[best]!)];
      if (a < b || (a === b && asksLess(left[i]!, left[best]!))) best = i;
    }
    const [pod] = left.splice(best, 1) as [Pod];
    missing = without(missing, [pod]);
    chosen.push(pod);
  }
  return chosen;
}

const noSet = (missing: readonly Requirement[]) => `no set of running pods found to reclaim resources: [${missing.map(({ resource, quantity }) => `(res: ${resource}, q: ${quantity}), `).join('')}]`;

/** The pods that end for a critical one, those with the fewest guarantees if they are enough. Throws when all of them are not. */
export function victimsOf(pod: Pod, pods: readonly Pod[], requirements: readonly Requirement[]): Pod[] {
  const ofClass = (name: string) => pods.filter((other) => mayPreempt(pod, other) && podQOSClass(other.spec) === name);
  const [bestEffort, burstable, guaranteed] = [ofClass('BestEffort'), ofClass('Burstable'), ofClass('Guaranteed')];
  const missing = without(requirements, [...bestEffort, ...burstable, ...guaranteed]);
  if (missing.length > 0) throw new Error(noSet(missing));
  const last = nearest(guaranteed, without(requirements, [...bestEffort, ...burstable]));
  const next = nearest(burstable, without(requirements, [...bestEffort, ...last]));
  const first = nearest(bestEffort, without(requirements, [...next, ...last]));
  return [...first, ...next, ...last];
}
