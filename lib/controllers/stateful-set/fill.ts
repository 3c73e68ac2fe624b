// The places of a stateful set, filled from the first on.
import { keyText } from '../../client/index.ts';
import { createClaims } from './claims.ts';
import { newPod } from './identity.ts';
import { hasIdentity, type Member } from './members.ts';
import { countRevision, isAvailable } from './replicas.ts';
import { atRevision } from './revisions.ts';
import type { Step } from './step.ts';

/** True when the others have to wait. */
export function fill(step: Step): boolean {
  const { client, set, replicas, pods, ordered } = step;
  for (const place of replicas.open) {
    let member = replicas.places[place];
    if (member?.ended && isReplaced(step, member)) {
      if (client.version.has('stateful-set-recreates-later')) {
        if (!member.terminating) pods.remove(member);
        return true;
      }
      recreate(step, member);
      member = undefined;
    }
    if (!member) {
      create(step, replicas.start + place);
      if (ordered) return true;
      continue;
    }
    if (member.pending && client.version.has('stateful-set-missing-claims')) createClaims(client, set, member.ordinal);
    if (ordered && (member.terminating || !isAvailable(member, set, client.clock.now))) return true;
    if (!hasIdentity(member, set)) pods.restore(member);
  }
  return false;
}

function isReplaced({ client }: Step, { pod }: Member): boolean {
  return pod.status.phase === 'Failed' || client.version.has('stateful-set-replaces-succeeded');
}

/** Takes what has ended away; a new pod comes in its place. */
function recreate({ client, set, replicas, names, pods }: Step, member: Member): void {
  const { name } = member.pod.metadata;
  const what = `StatefulSet ${keyText(set.metadata)} is recreating`;
  if (member.pod.status.phase === 'Failed') client.event(set, 'Warning', 'RecreatingFailedPod', `${what} failed Pod ${name}`);
  else client.event(set, 'Normal', 'RecreatingTerminatedPod', `${what} terminated Pod ${name}`);
  pods.remove(member);
  replicas.counts.replicas--;
  if (!member.terminating) countRevision(replicas.counts, member.revision, names, -1);
}

function create(step: Step, ordinal: number): void {
  const { client, set, replicas, revisions, names, pods } = step;
  const revision = keepsOldRevision(step, ordinal) ? revisions.current : revisions.update;
  pods.create(ordinal, newPod(atRevision(set, revision), ordinal, { revision: revision.metadata.name, version: client.version }));
  replicas.counts.replicas++;
  countRevision(replicas.counts, revision.metadata.name, names, 1);
}

/** Below the partition a pod comes back as it was. */
function keepsOldRevision({ set, replicas }: Step, ordinal: number): boolean {
  const { type, rollingUpdate } = set.spec.updateStrategy;
  const place = ordinal - replicas.start;
  if (rollingUpdate) return place < (rollingUpdate.partition ?? 0);
  return type === 'RollingUpdate' && place < (set.status.currentReplicas ?? 0);
}
