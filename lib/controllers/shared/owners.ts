// Who owns whom. An object has any number of owners, but at most one controller.
import type { KubeObject, OwnerReference } from '../../api/index.ts';
import { isInvalid, isNotFound } from '../../api/index.ts';
import { type Client, keyOf } from '../../client/index.ts';

/** The owner that manages this object, if it has one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  const owners = object.metadata.ownerReferences;
  if (owners === undefined) return undefined;
  for (let i = 0; i < owners.length; i++) if (owners[i]!.controller) return owners[i];
  return undefined;
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

/** The reference that makes `owner` the controller of what carries it. */
export function controllerReference({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}

/**
 * Takes orphans into possession. The owner is read afresh first: an owner that was deleted meanwhile must not adopt
 * what the garbage collector has just set free. Returns those that now belong to it.
 */
export function adopt<T extends KubeObject>(client: Client, owner: KubeObject, orphans: Iterable<T>): T[] {
  const adopted: T[] = [];
  for (const orphan of orphans) {
    if (adopted.length === 0) assertAlive(client, owner);
    try {
      const metadata = { uid: orphan.metadata.uid, ownerReferences: [controllerReference(owner)] };
      adopted.push(client.patch(orphan.kind, keyOf(orphan), { metadata }, { type: 'strategic' }) as unknown as T);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return adopted;
}

/** Lets go of objects that the owner's selector no longer finds. */
export function release(client: Client, owner: KubeObject, objects: Iterable<KubeObject>): void {
  for (const object of objects) {
    try {
      const metadata = { uid: object.metadata.uid, ownerReferences: [{ $patch: 'delete', uid: owner.metadata.uid }] };
      client.patch(object.kind, keyOf(object), { metadata }, { type: 'strategic' });
    } catch (error) {
      // Gone, or another object of the same name: nothing is left to let go of.
      if (!isNotFound(error) && !isInvalid(error)) throw error;
    }
  }
}

function assertAlive(client: Client, owner: KubeObject): void {
  const { namespace, name, uid } = owner.metadata;
  const fresh = client.get(owner.kind, keyOf(owner)) as KubeObject;
  if (fresh.metadata.uid !== uid) throw new Error(`original ${owner.kind} ${namespace}/${name} is gone: got uid ${fresh.metadata.uid}, wanted ${uid}`);
  if (fresh.metadata.deletionTimestamp) throw new Error(`${namespace}/${name} has just been deleted at ${fresh.metadata.deletionTimestamp}`);
}
