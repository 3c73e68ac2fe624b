// One step of a stateful set towards what it should be: create in order, scale down in reverse, update from the top.
import type { Pod, StatefulSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { OwnWrites } from '../shared/own-writes.ts';
import { ownClaims, retains } from './claims.ts';
import { fill } from './fill.ts';
import type { Member } from './members.ts';
import { podWrites } from './pod-writes.ts';
import { countRevision, type Counts, isAvailable, isHealthy, type Replicas, sortReplicas } from './replicas.ts';
import type { Revisions } from './revisions.ts';
import type { Step } from './step.ts';

export interface Outcome {
  counts: Counts;
  /** What stopped it, if anything failed. */
  error?: unknown;
}

export function updateSet(client: Client, writes: OwnWrites, set: StatefulSet, { members, revisions }: { members: readonly Member[]; revisions: Revisions }): Outcome {
  const names = { current: revisions.current.metadata.name, update: revisions.update.metadata.name };
  const replicas = sortReplicas(set, members, { ...names, now: client.clock.now });
  const { counts } = replicas;
  if (set.metadata.deletionTimestamp) return { counts };
  const ordered = set.spec.podManagementPolicy !== 'Parallel';
  const step = { client, set, replicas, revisions, names, pods: podWrites(client, writes, set), ordered };
  try {
    if (!retains(set)) for (const claims of claimOwners(replicas)) ownClaims(client, set, claims);
    const waits = fill(step) || scaleDown(step);
    if (!waits && set.spec.updateStrategy.type !== 'OnDelete') updateTopDown(step);
    return { counts };
  } catch (error) {
    return { counts, error };
  }
}

/** Takes away what is too much, the highest ordinal first. True when the update has to wait. */
function scaleDown({ replicas: { condemned, counts }, names, pods, ordered }: Step): boolean {
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
function updateTopDown({ client, set, replicas: { places, counts }, names, pods }: Step): void {
  const least = set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
  for (let place = places.length - 1; place >= least; place--) {
    const member = places[place];
    if (member && member.revision !== names.update && !member.terminating) {
      pods.remove(member);
      counts.current--;
      return;
    }
    if (!isHealthy(member) || !isAvailable(member, set, client.clock.now)) return;
  }
}

function claimOwners({ places, condemned }: Replicas): { ordinal: number; condemned: Pod | undefined }[] {
  const kept = places.flatMap((member) => (member ? [{ ordinal: member.ordinal, condemned: undefined }] : []));
  return [...kept, ...condemned.map(({ ordinal, pod }) => ({ ordinal, condemned: pod }))];
}
