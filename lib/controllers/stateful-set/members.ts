// The pods of each stateful set in order of their ordinals, kept by events: a set of a thousand pods changes one at a time,
// and a reconcile must not look closely at the others.
import { isPodReady, type Pod, type StatefulSet } from '../../api/index.ts';
import type { CacheEvent, Client } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import { adopt, controllerOf, release } from '../shared/owners.ts';
import { labelSelector } from '../shared/selectors.ts';
import { identityMatches, isMemberOf, parentAndOrdinal, revisionOf } from './identity.ts';

/** What a set wants to know of a pod. */
export interface Member {
  pod: Pod;
  readonly ordinal: number;
  revision: string;
  terminating: boolean;
  pending: boolean;
  /** Running and ready. */
  ready: boolean;
  /** Failed or succeeded. */
  ended: boolean;
  identity: boolean | undefined;
}

/** The pods that a set owns. */
interface Owned {
  byName: Map<string, Member>;
  inOrder: Member[];
  /** Those that are not known to fit the selector (their labels have changed) or are known not to. */
  doubtful: Set<Member>;
  selector?: StatefulSet['spec']['selector'];
}

const orphans = 'orphans by the stateful set they are named after';
const none: readonly string[] = [];

export function setMembers(client: Client) {
  const cache = client.cache('Pod');
  const owners = new Map<string, Owned>();
  cache.index(orphans, (pod) => (controllerOf(pod) ? none : orphanNames(pod)));
  cache.on(observe);
  for (const object of cache) observe({ type: 'ADDED', object });

  function observe({ type, object: pod, old }: CacheEvent<Pod>): void {
    const owner = controllerOf(pod);
    const uid = owner?.kind === 'StatefulSet' ? owner.uid : undefined;
    const former = old && old.metadata.ownerReferences !== pod.metadata.ownerReferences ? controllerOf(old) : undefined;
    if (former?.kind === 'StatefulSet' && former.uid !== uid) forget(former.uid, pod);
    if (uid === undefined) return;
    if (type === 'DELETED') forget(uid, pod);
    else remember(uid, pod, old);
  }

  function remember(uid: string, pod: Pod, old: Pod | undefined): void {
    let owned = owners.get(uid);
    if (!owned) owners.set(uid, (owned = { byName: new Map(), inOrder: [], doubtful: new Set() }));
    const known = owned.byName.get(pod.metadata.name);
    if (known && known.pod.metadata.uid === pod.metadata.uid) {
      if (update(known, pod, old)) owned.doubtful.add(known);
      return;
    }
    if (known) remove(owned, known);
    const member = newMember(pod);
    owned.byName.set(pod.metadata.name, member);
    owned.inOrder.splice(placeOf(owned.inOrder, member.ordinal), 0, member);
    owned.doubtful.add(member);
  }

  function forget(uid: string, pod: Pod): void {
    const owned = owners.get(uid);
    const member = owned?.byName.get(pod.metadata.name);
    if (!owned || member?.pod.metadata.uid !== pod.metadata.uid) return;
    remove(owned, member);
    if (owned.byName.size === 0) owners.delete(uid);
  }

  /** Owned pods that are selected and named after the set, in order; such pods that nobody owns become its own. */
  return function membersOf(set: StatefulSet): readonly Member[] {
    const { metadata, spec } = set;
    const selector = labelSelector(spec.selector);
    const owned = owners.get(metadata.uid);
    const lost = owned ? misfits(owned, set) : [];
    const kept = lost.length > 0 ? owned!.inOrder.filter((member) => !owned!.doubtful.has(member)) : (owned?.inOrder ?? []);
    if (metadata.deletionTimestamp) return kept;
    release(client, set, lost.filter((pod) => !pod.metadata.deletionTimestamp));
    const found = [...cache.by(orphans, keyText(metadata))].filter((pod) => !pod.metadata.deletionTimestamp && selector.matches(pod.metadata.labels));
    return found.length > 0 ? [...kept, ...adopt(client, set, found).map(newMember)] : kept;
  };
}

/** Where a member with this ordinal goes: behind those with the same. */
function placeOf(members: readonly Member[], ordinal: number): number {
  let [low, high] = [0, members.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (members[middle]!.ordinal <= ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}

function remove({ byName, inOrder, doubtful }: Owned, member: Member): void {
  byName.delete(member.pod.metadata.name);
  inOrder.splice(inOrder.indexOf(member), 1);
  doubtful.delete(member);
}

/** Owned pods that do not fit the set, in order; only what has changed is looked at. */
function misfits(owned: Owned, set: StatefulSet): Pod[] {
  const { selector } = set.spec;
  const { doubtful } = owned;
  if (owned.selector !== selector) for (const member of owned.inOrder) doubtful.add(member);
  owned.selector = selector;
  for (const member of doubtful) {
    const { labels, name } = member.pod.metadata;
    if (labelSelector(selector).matches(labels) && isMemberOf(set, name)) doubtful.delete(member);
  }
  return doubtful.size > 0 ? owned.inOrder.flatMap((member) => (doubtful.has(member) ? [member.pod] : [])) : [];
}

function newMember(pod: Pod): Member {
  const member: Member = { pod, ordinal: parentAndOrdinal(pod.metadata.name).ordinal, revision: '', terminating: false, pending: false, ready: false, ended: false, identity: undefined };
  update(member, pod, undefined);
  return member;
}

/** True when it may no longer fit its set. */
function update(member: Member, pod: Pod, old: Pod | undefined): boolean {
  const { phase } = pod.status;
  member.pod = pod;
  member.terminating = pod.metadata.deletionTimestamp !== undefined;
  member.pending = phase === 'Pending';
  member.ready = phase === 'Running' && isPodReady(pod);
  member.ended = phase === 'Failed' || phase === 'Succeeded';
  if (old && old.metadata.labels === pod.metadata.labels && old.spec === pod.spec) return false;
  member.revision = revisionOf(pod);
  member.identity = undefined;
  return true;
}

export const hasIdentity = (member: Member, set: StatefulSet): boolean => (member.identity ??= identityMatches(set, member.pod));

function orphanNames({ metadata: { namespace, name } }: Pod): readonly string[] {
  const { ordinal, parent } = parentAndOrdinal(name);
  return ordinal < 0 ? none : [`${namespace}/${parent}`];
}
