import { type EndpointSlice, equal, isPodReady, type Pod, type Service } from '../../api/index.ts';
import type { Client, Controller, Key } from '../../client/index.ts';
import { forMapped } from '../../client/index.ts';
import { keyOf, keyText } from '../shared/owners.ts';
import { hasSelector, serviceMembers } from './members.ts';
import { hostnameOf, isHeadless, mayServe } from './ports.ts';
import { portsOf } from './slice-ports.ts';
import { type Changes, type Desired, type Endpoint, placeEndpoints, portsKey, type SlicePort } from './slices.ts';
import { createSliceWriter, SliceWriteError } from './slice-writer.ts';
import { addHints, overloaded, zoneRatios } from './topology-hints.ts';

type AddressType = 'IPv4' | 'IPv6';

/** A pod as part of a service. */
interface Member {
  key: string;
  ports: SlicePort[];
  endpoints: Partial<Record<AddressType, Endpoint>>;
}

const outside: Member = { key: '', ports: [], endpoints: {} };

export interface EndpointSliceOptions {
  maxEndpointsPerSlice?: number;
}

const headlessLabel = 'service.kubernetes.io/headless';
const reserved = new Set(['kubernetes.io/service-name', 'endpointslice.kubernetes.io/managed-by', headlessLabel]);

/** The first wait after a failed write (milliseconds). */
const firstRetry = 1000;

