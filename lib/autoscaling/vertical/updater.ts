// vpa-updater: pods that have far too little or far too much are made anew, or resized where they are (pkg/updater).
import { isPodTerminal, parseQuantity, type Pod, podCondition, StatusError } from '../../api/index.ts';
import { type CacheEvent, type Client, type Controller, forMapped, type Key, keyOf } from '../../client/index.ts';
import { resourcePatches } from './admission.ts';
import { Groups } from './groups.ts';
import { capped } from './policy.ts';
import { controllingVpa, updates } from './target.ts';
import { kind, modeOf, type ResourceName, type VerticalPodAutoscaler } from './types.ts';

const interval = 60_000;
const round: Key = { name: ':round' };
/** From this age on a pod is also updated for a smaller gain, of a tenth at least. */
const oldAge = 12 * 3_600_000;
const leastGain = 0.1;
/** A container that was out of memory so soon after its start gets more at once. */
const quickly = 10 * 60_000;
/** How long a resize may wait, and how long it may take. */
const patience = { Deferred: 5 * 60_000, InProgress: 3_600_000 };

export function vpaUpdater(client: Client): Controller {
  let next = client.clock.now + interval;
  /** Pods whose resize is awaited, since when. */
  const waiting = new Map<string, number>();

  return {
    name: 'vpa-updater',
    watches: [forMapped(kind, ({ type }: CacheEvent) => (type === 'ADDED' ? [round] : []))],
    reconcile() {
      const { now } = client.clock;
      if (now >= next) {
        next = now + interval;
        run();
      }
      return { requeueAfter: next - now };
    },
  };

  function run(): void {
    const vpas = ([...client.cache(kind)] as VerticalPodAutoscaler[]).filter(updates);
    if (vpas.length === 0) return;
    const controlled = new Map<VerticalPodAutoscaler, Pod[]>();
    for (const pod of client.cache('Pod')) {
      const vpa = pod.metadata.deletionTimestamp || isPodTerminal(pod) ? undefined : controllingVpa(client, pod, vpas);
      if (vpa) controlled.set(vpa, [...(controlled.get(vpa) ?? []), pod]);
    }
    for (const [vpa, pods] of controlled) update(vpa, pods);
  }

  function update(vpa: VerticalPodAutoscaler, pods: readonly Pod[]): void {
    const groups = new Groups(client, pods, vpa.spec.updatePolicy?.minReplicas ?? 2);
    const due = pods.map((pod) => ({ pod, ...priorityOf(vpa, pod, client.clock.now) })).filter(({ pod, isDue }) => isDue && isWanted(vpa, pod)).sort((a, b) => Number(b.grows) - Number(a.grows) || b.gain - a.gain);
    for (const { pod } of due) {
      if (modeOf(vpa) === 'InPlaceOrRecreate' && resizeInPlace(vpa, pod, groups)) continue;
      if (groups.mayGo(pod)) evict(vpa, pod, groups);
    }
  }

  function evict(vpa: VerticalPodAutoscaler, pod: Pod, groups: Groups): void {
    try {
      client.evict(pod);
    } catch (error) {
      // A budget forbids it: the next minute is another try.
      if (error instanceof StatusError) return;
      throw error;
    }
    client.event(pod, 'Normal', 'EvictedByVPA', 'Pod was evicted by VPA Updater to apply resource recommendation.');
    client.event(vpa, 'Normal', 'EvictedPod', `VPA Updater evicted Pod ${pod.metadata.name} to apply resource recommendation.`);
    groups.disrupted(pod);
  }

  /** False where it has to be made anew. */
  function resizeInPlace(vpa: VerticalPodAutoscaler, pod: Pod, groups: Groups): boolean {
    if (pod.status.phase === 'Pending') return true;
    const state = resizing(pod);
    if (state) return state !== 'Infeasible' && waits(pod, patience[state]);
    waiting.delete(pod.metadata.uid);
    if (!groups.mayGo(pod)) return true;
    const { patches } = resourcePatches(vpa, pod);
    if (patches.length === 0) return true;
    try {
      client.patch('Pod', keyOf(pod), patches, { type: 'json', subresource: 'resize' });
      client.patch('Pod', keyOf(pod), { metadata: { annotations: { vpaInPlaceUpdated: 'true' } } }, { type: 'merge' });
    } catch (error) {
      if (error instanceof StatusError) return false;
      throw error;
    }
    client.event(pod, 'Normal', 'InPlaceResizedByVPA', 'Pod was resized in place by VPA Updater.');
    groups.disrupted(pod);
    return true;
  }

  function waits({ metadata }: Pod, patient: number): boolean {
    const since = waiting.get(metadata.uid) ?? client.clock.now;
    waiting.set(metadata.uid, since);
    return client.clock.now - since <= patient;
  }
}

