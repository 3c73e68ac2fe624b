// Writes slices, and remembers what it wrote until the cache shows it.
import { type EndpointSlice, isNotFound, type KubeObject, type Manifest } from '../../api/index.ts';
import type { CacheEvent, Client, Key } from '../../client/index.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';
import { controllerReference, keyText } from '../shared/owners.ts';
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
  apply(owner: KubeObject, addressType: 'IPv4' | 'IPv6', labels: Record<string, string>, changes: Changes): void;
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
    apply(owner, addressType, labels, { create, update, remove }) {
      const key = keyText(owner.metadata);
      const all = { ...labels, [serviceNameLabel]: owner.metadata.name, [managedByLabel]: managedBy };
      const unused = [...remove];
      for (const { ports, endpoints } of owner.metadata.deletionTimestamp ? [] : create) {
        const old = unused.pop();
        if (old) write(key, { ...old, metadata: { ...old.metadata, labels: all }, ports, endpoints });
        else if (!make(key, { ...sliceFor(owner, all), addressType, ports, endpoints })) return;
      }
      for (const slice of update) write(key, { ...slice, metadata: { ...slice.metadata, labels: all } });
      for (const slice of unused) drop(key, slice);
    },
  };

  function serviceOf({ metadata: { labels = {}, namespace } }: EndpointSlice): Key | undefined {
    return labels[managedByLabel] === managedBy && labels[serviceNameLabel] ? { namespace, name: labels[serviceNameLabel] } : undefined;
  }

  function make(key: string, manifest: Manifest): boolean {
    try {
      writes.wrote(key, client.create<EndpointSlice>(manifest));
      return true;
    } catch (error) {
      if (isNamespaceTerminating(error)) return false;
      throw error;
    }
  }

  function write(key: string, slice: EndpointSlice): void {
    writes.wrote(key, client.update<EndpointSlice>(slice));
  }

  function drop(key: string, slice: EndpointSlice): void {
    try {
      client.delete(slice);
      writes.removed(key, slice);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

function sliceFor(owner: KubeObject, labels: Record<string, string>): Manifest {
  const { name, namespace } = owner.metadata;
  return { kind: 'EndpointSlice', metadata: { generateName: `${name}-`, namespace, labels, ownerReferences: [controllerReference(owner)] } };
}