/** Keeps EndpointSlices for each service with a selector (pkg/controller/endpointslice). */
export function endpointSliceController(client: Client, { maxEndpointsPerSlice = 100 }: EndpointSliceOptions = {}): Controller {
  const members = serviceMembers(client);
  const writer = createSliceWriter(client, 'endpointslice-controller.k8s.io');
  /** Of pods and services that have not changed: making and comparing their endpoints again costs nothing. */
  const known = new WeakMap<Service, WeakMap<Pod, Member>>();
  /** Service and address type → endpoints by zone, where hints are in use. */
  const hinted = new Map<string, { key: Key; zones: Map<string, number> }>();
  const failures = new Map<string, number>();
  /** Nodes are listened to from when somebody wants hints. */
  let watchNodes: (() => void) | undefined;

  return {
    name: 'endpointslice',
    watches: [...members.watches, forMapped('EndpointSlice', (event) => writer.observe(event))],
    start(follow) {
      watchNodes = () => {
        watchNodes = undefined;
        follow(forMapped('Node', () => nowOverloaded()));
      };
    },
    reconcile(request) {
      const service = client.find('Service', request);
      if (!service) forget(keyText(request));
      if (!service || !hasSelector(service) || writer.pending(request)) return;
      try {
        syncAll(service, request);
        failures.delete(keyText(request));
      } catch (error) {
        if (!(error instanceof SliceWriteError)) throw error;
        return retry(service, error);
      }
    },
  };

  function forget(key: string): void {
    failures.delete(key);
    for (const type of ['IPv4', 'IPv6']) hinted.delete(`${key} ${type}`);
  }

  /** Slices are many writes: this controller waits longer than others before it tries again. */
  function retry(service: Service, { message }: Error): { requeueAfter: number } {
    const key = keyText(service.metadata);
    client.event(service, 'Warning', 'FailedToUpdateEndpointSlices', `Error updating Endpoint Slices for Service ${key}: ${message}`);
    const before = failures.get(key) ?? 0;
    failures.set(key, before + 1);
    return { requeueAfter: Math.min(firstRetry * 2 ** before, client.version.has('endpointslice-retry-1000s') ? 1_000_000 : 100_000) };
  }

  function syncAll(service: Service, request: Key): void {
    const existing = writer.slicesOf(request);
    const types = addressTypes(service);
    for (const type of types) sync(service, existing.filter(({ addressType }) => addressType === type), type);
    const unsupported = existing.filter(({ addressType }) => !types.includes(addressType as AddressType));
    if (unsupported.length > 0) writer.apply(service, 'IPv4', {}, { create: [], update: [], remove: unsupported });
  }

  function sync(service: Service, existing: EndpointSlice[], type: AddressType): void {
    const labels = labelsOf(service);
    const own = existing.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === service.metadata.uid));
    const changes: Changes = { create: [], update: [], remove: existing.filter((slice) => !own.includes(slice)) };
    const desired = desiredSlices(service, type);
    const auto = wantsHints(service);
    for (const [key, group] of desired) {
      // Hints are given afterwards: they are no reason to write an endpoint.
      const same = own.filter(({ ports }) => portsKey(ports) === key).map((slice) => (auto ? bare(slice) : slice));
      const placed = placeEndpoints(group, same, maxEndpointsPerSlice);
      changes.create.push(...placed.create);
      changes.update.push(...placed.update, ...relabelled(same, placed, labels));
      changes.remove.push(...placed.remove);
    }
    changes.remove.push(...own.filter(({ ports }) => !desired.has(portsKey(ports))));
    // A service without endpoints has one empty slice, to show that it was looked at.
    if (existing.length === changes.remove.length && changes.create.length === 0) {
      const empty = changes.remove.find((slice) => own.includes(slice) && !slice.ports?.length && !slice.endpoints?.length);
      if (empty && equal(plainLabels(empty.metadata.labels), plainLabels(labels))) changes.remove.splice(changes.remove.indexOf(empty), 1);
      else changes.create.push({ ports: [], endpoints: [] });
    }
    writer.apply(service, type, labels, auto ? hintsFor(service, { type, changes, own }) : unhinted(service, type, changes));
  }

  function wantsHints({ metadata: { annotations = {} } }: Service): boolean {
    const said = annotations['service.kubernetes.io/topology-aware-hints'] ?? (client.version.has('topology-mode') ? annotations['service.kubernetes.io/topology-mode'] : undefined);
    return client.version.has('topology-aware-hints') && (said === 'Auto' || said === 'auto');
  }

  function hintsFor(service: Service, { type, changes, own }: { type: AddressType; changes: Changes; own: readonly EndpointSlice[] }): Changes {
    watchNodes?.();
    const key = `${keyText(service.metadata)} ${type}`;
    const touched = new Set([...changes.update, ...changes.remove].map(({ metadata }) => metadata.name));
    const ratios = zoneRatios(client.cache('Node'));
    const { changes: out, zones, why } = addHints(changes, own.filter(({ metadata }) => !touched.has(metadata.name)), ratios);
    if (why) told(service, type, why);
    else if (!hinted.has(key)) told(service, type, 'Topology Aware Hints has been enabled', 'Normal');
    if (zones) hinted.set(key, { key: keyOf(service), zones });
    else hinted.delete(key);
    return out;
  }

  /** Nobody wants hints any longer. */
  function unhinted(service: Service, type: AddressType, changes: Changes): Changes {
    if (hinted.delete(`${keyText(service.metadata)} ${type}`)) told(service, type, 'Topology Aware Hints has been disabled');
    return changes;
  }

  function told(service: Service, type: AddressType, message: string, kind: 'Normal' | 'Warning' = 'Warning'): void {
    if (client.version.has('topology-events')) client.event(service, kind, kind === 'Normal' ? 'TopologyAwareHintsEnabled' : 'TopologyAwareHintsDisabled', `${message}, addressType: ${type}`);
  }

  /** Services that the nodes' CPUs call for other hints for. */
  function nowOverloaded(): Key[] {
    if (hinted.size === 0) return [];
    const ratios = zoneRatios(client.cache('Node'));
    return [...hinted.values()].filter(({ zones }) => overloaded(zones, ratios)).map(({ key }) => key);
  }

  function desiredSlices(service: Service, type: AddressType): Map<string, Desired> {
    const desired = new Map<string, Desired>();
    for (const pod of members.of(service.metadata)) {
      const { key, ports, endpoints } = memberOf(service, pod);
      const endpoint = endpoints[type];
      if (!endpoint) continue;
      let group = desired.get(key);
      if (!group) desired.set(key, (group = { ports, endpoints: new Map() }));
      group.endpoints.set(endpoint.addresses[0]!, endpoint);
    }
    return desired;
  }

  function belongs(service: Service, pod: Pod): boolean {
    if (!pod.status.podIP || !pod.spec.nodeName) return false;
    if (pod.metadata.deletionTimestamp && !service.spec.publishNotReadyAddresses && !client.version.has('endpointslice-serving')) return false;
    return mayServe(pod);
  }

  function memberOf(service: Service, pod: Pod): Member {
    let members = known.get(service);
    if (!members) known.set(service, (members = new WeakMap()));
    let member = members.get(pod);
    if (!member) members.set(pod, (member = belongs(service, pod) ? newMember(service, pod) : outside));
    return member;
  }

  function newMember(service: Service, pod: Pod): Member {
    const addresses = (pod.status.podIPs ?? [{ ip: pod.status.podIP }]).map(({ ip }) => ip!);
    const [v4, v6] = [addresses.filter((ip) => !ip.includes(':')), addresses.filter((ip) => ip.includes(':'))];
    const ports = portsOf(service, pod, client.version);
    return {
      key: portsKey(ports),
      ports,
      endpoints: { ...(v4.length > 0 && { IPv4: newEndpoint(service, pod, v4) }), ...(v6.length > 0 && { IPv6: newEndpoint(service, pod, v6) }) },
    };
  }

  function newEndpoint(service: Service, pod: Pod, addresses: string[]): Endpoint {
    const { namespace, name, uid, resourceVersion } = pod.metadata;
    const serving = isPodReady(pod);
    const terminating = pod.metadata.deletionTimestamp !== undefined;
    const ready = (service.spec.publishNotReadyAddresses ?? false) || (serving && !terminating);
    const hostname = hostnameOf(pod, service);
    const place = placeOf(pod.spec.nodeName!);
    // KEP-4444: whoever is in the zone of a ready endpoint goes there.
    const near = !wantsHints(service) && ready && place['zone'] !== undefined && service.spec.trafficDistribution === 'PreferClose' && client.version.has('traffic-distribution');
    return {
      addresses,
      conditions: client.version.has('endpointslice-serving') ? { ready, serving, terminating } : { ready },
      ...(hostname && { hostname }),
      ...place,
      ...(near && { hints: { forZones: [{ name: place['zone'] }] } }),
      targetRef: { kind: 'Pod', namespace, name, uid, ...(!client.version.has('endpoint-target-no-version') && { resourceVersion }) },
    } as Endpoint;
  }

  function placeOf(nodeName: string): Record<string, unknown> {
    const labels = client.find('Node', { name: nodeName })?.metadata.labels ?? {};
    const zone = labels['topology.kubernetes.io/zone'];
    const region = labels['topology.kubernetes.io/region'];
    if (client.version.has('endpointslice-node-name')) return { nodeName, ...(zone && { zone }) };
    return { topology: { 'kubernetes.io/hostname': nodeName, ...(zone && { 'topology.kubernetes.io/zone': zone }), ...(region && { 'topology.kubernetes.io/region': region }) } };
  }
}

