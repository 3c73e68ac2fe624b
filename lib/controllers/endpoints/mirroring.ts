import { type Endpoints, equal, type EndpointSlice, type Version } from '../../api/index.ts';
import type { Client, Controller } from '../../client/index.ts';
import { forMapped, forObject } from '../../client/index.ts';
import { hasSelector } from './members.ts';
import { type Changes, type Endpoint, portsKey, type SlicePort } from './slices.ts';
import { inHashOrder } from './slice-ports.ts';
import { createSliceWriter } from './slice-writer.ts';
import type { Address, Subset } from './subsets.ts';

const skipMirror = 'endpointslice.kubernetes.io/skip-mirror';
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';
/** Addresses of a subset beyond this number are left out. */
const perSubset = 1000;

/** Copies Endpoints that somebody wrote by hand into EndpointSlices (pkg/controller/endpointslicemirroring). */
export function endpointSliceMirroringController(client: Client): Controller {
  const writer = createSliceWriter(client, 'endpointslicemirroring-controller.k8s.io');
  return {
    name: 'endpointslicemirroring',
    watches: [forObject('Endpoints'), forObject('Service'), forMapped('EndpointSlice', (event) => writer.observe(event))],
    reconcile(request) {
      if (writer.pending(request)) return;
      const endpoints = client.find('Endpoints', request);
      const service = client.find('Service', request);
      const existing = writer.slicesOf(request);
      if (!endpoints || !service || !mayBeMirrored(endpoints)) {
        for (const slice of existing) client.delete(slice);
        return;
      }
      if (hasSelector(service)) return;
      for (const type of ['IPv4', 'IPv6'] as const) {
        const changes = mirror(endpoints, existing.filter(({ addressType }) => addressType === type), type === 'IPv6', client.version);
        writer.apply(endpoints, { addressType: type, labels: endpoints.metadata.labels ?? {} }, changes);
      }
    },
  };
}

function mayBeMirrored({ metadata: { labels = {}, annotations = {} } }: Endpoints): boolean {
  return labels[skipMirror] !== 'true' && annotations[leaderAnnotation] === undefined;
}

/** One slice for each set of ports. */
function mirror({ subsets = [] }: Endpoints, existing: readonly EndpointSlice[], v6: boolean, version: Version): Changes {
  const changes: Changes = { create: [], update: [], remove: [] };
  const used = new Set<EndpointSlice>();
  for (const [key, { ports, endpoints }] of desiredSlices(subsets, v6, version)) {
    const slice = existing.find((candidate) => !used.has(candidate) && portsKey(candidate.ports) === key);
    if (!slice) changes.create.push({ ports, endpoints });
    else {
      used.add(slice);
      if (!equal(slice.endpoints, endpoints)) changes.update.push({ ...slice, endpoints });
    }
  }
  changes.remove.push(...existing.filter((slice) => !used.has(slice)));
  return changes;
}

function desiredSlices(subsets: readonly Subset[], v6: boolean, version: Version) {
  // Until then all addresses were copied as if they were ready.
  const readyAnyway = !version.has('mirrored-not-ready');
  const desired = new Map<string, { ports: SlicePort[]; endpoints: Endpoint[] }>();
  for (const subset of subsets) {
    const all = [...(subset.addresses ?? []).map((address) => ({ address, ready: true })), ...(subset.notReadyAddresses ?? []).map((address) => ({ address, ready: readyAnyway }))];
    const endpoints = all.filter(({ address }) => address.ip.includes(':') === v6).slice(0, perSubset).map(({ address, ready }) => endpointOf(address, ready, version.has('endpointslice-node-name')));
    if (endpoints.length === 0) continue;
    const ports = inHashOrder((subset.ports ?? []).map(({ name = '', port, protocol, appProtocol }) => ({ name, port, protocol, ...(appProtocol && { appProtocol }) })), version);
    const key = portsKey(ports);
    if (!desired.has(key)) desired.set(key, { ports, endpoints: [] });
    desired.get(key)!.endpoints.push(...endpoints);
  }
  for (const group of desired.values()) group.endpoints = withoutDoubles(group.endpoints);
  return desired;
}

/** An address may stand in Endpoints more than once. */
function withoutDoubles(endpoints: readonly Endpoint[]): Endpoint[] {
  const key = ({ addresses, hostname }: Endpoint) => JSON.stringify([addresses, hostname]);
  return [...new Map(endpoints.map((endpoint) => [key(endpoint), endpoint])).values()];
}

function endpointOf({ ip, hostname, nodeName, targetRef }: Address, ready: boolean, withNodeName: boolean): Endpoint {
  const place = nodeName && (withNodeName ? { nodeName } : { topology: { 'kubernetes.io/hostname': nodeName } });
  return { addresses: [ip], conditions: { ready }, ...(hostname && { hostname }), ...place, ...(targetRef && { targetRef }) } as Endpoint;
}
