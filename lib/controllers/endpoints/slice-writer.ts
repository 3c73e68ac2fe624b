// Writes slices, and remembers what it wrote until the cache shows it.
import { type EndpointSlice, type KubeObject, type Manifest, StatusError } from '../../api/index.ts';
import type { CacheEvent, Client, Key } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';
import { controllerReference } from '../shared/owners.ts';
import { createOwnWrites } from '../shared/own-writes.ts';
import type { Changes } from './slices.ts';

const serviceNameLabel = 'kubernetes.io/service-name';
const managedByLabel = 'endpointslice.kubernetes.io/managed-by';

export interface SliceWriter {
  /** Takes a change of a slice in; gives the service it is of. */
  observe(event: CacheEvent<EndpointSlice>): Key[];
  pending(service: Key): boolean;
  /** The slices that this controller keeps for a service. */
  slicesOf(service: Key): EndpointSlice[];
  apply(owner: KubeObject, common: Common, changes: Changes): void;
}

/** What the slices that are written have in common. */
export interface Common {
  addressType: 'IPv4' | 'IPv6';
  labels: Record<string, string>;
  /** Their annotations, from those that they have; by default these. */
  annotate?(annotations?: Record<string, string>): Record<string, string> | undefined;
}

export function createSliceWriter(client: Client, managedBy: string): SliceWriter {
  const slices = client.cache('EndpointSlice');
  const writes = createOwnWrites(client.clock);
  const index = `slices kept by ${managedBy}`;
  slices.index(index, (slice) => (serviceOf(slice) ? [keyText(serviceOf(slice)!)] : []));

  return {
    observe(event) {
      const service = serviceOf(event.object);
      if (!service) return [];
      writes.observe(keyText(service), event);
      return [service];
    },
    pending: (service) => writes.pending(keyText(service)),
    slicesOf: (service) => [...slices.by(index, keyText(service))],
    apply(owner, { addressType, labels, annotate = (annotations) => annotations }, { create, update, remove }) {
      const all = { ...labels, [serviceNameLabel]: owner.metadata.name, [managedByLabel]: managedBy };
      const unused = [...remove];
      for (const { ports, endpoints } of owner.metadata.deletionTimestamp ? [] : create) {
        const old = takeOver(unused, owner);
        const annotations = orNone(annotate());
        if (old) write(owner, { ...old, metadata: { ...old.metadata, labels: all, annotations }, ports, endpoints }, old);
        else if (!make(owner, { ...sliceFor(owner, { labels: all, annotations }), addressType, ports, endpoints })) return;
      }
      for (const slice of update) write(owner, { ...slice, metadata: { ...slice.metadata, labels: all, annotations: orNone(annotate(slice.metadata.annotations)) } }, slice);
      for (const slice of unused) drop(owner, slice);
    },
  };

  function serviceOf({ metadata: { labels = {}, namespace } }: EndpointSlice): Key | undefined {
    return labels[managedByLabel] === managedBy && labels[serviceNameLabel] ? { namespace, name: labels[serviceNameLabel] } : undefined;
  }

  function make(owner: KubeObject, manifest: Manifest): boolean {
    try {
      attempt(owner, 'create', () => writes.wrote(keyText(owner.metadata), client.create<EndpointSlice>(manifest)));
      return true;
    } catch (error) {
      if (isNamespaceTerminating((error as Error).cause)) return false;
      throw error;
    }
  }

  function write(owner: KubeObject, slice: EndpointSlice, before: EndpointSlice): void {
    attempt(owner, `update ${slice.metadata.name}`, () => writes.wrote(keyText(owner.metadata), client.update<EndpointSlice>(slice), before));
  }

  function drop(owner: KubeObject, slice: EndpointSlice): void {
    attempt(owner, `delete ${slice.metadata.name}`, () => client.delete(slice));
    writes.removed(keyText(owner.metadata), slice);
  }
}

/** A write that the API server refused. */
export class SliceWriteError extends Error {}

function attempt({ metadata: { namespace, name } }: KubeObject, what: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new SliceWriteError(`failed to ${what} EndpointSlice for Service ${namespace}/${name}: ${error.message}`, { cause: error });
  }
}

function sliceFor(owner: KubeObject, metadata: { labels: Record<string, string>; annotations: Record<string, string> | undefined }): Manifest {
  const { name, namespace } = owner.metadata;
  return { kind: 'EndpointSlice', metadata: { generateName: `${name}-`, namespace, ...metadata, ownerReferences: [controllerReference(owner)] } };
}

/** One of the owner's slices that would be deleted serves again; those of an earlier owner go. */
function takeOver(unused: EndpointSlice[], { metadata: { uid } }: KubeObject): EndpointSlice | undefined {
  const at = unused.findIndex(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
  return at < 0 ? undefined : unused.splice(at, 1)[0];
}

const orNone = (map: Record<string, string> | undefined) => (map && Object.keys(map).length > 0 ? map : undefined);
