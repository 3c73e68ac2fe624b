// What a replica set reports about its pods.
import { podAvailable } from '../../api/index.ts';
import { timestamp } from '../../sim/index.ts';
import { findCondition, withCondition, withoutCondition } from '../shared/conditions.ts';
import { readySince } from '../shared/pods.ts';
import type { LabelledPods } from './owned-pods.ts';
import type { Replicated } from './replicas.ts';

/** Counts that are zero are left out, as Kubernetes leaves them out. */
export function replicaStatus(owner: Replicated, groups: LabelledPods[], { error, now }: { error?: unknown; now: number }) {
  let [replicas, fullyLabeled, ready] = [0, 0, 0];
  for (const { labels, pods } of groups) {
    replicas += pods.size;
    ready += pods.count('ready');
    if (carries(labels, owner.spec.template.metadata?.labels)) fullyLabeled += pods.size;
  }
  const available = availablePods(owner, groups, ready, now);
  const conditions = failureConditions(owner, replicas, { error, now });
  return {
    replicas,
    fullyLabeledReplicas: fullyLabeled || undefined,
    readyReplicas: ready || undefined,
    availableReplicas: available || undefined,
    observedGeneration: owner.metadata.generation,
    conditions: conditions?.length ? conditions : undefined,
  };
}

/** Milliseconds until the next ready pod has been ready for minReadySeconds. */
export function availableAfter(owner: Replicated, groups: LabelledPods[], now: number): number | undefined {
  const minReady = (owner.spec.minReadySeconds ?? 0) * 1000;
  if (minReady === 0) return undefined;
  let next = Infinity;
  for (const { pods } of groups) {
    if (pods.count('ready') === 0) continue;
    for (const pod of pods) {
      const at = (readySince(pod) ?? Infinity) + minReady;
      if (at > now && at < next) next = at;
    }
  }
  return next === Infinity ? undefined : next - now;
}

/** Without minReadySeconds a ready pod is available; with it, the ready pods are looked at one by one. */
function availablePods(owner: Replicated, groups: LabelledPods[], ready: number, now: number): number {
  const minReadySeconds = owner.spec.minReadySeconds ?? 0;
  if (minReadySeconds === 0 || ready === 0) return ready;
  let available = 0;
  for (const { pods } of groups) for (const pod of pods) if (podAvailable(pod, minReadySeconds, now)) available++;
  return available;
}

function carries(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>> | undefined): boolean {
  for (const label in wanted) if (labels[label] !== wanted[label]) return false;
  return true;
}

function failureConditions(owner: Replicated, replicas: number, { error, now }: { error?: unknown; now: number }) {
  const present = owner.status.conditions;
  const failure = findCondition(present, 'ReplicaFailure');
  if (!error) return failure ? withoutCondition(present, 'ReplicaFailure') : present;
  if (failure) return present;
  return withCondition(present, {
    type: 'ReplicaFailure',
    status: 'True',
    lastTransitionTime: timestamp(now),
    reason: replicas < owner.spec.replicas ? 'FailedCreate' : 'FailedDelete',
    message: (error as Error).message,
  });
}
