import { type Endpoints, equal, isPodReady, type Pod, type Service } from '../../api/index.ts';
import type { Client, Controller, Key } from '../../client/index.ts';
import { forMapped, keyOf, keyText } from '../../client/index.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';
import { ignoreNotFound } from '../shared/not-found.ts';
import { createOwnWrites } from '../shared/own-writes.ts';
import { hasSelector, serviceMembers } from './members.ts';
import { findPort, hostnameOf, isHeadless, mayServe } from './ports.ts';
import { type Address, type Entry, packSubsets, type Port, portsText, type Subset } from './subsets.ts';
import { createTriggerTimes, withTriggerTime } from './trigger-times.ts';

const headlessLabel = 'service.kubernetes.io/headless';
const managedByLabel = 'endpoints.kubernetes.io/managed-by';
const overCapacity = 'endpoints.kubernetes.io/over-capacity';
const capacity = 1000;

/** Keeps an Endpoints object for each service with a selector (pkg/controller/endpoint). */
export function endpointsController(client: Client): Controller {
  const members = serviceMembers(client);
  const writes = createOwnWrites(client.clock);
  /** Of pods and services that have not changed. */
  const known = new WeakMap<Service, WeakMap<Pod, Entry | null>>();
  const triggerTimes = createTriggerTimes();

  return {
    name: 'endpoint',
    watches: [
      ...members.watches,
      forMapped('Endpoints', (event) => {
        const key = keyText(event.object.metadata);
        const waited = writes.pending(key);
        writes.observe(key, event);
        // What somebody else writes stays until a pod or the service changes. Our own echo lets go on what waited for it.
        return waited || event.type === 'DELETED' ? [keyOf(event.object)] : [];
      }),
    ],
    reconcile(request) {
      const key = keyText(request);
      const service = client.find('Service', request);
      if (!service) return removeLeftovers(request);
      if (!hasSelector(service) || writes.pending(key)) return;
      const present = client.find('Endpoints', request);
      const triggered = triggerTimes.next(service, members.of(service.metadata));
      const subsets = subsetsOf(service);
      if (present && equal(present.subsets ?? [], subsets) && equal(plainLabels(present.metadata.labels), service.metadata.labels ?? {})) return;
      write(service, present, { subsets, triggered });
    },
  };

  /** Endpoints go with their service, whoever wrote them. */
  function removeLeftovers(request: Key): void {
    triggerTimes.forget(keyText(request));
    writes.forget(keyText(request));
    if (!client.find('Endpoints', request)) return;
    ignoreNotFound(() => client.delete({ kind: 'Endpoints', metadata: request }));
  }

  function subsetsOf(service: Service): Subset[] {
    const entries: Entry[] = [];
    for (const pod of members.of(service.metadata)) {
      const entry = knownEntry(service, pod);
      if (entry) entries.push(entry);
    }
    return packSubsets(client.version.has('endpoints-truncated') ? truncated(entries) : entries);
  }

  function knownEntry(service: Service, pod: Pod): Entry | null {
    let entries = known.get(service);
    if (!entries) known.set(service, (entries = new WeakMap()));
    let entry = entries.get(pod);
    if (entry === undefined) entries.set(pod, (entry = entryOf(client, service, pod) ?? null));
    return entry;
  }

  function write(service: Service, present: Endpoints | undefined, { subsets, triggered }: { subsets: Subset[]; triggered: string | undefined }): void {
    const { name, namespace } = service.metadata;
    const { [headlessLabel]: _, ...own } = service.metadata.labels ?? {};
    const labels = { ...own, ...(isHeadless(service) && { [headlessLabel]: '' }), ...(client.version.has('endpoints-managed-by') && { [managedByLabel]: 'endpoint-controller' }) };
    const metadata = { ...present?.metadata, name, namespace, labels: orNone(labels), annotations: orNone(annotations(present, subsets, triggered)) };
    try {
      const object = { ...present, apiVersion: 'v1', kind: 'Endpoints', metadata, subsets: subsets.length > 0 ? subsets : undefined };
      writes.wrote(keyText(service.metadata), present ? client.update<Endpoints>(object as Endpoints) : client.create<Endpoints>(object), present);
    } catch (error) {
      if (!present && isNamespaceTerminating(error)) return;
      const [reason, what] = present ? ['FailedToUpdateEndpoint', 'update endpoint'] : ['FailedToCreateEndpoint', 'create endpoint for service'];
      client.event({ apiVersion: 'v1', kind: 'Endpoints', metadata } as Endpoints, 'Warning', reason, `Failed to ${what} ${namespace}/${name}: ${(error as Error).message}`);
      throw error;
    }
  }

  function annotations(present: Endpoints | undefined, subsets: Subset[], triggered: string | undefined): Record<string, string> {
    const { [overCapacity]: _, ...others } = withTriggerTime(present?.metadata.annotations, triggered);
    const full = client.version.has('endpoints-truncated') && subsets.reduce((sum, { addresses = [], notReadyAddresses = [] }) => sum + addresses.length + notReadyAddresses.length, 0) >= capacity;
    return { ...others, ...(full && { [overCapacity]: 'truncated' }) };
  }
}

