// The pods of a stateful set, sorted into those that have a place and those that are too many.
import { podAvailable, type StatefulSet } from '../../api/index.ts';
import type { Member } from './members.ts';

export interface Replicas {
  /** The first ordinal, and one place for each wanted pod; a place may be empty. */
  start: number;
  places: readonly (Member | undefined)[];
  /** Places that want a look: all but those of members that are ready, stay, and have their identity. */
  open: number[];
  /** Pods beyond the places, by ordinal. */
  condemned: Member[];
  counts: Counts;
}

export interface Counts {
  replicas: number;
  ready: number;
  available: number;
  current: number;
  updated: number;
}

export const isHealthy = (member: Member | undefined): member is Member => member !== undefined && member.ready && !member.terminating;

export function isAvailable({ ready, pod }: Member, { spec }: StatefulSet, now: number): boolean {
  return ready && (!spec.minReadySeconds || podAvailable(pod, spec.minReadySeconds, now));
}

/** `members` come in order of their ordinals. */
export function sortReplicas(set: StatefulSet, members: readonly Member[], { current, update, now }: { current: string; update: string; now: number }): Replicas {
  const start = set.spec.ordinals?.start ?? 0;
  const counts: Counts = { replicas: members.length, ready: 0, available: 0, current: 0, updated: 0 };
  const open: number[] = [];
  let complete = members.length === set.spec.replicas;
  for (let i = 0; i < members.length; i++) {
    const member = members[i]!;
    if (member.ready) counts.ready++;
    if (isAvailable(member, set, now)) counts.available++;
    if (!member.terminating) countRevision(counts, member.revision, { current, update }, 1);
    if (member.ordinal !== start + i) complete = false;
    if (!isSettled(member, set)) open.push(i);
  }
  return { start, counts, ...(complete ? { places: members, open, condemned: [] } : inPlaces(set, members, start)) };
}

const isSettled = (member: Member | undefined, { spec }: StatefulSet) => isHealthy(member) && member.identity === true && !spec.minReadySeconds;

function inPlaces(set: StatefulSet, members: readonly Member[], start: number): Pick<Replicas, 'places' | 'open' | 'condemned'> {
  const places = new Array<Member | undefined>(set.spec.replicas).fill(undefined);
  const condemned: Member[] = [];
  for (const member of members) {
    const place = member.ordinal - start;
    if (place >= 0 && place < places.length) places[place] = member;
    else condemned.push(member);
  }
  const open: number[] = [];
  for (let place = 0; place < places.length; place++) if (!isSettled(places[place], set)) open.push(place);
  return { places, open, condemned };
}

export function countRevision(counts: Counts, revision: string, { current, update }: { current: string; update: string }, change: 1 | -1): void {
  if (revision === current) counts.current += change;
  if (revision === update) counts.updated += change;
}
