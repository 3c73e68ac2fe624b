// What becomes of one object: it stays, it loses owners, it goes, or it lets its dependents go first.
import type { KubeObject } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { deleteExact, getLive, ignoreNotFound } from '../shared/not-found.ts';
import { foregroundFinalizer, isDeleting, orphanFinalizer, policyOf } from './finalizers.ts';
import type { Graph } from './graph.ts';
import { identityOf, seen } from './identity.ts';
import { InvalidOwner, type Owners } from './owner-state.ts';
import { blocks, forgetOwners, stopBlocking } from './references.ts';

export interface Collection {
  client: Client;
  graph: Graph;
  owners: Owners;
}

export function collect(collection: Collection, object: KubeObject): void {
  if (isDeleting(object, orphanFinalizer)) return orphanDependents(collection, object);
  if (isDeleting(object, foregroundFinalizer)) return deleteDependentsFirst(collection, object);
  // What is going already goes by itself.
  if (object.metadata.deletionTimestamp) return;
  deleteIfUnowned(collection, object);
}

/** One owner that stands firm is enough to stay. */
function deleteIfUnowned(collection: Collection, object: KubeObject): void {
  const { client, graph, owners } = collection;
  const references = object.metadata.ownerReferences ?? [];
  if (references.length === 0) return;
  try {
    const states = references.map((reference) => owners.stateOf(reference, object));
    if (states.includes('solid')) {
      const lost = references.filter((_, i) => states[i] !== 'solid').map(({ uid }) => uid);
      if (lost.length > 0) forgetOwners(client, identityOf(object), lost);
      return;
    }
    if (states.includes('waiting') && graph.hasDependents(object.metadata.uid)) return deleteInForeground(collection, object);
    deleteExact(client, object, { propagationPolicy: policyOf(object) });
  } catch (error) {
    if (!(error instanceof InvalidOwner)) throw error;
  }
}

/** Its owner waits for it, and it waits for its own dependents. */
function deleteInForeground(collection: Collection, object: KubeObject): void {
  // Two that wait for each other would wait for ever: this one stops blocking.
  if (dependentsSeen(collection, object).some((dependent) => isDeleting(dependent, foregroundFinalizer))) stopBlocking(collection.client, object);
  deleteExact(collection.client, object, { propagationPolicy: 'Foreground' });
}

/** The owner stays until each dependent that blocks it is gone. */
function deleteDependentsFirst(collection: Collection, owner: KubeObject): void {
  const blocking = dependentsSeen(collection, owner).filter((dependent) => blocks(dependent, owner.metadata.uid));
  if (blocking.length === 0) return removeFinalizer(collection.client, owner, foregroundFinalizer);
  const errors: unknown[] = [];
  for (const dependent of blocking) {
    if (isDeleting(dependent, foregroundFinalizer)) continue;
    try {
      const live = getLive(collection.client, dependent.kind, dependent.metadata);
      if (live?.metadata.uid === dependent.metadata.uid) collect(collection, live);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

function orphanDependents({ client, graph }: Collection, owner: KubeObject): void {
  for (const dependent of graph.dependentsOf(owner.metadata.uid)) {
    ignoreNotFound(() => forgetOwners(client, dependent, [owner.metadata.uid]));
  }
  removeFinalizer(client, owner, orphanFinalizer);
}

function removeFinalizer(client: Client, { kind, metadata }: KubeObject, finalizer: string): void {
  const finalizers = metadata.finalizers!.filter((other) => other !== finalizer);
  const patch = { metadata: { resourceVersion: metadata.resourceVersion, finalizers: finalizers.length > 0 ? finalizers : null } };
  client.patch(kind, metadata, patch, { type: 'merge' });
}

function dependentsSeen({ client, graph }: Collection, owner: KubeObject): KubeObject[] {
  return [...graph.dependentsOf(owner.metadata.uid)].map((dependent) => seen(client, dependent)).filter((dependent) => dependent !== undefined);
}