function bare(slice: EndpointSlice): EndpointSlice {
  return slice.endpoints?.some(({ hints }) => hints) ? { ...slice, endpoints: slice.endpoints.map(({ hints: _, ...endpoint }) => endpoint) } : slice;
}

/** Without families (before dual stack) a headless service may have both. */
function addressTypes({ spec }: Service): AddressType[] {
  if (spec.ipFamilies?.length) return spec.ipFamilies as AddressType[];
  if (spec.clusterIP && spec.clusterIP !== 'None') return [spec.clusterIP.includes(':') ? 'IPv6' : 'IPv4'];
  return ['IPv4', 'IPv6'];
}

function labelsOf(service: Service): Record<string, string> {
  return { ...plainLabels(service.metadata.labels), ...(isHeadless(service) && { [headlessLabel]: '' }) };
}

/** Slices that are as they should be but for labels that the service has changed. */
function relabelled(slices: readonly EndpointSlice[], { update, remove }: Changes, labels: Record<string, string>): EndpointSlice[] {
  const touched = new Set([...update, ...remove].map(({ metadata }) => metadata.name));
  return slices.filter(({ metadata }) => !touched.has(metadata.name) && !equal(plainLabels(metadata.labels), plainLabels(labels)));
}

function plainLabels(labels: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => !reserved.has(label)));
}