function entryOf({ version }: Client, service: Service, pod: Pod): Entry | undefined {
  const publish = service.spec.publishNotReadyAddresses ?? false;
  const ip = addressFor(service, pod);
  if (!ip || (!publish && pod.metadata.deletionTimestamp)) return undefined;
  const ready = publish || isPodReady(pod);
  if (!ready && !mayServe(pod)) return undefined;
  const wanted = service.spec.ports ?? [];
  const ports = wanted.map((port) => ({ port, number: findPort(pod, port) })).filter(({ number }) => number !== undefined);
  if (ports.length === 0 && (wanted.length > 0 || service.spec.clusterIP !== 'None')) return undefined;
  const found = ports.map(({ port, number }) => portOf(port.name, number!, port));
  return { address: addressOf(pod, service, ip, version.has('endpoint-target-no-version')), ready, ports: found, key: portsText(found) };
}

function portOf(name: string | undefined, port: number, { protocol, appProtocol }: { protocol?: string; appProtocol?: string }): Port {
  return { ...(name && { name }), port, protocol, ...(appProtocol && { appProtocol }) };
}

/** Of the family that the service has first; a headless one without any takes the pod's first address. */
function addressFor({ spec }: Service, { status }: Pod): string | undefined {
  const family = spec.ipFamilies?.[0] ?? (spec.clusterIP && spec.clusterIP !== 'None' ? (spec.clusterIP.includes(':') ? 'IPv6' : 'IPv4') : undefined);
  if (!status.podIP || !family || status.podIP.includes(':') === (family === 'IPv6')) return status.podIP;
  return status.podIPs?.find(({ ip }) => ip!.includes(':') === (family === 'IPv6'))?.ip;
}

function addressOf(pod: Pod, service: Service, ip: string, withoutVersion: boolean): Address {
  const { namespace, name, uid, resourceVersion } = pod.metadata;
  const hostname = hostnameOf(pod, service);
  const targetRef = { kind: 'Pod', namespace, name, uid, ...(!withoutVersion && { resourceVersion }) };
  return { ip, ...(hostname && { hostname }), nodeName: pod.spec.nodeName, targetRef };
}

/** Ready ones first, when there are more than fit. */
function truncated(entries: Entry[]): Entry[] {
  if (entries.length <= capacity) return entries;
  return [...entries.filter(({ ready }) => ready), ...entries.filter(({ ready }) => !ready)].slice(0, capacity);
}

const orNone = (map: Record<string, string>) => (Object.keys(map).length > 0 ? map : undefined);

function plainLabels({ [headlessLabel]: _, [managedByLabel]: __, ...labels }: Record<string, string> = {}): Record<string, string> {
  return labels;
}
