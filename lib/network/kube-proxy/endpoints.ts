import type { EndpointSlice } from '../../api/index.ts';
import { familyOf, hostPort } from './addresses.ts';
import { type EndpointsMap, type Family, portKey, type ProxyEndpoint } from './types.ts';

const hostnameLabel = 'kubernetes.io/hostname';

export interface EndpointOptions {
  family?: Family;
  /** Also those that are not ready, as later releases need them. Default false. */
  all?: boolean;
  /** An address may stand for several ports, as since v1.23. Default false. */
  byPort?: boolean;
  /** Whose copy wins where an address is in several slices; the node that asks. */
  hostname?: string;
}

/**
 * The endpoints of one Service by port, each once and in the order of their text. Slices are told apart by the
 * name and protocol of a port.
 */
export function endpointsOf(service: string, slices: Iterable<EndpointSlice>, { family = 'IPv4', all = false, byPort: several = false, hostname }: EndpointOptions = {}): EndpointsMap {
  const byPort = new Map<string, Map<string, ProxyEndpoint>>();
  for (const slice of slices) {
    if (slice.addressType !== 'IPv4' && slice.addressType !== 'IPv6') continue;
    for (const { name, port, protocol = 'TCP' } of [...(slice.ports ?? [])].sort((a, b) => (a.port ?? 0) - (b.port ?? 0))) {
      if (name === undefined || !port) continue;
      const key = portKey({ name: name ? `${service}:${name}` : service, protocol });
      const found = byPort.get(key) ?? new Map<string, ProxyEndpoint>();
      byPort.set(key, found);
      for (const endpoint of slice.endpoints ?? []) add(found, endpoint, { port, family, all, byPort: several, hostname });
    }
  }
  const out: EndpointsMap = new Map();
  for (const [key, found] of byPort) if (found.size > 0) out.set(key, [...found.values()].sort((a, b) => (a.address < b.address ? -1 : 1)));
  return out;
}

type SliceEndpoint = NonNullable<EndpointSlice['endpoints']>[number] & { topology?: Record<string, string>; hints?: { forZones?: { name: string }[] } };

function add(found: Map<string, ProxyEndpoint>, endpoint: SliceEndpoint, { port, family, all, byPort, hostname }: EndpointOptions & { port: number; family: Family }): void {
  const [ip] = endpoint.addresses;
  const { ready = true, serving = true, terminating = false } = endpoint.conditions ?? {};
  if (!ip || familyOf(ip) !== family || !(ready || all)) return;
  const node = endpoint.nodeName ?? endpoint.topology?.[hostnameLabel] ?? '';
  const address = hostPort(ip, port);
  const known = byPort ? address : ip;
  // A pod may be in two slices while it moves from one to the other.
  if (found.has(known) && node !== hostname) return;
  found.set(known, { ip, port, address, node, ready, serving, terminating, zoneHints: endpoint.hints?.forZones?.map(({ name }) => name) });
}