function resizing(pod: Pod): 'Infeasible' | 'Deferred' | 'InProgress' | undefined {
  const pending = podCondition(pod, 'PodResizePending');
  if (pending?.status === 'True') return pending.reason === 'Deferred' ? 'Deferred' : 'Infeasible';
  return podCondition(pod, 'PodResizeInProgress')?.status === 'True' ? 'InProgress' : undefined;
}

/** Outside of the bounds, out of memory soon after the start, or old and far enough from the target. */
function priorityOf(vpa: VerticalPodAutoscaler, pod: Pod, now: number): { isDue: boolean; grows: boolean; gain: number } {
  const sums: Record<string, { request: number; target: number }> = {};
  let [outside, grows] = [false, false];
  for (const { name, resources } of pod.spec.containers) {
    const found = vpa.status?.recommendation?.containerRecommendations?.find(({ containerName }) => containerName === name);
    if (!found) continue;
    const { target, lowerBound, upperBound } = capped(vpa, found);
    for (const [resource, amount] of Object.entries(target) as [ResourceName, string][]) {
      const request = resources?.requests?.[resource];
      const sum = (sums[resource] ??= { request: 0, target: 0 });
      sum.request += milli(request);
      sum.target += milli(amount);
      if (milli(amount) > milli(request)) grows = true;
      if (request === undefined || milli(request) < milli(lowerBound[resource]) || milli(request) > milli(upperBound[resource])) outside = true;
    }
  }
  const gain = Object.values(sums).reduce((total, { request, target }) => total + Math.abs(Math.max(request, 1) - target) / Math.max(request, 1), 0);
  const isOld = now >= Date.parse(pod.status.startTime ?? '') + oldAge && gain >= leastGain;
  return { isDue: outside || (soonOutOfMemory(pod) && gain > 0) || isOld, grows, gain };
}

/** What the object's owner requires of a change: of some container all of it has to hold. */
function isWanted(vpa: VerticalPodAutoscaler, pod: Pod): boolean {
  const requirements = vpa.spec.updatePolicy?.evictionRequirements ?? [];
  if (requirements.length === 0) return true;
  return pod.spec.containers.some(({ name, resources }) => {
    const found = vpa.status?.recommendation?.containerRecommendations?.find(({ containerName }) => containerName === name);
    const { requests = {} } = resources ?? {};
    if (!found) return false;
    const { target } = capped(vpa, found);
    const holds = (resource: ResourceName, more: boolean) => (more ? milli(target[resource]) > milli(requests[resource]) : milli(target[resource]) < milli(requests[resource]));
    return Object.keys(requests).length === 0 || requirements.every((one) => one.resources.some((resource) => holds(resource, one.changeRequirement === 'TargetHigherThanRequests')));
  });
}

const milli = (amount: string | undefined) => (amount === undefined ? 0 : parseQuantity(amount).milliValue());

function soonOutOfMemory({ status }: Pod): boolean {
  return (status.containerStatuses ?? []).some(({ lastState }) => {
    const { reason, startedAt = '', finishedAt = '' } = lastState?.terminated ?? {};
    return reason === 'OOMKilled' && Date.parse(finishedAt) - Date.parse(startedAt) < quickly;
  });
}
