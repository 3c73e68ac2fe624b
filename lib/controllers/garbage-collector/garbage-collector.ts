// Deletes what nobody owns any more, and lets owners go once their dependents are gone or set free.
import { customKinds, findResource, type Version, isConflict, isNotFound, type KubeObject, type OwnerReference, type Resource, resources, servedVersions } from '../../api/index.ts';
import type { Client, Controller, DeleteOptions, Key, Watch } from '../../client/index.ts';
import { createGraph, foregroundFinalizer, type Identity, isDeleting, orphanFinalizer } from './graph.ts';
import { createOwners, findOwnerResource, InvalidOwner } from './owner-state.ts';

/** Owner references and what follows from them (pkg/controller/garbagecollector). */
export function garbageCollector(client: Client): Controller {
  const owners = createOwners(client);
  const graph = createGraph({ isKnown, identify });
  const followed = new Set<string>();
  let followCustomKinds: (watch: Watch) => void = () => {};

  return {
    name: 'garbagecollector',
    watches: collectedKinds(client.version).map(watchOf),
    start(follow) {
      followCustomKinds = follow;
    },
    reconcile(request) {
      const [kind, name] = splitName(request.name);
      const object = latest(kind, { namespace: request.namespace, name });
      if (object) collect(object);
    },
  };

  function watchOf(kind: string): Watch {
    return { kind, requests: (event) => (event.object.kind === 'CustomResourceDefinition' && followInstances(), graph.apply(event).map(toKey)) };
  }

  /** Instances of custom kinds are watched once their definition is established. Differs from Kubernetes: not of a kind that has the name of a built-in one. */
  function followInstances(): void {
    for (const { kind, group, plural } of customKinds(client.version).rows) {
      if (followed.has(`${plural}.${group}`) || findResource(kind, client.version)?.group !== group) continue;
      followed.add(`${plural}.${group}`);
      followCustomKinds(watchOf(kind));
    }
  }

  function collect(object: KubeObject): void {
    if (isDeleting(object, orphanFinalizer)) return orphanDependents(object);
    if (isDeleting(object, foregroundFinalizer)) return deleteDependentsFirst(object);
    // What is going already goes by itself.
    if (object.metadata.deletionTimestamp) return;
    deleteIfUnowned(object);
  }

  function deleteIfUnowned(object: KubeObject): void {
    const references = object.metadata.ownerReferences ?? [];
    if (references.length === 0) return;
    try {
      const states = references.map((reference) => owners.stateOf(reference, object));
      if (states.includes('solid')) return forgetOwners(object, references.filter((_, i) => states[i] !== 'solid'));
      const hasDependents = [...graph.dependentsOf(object.metadata.uid)].length > 0;
      if (states.includes('waiting') && hasDependents) return deleteInForeground(object);
      remove(object, policyOf(object));
    } catch (error) {
      if (!(error instanceof InvalidOwner)) throw error;
    }
  }

  /** The owner stays until each dependent that blocks it is gone. */
  function deleteDependentsFirst(owner: KubeObject): void {
    const { uid } = owner.metadata;
    const blocking = [...graph.dependentsOf(uid)].map(seen).filter((dependent) => dependent && blocks(dependent, uid));
    if (blocking.length === 0) return removeFinalizer(owner, foregroundFinalizer);
    const errors: unknown[] = [];
    for (const dependent of blocking) {
      if (isDeleting(dependent!, foregroundFinalizer)) continue;
      try {
        const fresh = latest(dependent!.kind, dependent!.metadata);
        if (fresh?.metadata.uid === dependent!.metadata.uid) collect(fresh);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  function orphanDependents(owner: KubeObject): void {
    for (const dependent of graph.dependentsOf(owner.metadata.uid)) {
      try {
        forgetReferences(dependent, [owner.metadata.uid]);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    removeFinalizer(owner, orphanFinalizer);
  }

  function deleteInForeground(object: KubeObject): void {
    const inCircle = [...graph.dependentsOf(object.metadata.uid)].map(seen).some((dependent) => dependent && isDeleting(dependent, foregroundFinalizer));
    if (inCircle) {
      // Two that wait for each other would wait for ever: this one stops blocking.
      const ownerReferences = object.metadata.ownerReferences!.map((reference) => ({ ...reference, blockOwnerDeletion: false }));
      client.patch(object.kind, object.metadata, { metadata: { uid: object.metadata.uid, ownerReferences } }, { type: 'merge' });
    }
    remove(object, 'Foreground');
  }

  function forgetOwners({ kind, metadata }: KubeObject, references: readonly OwnerReference[]): void {
    if (references.length > 0) forgetReferences({ kind, namespace: metadata.namespace, name: metadata.name, uid: metadata.uid }, references.map(({ uid }) => uid));
  }

  function forgetReferences({ kind, namespace, name, uid }: Identity, owners: readonly string[]): void {
    if (isCustom(kind)) return forgetByMerge({ kind, namespace, name, uid }, owners);
    const ownerReferences = owners.map((owner) => ({ $patch: 'delete', uid: owner }));
    client.patch(kind, { namespace, name }, { metadata: { uid, ownerReferences } }, { type: 'strategic' });
  }

  /** Custom resources know no strategic patch. */
  function forgetByMerge({ kind, namespace, name, uid }: Identity, owners: readonly string[]): void {
    const object = latest(kind, { namespace, name });
    if (object?.metadata.uid !== uid) return;
    const ownerReferences = (object.metadata.ownerReferences ?? []).filter((reference) => !owners.includes(reference.uid!));
    client.patch(kind, { namespace, name }, { metadata: { resourceVersion: object.metadata.resourceVersion, ownerReferences } }, { type: 'merge' });
  }

  function isCustom(kind: string): boolean {
    const row = client.resource(kind);
    return row !== undefined && 'schemaOf' in row;
  }

  function removeFinalizer({ kind, metadata }: KubeObject, finalizer: string): void {
    const finalizers = metadata.finalizers!.filter((other) => other !== finalizer);
    const patch = { metadata: { resourceVersion: metadata.resourceVersion, finalizers: finalizers.length > 0 ? finalizers : null } };
    client.patch(kind, metadata, patch, { type: 'merge' });
  }

  function remove(object: KubeObject, propagationPolicy: DeleteOptions['propagationPolicy']): void {
    try {
      client.delete(object, { propagationPolicy, preconditions: { uid: object.metadata.uid } });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  function latest(kind: string, key: Key): KubeObject | undefined {
    try {
      return client.get(kind, key) as KubeObject;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** The dependent as our own cache shows it. */
  function seen({ kind, namespace, name, uid }: Identity): KubeObject | undefined {
    const object = client.find(kind, { namespace, name }) as KubeObject | undefined;
    return object?.metadata.uid === uid ? object : undefined;
  }

  function isKnown(reference: OwnerReference, namespace: string | undefined): boolean {
    if (!served(reference)) return false;
    const owner = seen(identify(reference, namespace));
    return owner !== undefined && owner.apiVersion === reference.apiVersion;
  }

  /** The owner's place, as the reference tells it from a dependent in `namespace`. */
  function identify(reference: OwnerReference, namespace: string | undefined): Identity {
    const { kind, name, uid } = reference;
    return { kind, namespace: served(reference)?.namespaced === false ? undefined : namespace, name, uid };
  }

  function served(reference: OwnerReference): Resource | undefined {
    return findOwnerResource(reference, client.version);
  }
}

/** Every kind that can be listed, watched and deleted; events belong to nobody and pass by themselves. */
function collectedKinds(version: Version): string[] {
  const verbs = ['delete', 'list', 'watch'];
  const rows = resources.filter((row) => !row.discoveryOnly && row.kind !== 'Event' && verbs.every((verb) => row.verbs.includes(verb)));
  return rows.filter((row) => servedVersions(row, version).length > 0).map(({ kind }) => kind);
}

function blocks({ metadata }: KubeObject, owner: string): boolean {
  return metadata.ownerReferences?.some(({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion) ?? false;
}

/** A finalizer that says how to delete is honoured; otherwise dependents follow in the background. */
function policyOf({ metadata: { finalizers = [] } }: KubeObject): DeleteOptions['propagationPolicy'] {
  if (finalizers.includes(orphanFinalizer)) return 'Orphan';
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
}

// A request names the kind too: `ReplicaSet:web-5d9c`.
const toKey = ({ kind, namespace, name }: Identity): Key => ({ namespace, name: `${kind}:${name}` });

function splitName(text: string): [kind: string, name: string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}
