// kube-proxy in ipvs mode: the kernel's load balancer does the work, iptables only marks what has to be masqueraded.
// Differs from Kubernetes: later releases than v1.20 have more chains and sets here; all write those of v1.20.
import { canonicalRange, contains, parseRange } from '../addresses.ts';
import { sortedPorts } from '../changes.ts';
import type { RestoreSection } from '../iptables/document.ts';
import { isLocal } from '../iptables/rules.ts';
import type { EndpointsMap, ProxyConfig, ProxyEndpoint, ServicePort } from '../types.ts';
import { ipvsDocument } from './rules.ts';
import { createIpSets, type IpSet, type IpSets } from './sets.ts';
import { type VirtualServer, virtualServersOf } from './virtual-servers.ts';

export interface IpvsState {
  document: RestoreSection[];
  sets: IpSets;
  virtualServers: VirtualServer[];
  /** Addresses of the device kube-ipvs0. */
  bound: string[];
}

export interface IpvsOptions {
  /** Default `rr`. */
  scheduler?: string;
  /** Chains that the node has. */
  existing: ReadonlySet<string>;
}

export function ipvsState(ports: Iterable<ServicePort>, endpoints: EndpointsMap, config: ProxyConfig, { scheduler = 'rr', existing }: IpvsOptions): IpvsState {
  const sets = createIpSets(config.family);
  const nodeIPs = nodeAddresses(config);
  const servers = new Map<string, VirtualServer>();
  const bound = new Set<string>();
  for (const port of sortedPorts(ports)) {
    const found = endpoints.get(port.key) ?? [];
    fillSets(sets, port, { endpoints: found, config, nodeIPs });
    for (const { server, bound: binds } of virtualServersOf(port, found, { nodeIPs, scheduler, config })) {
      servers.set(`${server.address} ${server.port} ${server.protocol}`, server);
      if (binds) bound.add(server.address);
    }
  }
  return { document: ipvsDocument(sets, config, existing), sets, virtualServers: [...servers.values()], bound: [...bound] };
}

/** The node's addresses that node ports are served on. */
export function nodeAddresses({ nodePortAddresses = [], localAddresses = [] }: ProxyConfig): string[] {
  if (nodePortAddresses.length === 0 || nodePortAddresses.some((range) => range.endsWith('/0'))) return [...localAddresses];
  return localAddresses.filter((ip) => nodePortAddresses.some((text) => contains(parseRange(text)!, ip)));
}

interface Around {
  endpoints: readonly ProxyEndpoint[];
  config: ProxyConfig;
  nodeIPs: readonly string[];
}

function fillSets(sets: IpSets, port: ServicePort, { endpoints, config, nodeIPs }: Around): void {
  const protocol = port.protocol.toLowerCase();
  const at = (ip: string, number = port.port) => `${ip},${protocol}:${number}`;
  for (const endpoint of endpoints) if (isLocal(endpoint, config)) sets['KUBE-LOOP-BACK'].entries.add(`${at(endpoint.ip, endpoint.port)},${endpoint.ip}`);
  sets['KUBE-CLUSTER-IP'].entries.add(at(port.clusterIP));
  const external = sets[port.externalLocal ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP'];
  for (const ip of port.externalIPs) external.entries.add(at(ip));
  for (const ip of port.loadBalancerIPs) fillBalancer(sets, port, { ip, entry: at(ip), config });
  if (port.nodePort && nodeIPs.length > 0) {
    const entries = port.protocol === 'SCTP' ? nodeIPs.map((ip) => at(ip, port.nodePort)) : [String(port.nodePort)];
    for (const set of nodePortSets(sets, port)) for (const entry of entries) set.entries.add(entry);
  }
}

function nodePortSets(sets: IpSets, { protocol, externalLocal }: ServicePort): IpSet[] {
  const suffix = protocol === 'SCTP' ? 'SCTP-HASH' : protocol;
  return [sets[`KUBE-NODE-PORT-${suffix}`], ...(externalLocal ? [sets[`KUBE-NODE-PORT-LOCAL-${suffix}`]] : [])];
}

function fillBalancer(sets: IpSets, port: ServicePort, { ip, entry, config }: { ip: string; entry: string; config: ProxyConfig }): void {
  sets['KUBE-LOAD-BALANCER'].entries.add(entry);
  if (port.externalLocal) sets['KUBE-LOAD-BALANCER-LOCAL'].entries.add(entry);
  if (port.sourceRanges.length === 0) return;
  sets['KUBE-LOAD-BALANCER-FW'].entries.add(entry);
  let fromNode = false;
  for (const text of port.sourceRanges) {
    const range = parseRange(text);
    if (!range) continue;
    sets['KUBE-LOAD-BALANCER-SOURCE-CIDR'].entries.add(`${entry},${canonicalRange(text)}`);
    fromNode ||= contains(range, config.nodeIP);
  }
  // A request from the node itself may come back from the balancer's address.
  if (fromNode) sets['KUBE-LOAD-BALANCER-SOURCE-IP'].entries.add(`${entry},${ip}`);
}
