// One step of a stateful set towards what it should be: create in order, scale down in reverse, update from the top.
import { isAlreadyExists, type Manifest, type Pod, type StatefulSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { OwnWrites } from '../shared/own-writes.ts';
import { keyText } from '../shared/owners.ts';
import { createClaims, ownClaims, retains } from './claims.ts';
import { identityMatches, newPod, ordinalOf, podName, revisionOf, withIdentity } from './identity.ts';
import { countRevision, type Counts, isAvailable, isHealthy, isRunningAndReady, isTerminating, type Replicas, sortReplicas } from './replicas.ts';
import { atRevision, type Revisions } from './revisions.ts';

export interface Step {
  counts: Counts;
  /** What stopped it, if anything failed. */
  error?: unknown;
}

export function updateSet(client: Client, writes: OwnWrites, set: StatefulSet, { pods, revisions }: { pods: Iterable<Pod>; revisions: Revisions }): Step {
  const names = { current: revisions.current.metadata.name, update: revisions.update.metadata.name };
  const replicas = sortReplicas(set, pods, { ...names, now: client.clock.now });
  const { counts } = replicas;
  if (set.metadata.deletionTimestamp) return { counts };
  try {
    if (!retains(set)) for (const claims of claimOwners(replicas)) ownClaims(client, set, claims);
    run();
    return { counts };
  } catch (error) {
    return { counts, error };
  }

  function run(): void {
    const ordered = set.spec.podManagementPolicy !== 'Parallel';
    if (fill(ordered) || scaleDown(ordered) || set.spec.updateStrategy.type === 'OnDelete') return;
    updateTopDown();
  }

  /** Fills the places from the first on. True when the others have to wait. */
  function fill(ordered: boolean): boolean {
    for (let place = 0; place < replicas.places.length; place++) {
      let pod = replicas.places[place];
      if (pod && hasEnded(pod)) {
        recreate(pod);
        if (client.version.has('stateful-set-recreates-later')) return true;
        counts.replicas--;
        pod = undefined;
      }
      if (!pod) {
        create(replicas.start + place);
        if (ordered) return true;
        continue;
      }
      if (ordered && (isTerminating(pod) || !isAvailable(pod, set, client.clock.now))) return true;
      if (!identityMatches(set, pod)) writes.wrote(keyText(set.metadata), client.update(withIdentity(pod)));
    }
    return false;
  }

  function hasEnded({ status }: Pod): boolean {
    return status.phase === 'Failed' || (status.phase === 'Succeeded' && client.version.has('stateful-set-recreates-later'));
  }

  function recreate(pod: Pod): void {
    const what = `StatefulSet ${keyText(set.metadata)} is recreating`;
    if (pod.status.phase === 'Failed') client.event(set, 'Warning', 'RecreatingFailedPod', `${what} failed Pod ${pod.metadata.name}`);
    else client.event(set, 'Normal', 'RecreatingTerminatedPod', `${what} terminated Pod ${pod.metadata.name}`);
    if (!isTerminating(pod)) remove(pod);
  }

  function create(ordinal: number): void {
    const isOld = keepsOldRevision(ordinal);
    const revision = isOld ? revisions.current : revisions.update;
    const manifest = newPod(atRevision(set, revision), ordinal, { revision: revision.metadata.name, version: client.version });
    createPod(ordinal, manifest);
    counts.replicas++;
    countRevision(counts, revision.metadata.name, names, 1);
  }

  /** Below the partition a pod comes back as it was. */
  function keepsOldRevision(ordinal: number): boolean {
    const { type, rollingUpdate } = set.spec.updateStrategy;
    const place = ordinal - replicas.start;
    if (rollingUpdate) return place < (rollingUpdate.partition ?? 0);
    return type === 'RollingUpdate' && place < (set.status.currentReplicas ?? 0);
  }

  function createPod(ordinal: number, manifest: Manifest): void {
    try {
      createClaims(client, set, ordinal);
      writes.wrote(keyText(set.metadata), client.create<Pod>(manifest));
    } catch (error) {
      if (!isAlreadyExists(error)) podEvent('create', podName(set, ordinal), error);
      throw error;
    }
    podEvent('create', podName(set, ordinal));
  }

  /** Takes away what is too much, the highest ordinal first. True when the update has to wait. */
  function scaleDown(ordered: boolean): boolean {
    const { condemned } = replicas;
    const firstUnhealthy = ordered ? condemned.find((pod) => !isHealthy(pod)) : undefined;
    for (const pod of condemned.toReversed()) {
      if (isTerminating(pod)) {
        if (ordered) return true;
        continue;
      }
      if (ordered && !isRunningAndReady(pod) && pod !== firstUnhealthy) return true;
      remove(pod);
      countRevision(counts, revisionOf(pod), names, -1);
      if (ordered) return true;
    }
    return false;
  }

  /** One pod at a time, the highest ordinal first, down to the partition; the next waits until this one is healthy. */
  function updateTopDown(): void {
    const least = set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
    for (let place = replicas.places.length - 1; place >= least; place--) {
      const pod = replicas.places[place];
      if (pod && revisionOf(pod) !== names.update && !isTerminating(pod)) {
        remove(pod);
        counts.current--;
        return;
      }
      if (!isHealthy(pod) || !isAvailable(pod, set, client.clock.now)) return;
    }
  }

  function remove(pod: Pod): void {
    try {
      client.delete(pod);
    } catch (error) {
      podEvent('delete', pod.metadata.name, error);
      throw error;
    }
    noteRemoval(pod);
    podEvent('delete', pod.metadata.name);
  }

  /** Either the mark or the end of the pod must be seen before the next step. */
  function noteRemoval(pod: Pod): void {
    writes.wrote(keyText(set.metadata), { ...pod, metadata: { ...pod.metadata, resourceVersion: String(Number(pod.metadata.resourceVersion) + 1) } });
  }

  function podEvent(verb: 'create' | 'delete', name: string, error?: unknown): void {
    const reason = verb === 'create' ? 'Create' : 'Delete';
    const message = `${verb} Pod ${name} in StatefulSet ${set.metadata.name}`;
    if (error) client.event(set, 'Warning', `Failed${reason}`, `${message} failed error: ${(error as Error).message}`);
    else client.event(set, 'Normal', `Successful${reason}`, `${message} successful`);
  }
}

function claimOwners({ places, condemned }: Replicas): { ordinal: number; condemned: Pod | undefined }[] {
  const kept = places.flatMap((pod) => (pod ? [{ ordinal: ordinalOf(pod), condemned: undefined }] : []));
  return [...kept, ...condemned.map((pod) => ({ ordinal: ordinalOf(pod), condemned: pod }))];
}
