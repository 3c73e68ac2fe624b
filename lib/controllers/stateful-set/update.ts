// One step of a stateful set towards what it should be: create in order, scale down in reverse, update from the top.
import type { Pod, StatefulSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import type { OwnWrites } from '../shared/own-writes.ts';
import { createClaims, ownClaims, retains } from './claims.ts';
import { newPod } from './identity.ts';
import { hasIdentity, type Member } from './members.ts';
import { podWrites } from './pod-writes.ts';
import { countRevision, type Counts, isAvailable, isHealthy, type Replicas, sortReplicas } from './replicas.ts';
import { atRevision, type Revisions } from './revisions.ts';

export interface Step {
  counts: Counts;
  /** What stopped it, if anything failed. */
  error?: unknown;
}

export function updateSet(client: Client, writes: OwnWrites, set: StatefulSet, { members, revisions }: { members: readonly Member[]; revisions: Revisions }): Step {
  const names = { current: revisions.current.metadata.name, update: revisions.update.metadata.name };
  const pods = podWrites(client, writes, set);
  const replicas = sortReplicas(set, members, { ...names, now: client.clock.now });
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
    for (const place of replicas.open) {
      let member = replicas.places[place];
      if (member?.ended && isReplaced(member)) {
        if (client.version.has('stateful-set-recreates-later')) {
          if (!member.terminating) pods.remove(member);
          return true;
        }
        recreate(member);
        member = undefined;
      }
      if (!member) {
        create(replicas.start + place);
        if (ordered) return true;
        continue;
      }
      if (member.pending && client.version.has('stateful-set-missing-claims')) createClaims(client, set, member.ordinal);
      if (ordered && (member.terminating || !isAvailable(member, set, client.clock.now))) return true;
      if (!hasIdentity(member, set)) pods.restore(member);
    }
    return false;
  }

  function isReplaced({ pod }: Member): boolean {
    return pod.status.phase === 'Failed' || client.version.has('stateful-set-replaces-succeeded');
  }

  function recreate(member: Member): void {
    const { name } = member.pod.metadata;
    const what = `StatefulSet ${keyText(set.metadata)} is recreating`;
    if (member.pod.status.phase === 'Failed') client.event(set, 'Warning', 'RecreatingFailedPod', `${what} failed Pod ${name}`);
    else client.event(set, 'Normal', 'RecreatingTerminatedPod', `${what} terminated Pod ${name}`);
    pods.remove(member);
    counts.replicas--;
    if (!member.terminating) countRevision(counts, member.revision, names, -1);
  }

  function create(ordinal: number): void {
    const isOld = keepsOldRevision(ordinal);
    const revision = isOld ? revisions.current : revisions.update;
    const manifest = newPod(atRevision(set, revision), ordinal, { revision: revision.metadata.name, version: client.version });
    pods.create(ordinal, manifest);
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

  /** Takes away what is too much, the highest ordinal first. True when the update has to wait. */
  function scaleDown(ordered: boolean): boolean {
    const { condemned } = replicas;
    const firstUnhealthy = ordered ? condemned.find((member) => !isHealthy(member)) : undefined;
    for (const member of condemned.toReversed()) {
      if (member.terminating) {
        if (ordered) return true;
        continue;
      }
      if (ordered && !member.ready && member !== firstUnhealthy) return true;
      pods.remove(member);
      countRevision(counts, member.revision, names, -1);
      if (ordered) return true;
    }
    return false;
  }

  /** One pod at a time, the highest ordinal first, down to the partition; the next waits until this one is healthy. */
  function updateTopDown(): void {
    const least = set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
    for (let place = replicas.places.length - 1; place >= least; place--) {
      const member = replicas.places[place];
      if (member && member.revision !== names.update && !member.terminating) {
        pods.remove(member);
        counts.current--;
        return;
      }
      if (!isHealthy(member) || !isAvailable(member, set, client.clock.now)) return;
    }
  }
}

function claimOwners({ places, condemned }: Replicas): { ordinal: number; condemned: Pod | undefined }[] {
  const kept = places.flatMap((member) => (member ? [{ ordinal: member.ordinal, condemned: undefined }] : []));
  return [...kept, ...condemned.map(({ ordinal, pod }) => ({ ordinal, condemned: pod }))];
}
