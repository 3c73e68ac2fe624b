// Does an owner still exist? Asked of the API server, since deleting on the word of a stale cache cannot be undone.
import { findResource, type KubeObject, type OwnerReference, type Resource, type Version } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { getLive } from '../shared/not-found.ts';
import { foregroundFinalizer, isDeleting } from './finalizers.ts';

export type OwnerState = 'solid' | 'dangling' | 'waiting';

/** Thrown where a cluster-scoped object names a namespaced owner: that can never be true, nor be decided. */
export class InvalidOwner extends Error {}

const remembered = 500;

export interface Owners {
  stateOf(reference: OwnerReference, dependent: KubeObject): OwnerState;
}

export function createOwners(client: Client): Owners {
  /** Owners found absent, by namespace and uid: a uid never comes back. */
  const absent = new Set<string>();

  return {
    stateOf(reference, dependent) {
      const resource = findOwnerResource(reference, client.version);
      // Nobody serves such a kind: then nothing may be decided.
      if (!resource) throw new Error(`unable to get REST mapping for ${reference.apiVersion}/${reference.kind}.`);
      const namespace = resource.namespaced ? dependent.metadata.namespace : undefined;
      const known = `${namespace ?? ''}/${reference.uid}`;
      if (absent.has(known)) return 'dangling';
      if (resource.namespaced && !namespace) throw new InvalidOwner(`cluster-scoped objects cannot refer to namespaced owners`);
      const owner = getLive(client, resource.kind, { namespace, name: reference.name });
      if (owner?.metadata.uid === reference.uid) return isDeleting(owner, foregroundFinalizer) ? 'waiting' : 'solid';
      if (absent.size >= remembered) absent.clear();
      absent.add(known);
      reportForeign(client, reference, dependent, resource);
      return 'dangling';
    },
  };
}

/** The row of a reference's kind, undefined when nobody serves it. */
export function findOwnerResource({ apiVersion, kind }: OwnerReference, version: Version): Resource | undefined {
  let known = rows.get(version);
  if (!known) rows.set(version, (known = new Map()));
  const key = `${apiVersion} ${kind}`;
  if (known.get(key) === undefined) {
    const [group, name] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion];
    known.set(key, findResource(`${kind}.${name}.${group}`, version) ?? (group === '' ? coreKind(kind, version) : undefined));
  }
  return known.get(key);
}

/** What nobody serves may be defined later. */
const rows = new WeakMap<Version, Map<string, Resource | undefined>>();

function coreKind(kind: string, version: Version): Resource | undefined {
  const resource = findResource(kind, version);
  return resource?.group === '' ? resource : undefined;
}

/** An owner in another namespace does not count; whoever wrote such a reference is told. */
function reportForeign(client: Client, { apiVersion, kind, name, uid }: OwnerReference, dependent: KubeObject, resource: Resource): void {
  if (!resource.namespaced) return;
  for (const owner of client.cache(kind)) {
    if (owner.metadata.uid !== uid) continue;
    const { namespace } = dependent.metadata;
    const message = `ownerRef [${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}] does not exist in namespace ${JSON.stringify(namespace)}`;
    client.event(dependent, 'Warning', 'OwnerRefInvalidNamespace', message);
  }
}
