// Who depends on whom, kept by events. Objects without owners that own nothing take no room in it.
import { equal, type KubeObject, type OwnerReference } from '../../api/index.ts';
import type { CacheEvent, Client } from '../../client/index.ts';
import { waitsForDependents } from './finalizers.ts';
import { identify, identityOf, type Identity, isKnown } from './identity.ts';

export interface Graph {
  /** Takes a change in. Returns the objects that must be looked at again because of it. */
  apply(event: CacheEvent): Identity[];
  dependentsOf(uid: string): Iterable<Identity>;
  hasDependents(uid: string): boolean;
}

const none: Identity[] = [];

export function createGraph(client: Client): Graph {
  const dependents = new Map<string, Map<string, Identity>>();

  return { apply, dependentsOf: (uid) => dependents.get(uid)?.values() ?? none, hasDependents: (uid) => dependents.has(uid) };

  function apply({ type, object, old }: CacheEvent): Identity[] {
    const owners = object.metadata.ownerReferences;
    if (type === 'DELETED') return removed(object);
    if (old && old.metadata.uid !== object.metadata.uid) return [...removed(old), ...apply({ type: 'ADDED', object })];
    if (owners === old?.metadata.ownerReferences && !object.metadata.deletionTimestamp) return none;
    const affected = equal(owners, old?.metadata.ownerReferences) ? [] : relink(object, owners ?? [], old?.metadata.ownerReferences ?? []);
    // Deletion that waits for dependents, or sets them free, begins: they are looked at while their owner still waits.
    if (waitsForDependents(object) && !(old && waitsForDependents(old))) affected.push(...(dependents.get(object.metadata.uid)?.values() ?? none), identityOf(object));
    return affected;
  }

  function removed(object: KubeObject): Identity[] {
    const { uid, namespace, ownerReferences = [] } = object.metadata;
    const left = [...(dependents.get(uid)?.values() ?? none)];
    for (const owner of ownerReferences) {
      unlink(owner.uid, uid);
      // The last dependent may be what its owner waits for.
      if (owner.blockOwnerDeletion) left.push(identify(client, owner, namespace));
    }
    return left;
  }

  function relink(object: KubeObject, owners: readonly OwnerReference[], former: readonly OwnerReference[]): Identity[] {
    const { uid, namespace } = object.metadata;
    const affected: Identity[] = [];
    for (const owner of former) {
      const kept = owners.find((other) => other.uid === owner.uid);
      if (!kept) unlink(owner.uid, uid);
      if (owner.blockOwnerDeletion && !kept?.blockOwnerDeletion) affected.push(identify(client, owner, namespace));
    }
    for (const owner of owners) {
      link(owner.uid, object);
      if (!isKnown(client, owner, namespace)) affected.push(identityOf(object));
    }
    return affected;
  }

  function link(owner: string, object: KubeObject): void {
    let set = dependents.get(owner);
    if (set === undefined) dependents.set(owner, (set = new Map()));
    if (!set.has(object.metadata.uid)) set.set(object.metadata.uid, identityOf(object));
  }

  function unlink(owner: string, uid: string): void {
    const set = dependents.get(owner);
    if (set?.delete(uid) && set.size === 0) dependents.delete(owner);
  }
}
