// The pods of each stateful set in order of their ordinals, kept by events: a set of a thousand pods changes one at a time,
// and a reconcile must not look closely at the others.
import { isPodReady, type Pod, type StatefulSet } from '../../api/index.ts';
import type { CacheEvent, Client } from '../../client/index.ts';
import { adopt, controllerOf, keyText, release } from '../shared/owners.ts';
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
  /** For which set's selector and name it was last found to fit; undefined when its labels may have changed. */
  fits: StatefulSet['spec']['selector'] | undefined;
  identity: boolean | undefined;
}

const orphans = 'orphans by the stateful set they are named after';
const none: readonly string[] = [];

export function setMembers(client: Client) {
  const cache = client.cache('Pod');
  const owners = new Map<string, Map<string, Member>>();
  const ordered = new Map<string, Member[]>();
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
    let members = owners.get(uid);
    if (!members) owners.set(uid, (members = new Map()));
    const known = members.get(pod.metadata.name);
    if (known && known.pod.metadata.uid === pod.metadata.uid) return update(known, pod, old);
    members.set(pod.metadata.name, newMember(pod));
    ordered.delete(uid);
  }

  function forget(uid: string, pod: Pod): void {
    const members = owners.get(uid);
    if (members?.get(pod.metadata.name)?.pod.metadata.uid !== pod.metadata.uid) return;
    members.delete(pod.metadata.name);
    if (members.size === 0) owners.delete(uid);
    ordered.delete(uid);
  }

  function inOrder(uid: string): Member[] {
    let list = ordered.get(uid);
    if (!list) ordered.set(uid, (list = [...(owners.get(uid)?.values() ?? [])].sort((a, b) => a.ordinal - b.ordinal)));
    return list;
  }

  /** Owned pods that are selected and named after the set, in order; such pods that nobody owns become its own. */
  return function membersOf(set: StatefulSet): Member[] {
    const { metadata, spec } = set;
    const selector = labelSelector(spec.selector);
    const all = inOrder(metadata.uid);
    const lost: Pod[] = [];
    for (const member of all) if (member.fits !== spec.selector && !fit(member, set)) lost.push(member.pod);
    const kept = lost.length > 0 ? all.filter(({ fits }) => fits === spec.selector) : all;
    if (metadata.deletionTimestamp) return kept;
    release(client, set, lost.filter((pod) => !pod.metadata.deletionTimestamp));
    const found = [...cache.by(orphans, keyText(metadata))].filter((pod) => !pod.metadata.deletionTimestamp && selector.matches(pod.metadata.labels));
    return found.length > 0 ? [...kept, ...adopt(client, set, found).map(newMember)] : kept;
  };
}

function newMember(pod: Pod): Member {
  const member: Member = { pod, ordinal: parentAndOrdinal(pod.metadata.name).ordinal, revision: '', terminating: false, pending: false, ready: false, ended: false, fits: undefined, identity: undefined };
  update(member, pod, undefined);
  return member;
}

function update(member: Member, pod: Pod, old: Pod | undefined): void {
  const { phase } = pod.status;
  member.pod = pod;
  member.terminating = pod.metadata.deletionTimestamp !== undefined;
  member.pending = phase === 'Pending';
  member.ready = phase === 'Running' && isPodReady(pod);
  member.ended = phase === 'Failed' || phase === 'Succeeded';
  if (old && old.metadata.labels === pod.metadata.labels && old.spec === pod.spec) return;
  member.revision = revisionOf(pod);
  member.fits = member.identity = undefined;
}

function fit(member: Member, set: StatefulSet): boolean {
  const fits = labelSelector(set.spec.selector).matches(member.pod.metadata.labels) && isMemberOf(set, member.pod.metadata.name);
  if (fits) member.fits = set.spec.selector;
  return fits;
}

export const hasIdentity = (member: Member, set: StatefulSet): boolean => (member.identity ??= identityMatches(set, member.pod));

function orphanNames({ metadata: { namespace, name } }: Pod): readonly string[] {
  const { ordinal, parent } = parentAndOrdinal(name);
  return ordinal < 0 ? none : [`${namespace}/${parent}`];
}
