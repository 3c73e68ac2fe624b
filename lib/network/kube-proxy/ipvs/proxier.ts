// kube-proxy in ipvs mode: the kernel's load balancer does the work, iptables only marks what has to be masqueraded.
import { canonicalRange, contains, parseRange } from '../addresses.ts';
import { sortedPorts } from '../changes.ts';
import type { RestoreSection } from '../iptables/document.ts';
import { isLocal } from '../iptables/rules.ts';
import type { EndpointsMap, ProxyConfig, ProxyEndpoint, ServicePort } from '../types.ts';
import { filteredDocument } from './filter-rules.ts';
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
  /** Rules in the filter table too. Default false. */
  filters?: boolean;
  /** Endpoints by zone and traffic policy, those that terminate when there is no other. Default: all that are given. */
  categorized?: boolean;
}

export function ipvsState(ports: Iterable<ServicePort>, endpoints: EndpointsMap, config: ProxyConfig, { scheduler = 'rr', existing, filters = false, categorized = false }: IpvsOptions): IpvsState {
  const sets = createIpSets(config.family, filters);
  const nodeIPs = nodeAddresses(config);
  const servers = new Map<string, VirtualServer>();
  const bound = new Set<string>();
  for (const port of sortedPorts(ports)) {
    const found = endpoints.get(port.key) ?? [];
    fillSets(sets, port, { endpoints: found, config, nodeIPs });
    for (const { server, bound: binds } of virtualServersOf(port, found, { nodeIPs, scheduler, config, categorized })) {
      servers.set(`${server.address} ${server.port} ${server.protocol}`, server);
      if (binds) bound.add(server.address);
    }
  }
  if (filters) for (const ip of bound) add(sets['KUBE-IPVS-IPS'], ip);
  return { document: filters ? filteredDocument(sets, config, blocked(sets)) : ipvsDocument(sets, config, existing), sets, virtualServers: [...servers.values()], bound: [...bound] };
}

/** The node's addresses that node ports are served on. */
export function nodeAddresses({ nodePortAddresses = [], localAddresses = [] }: ProxyConfig): string[] {
  if (nodePortAddresses.length === 0 || nodePortAddresses.some((range) => range.endsWith('/0'))) return [...localAddresses];
  return localAddresses.filter((ip) => nodePortAddresses.some((text) => contains(parseRange(text)!, ip)));
}

/** Balancers that ask where somebody comes from, and do not have the node among those. */
function blocked(sets: IpSets): string[] {
  const fromNode = new Set([...sets['KUBE-LOAD-BALANCER-SOURCE-IP'].entries].map((entry) => entry.slice(0, entry.lastIndexOf(','))));
  return [...sets['KUBE-LOAD-BALANCER-FW'].entries].filter((entry) => !fromNode.has(entry));
}

interface Around {
  endpoints: readonly ProxyEndpoint[];
  config: ProxyConfig;
  nodeIPs: readonly string[];
}

/** A set takes no range of all addresses: the kernel refuses it, and nobody gets through. */
function add(set: IpSet, entry: string): void {
  set.used = true;
  if (!entry.endsWith('/0')) set.entries.add(entry);
}

function fillSets(sets: IpSets, port: ServicePort, { endpoints, config, nodeIPs }: Around): void {
  const protocol = port.protocol.toLowerCase();
  const at = (ip: string, number = port.port) => `${ip},${protocol}:${number}`;
  for (const endpoint of endpoints) if (isLocal(endpoint, config)) add(sets['KUBE-LOOP-BACK'], `${at(endpoint.ip, endpoint.port)},${endpoint.ip}`);
  add(sets['KUBE-CLUSTER-IP'], at(port.clusterIP));
  const external = sets[port.externalLocal ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP'];
  for (const ip of port.externalIPs) add(external, at(ip));
  for (const ip of port.loadBalancerIPs) fillBalancer(sets, port, { ip, entry: at(ip), config });
  if (port.nodePort && nodeIPs.length > 0) {
    const entries = port.protocol === 'SCTP' ? nodeIPs.map((ip) => at(ip, port.nodePort)) : [String(port.nodePort)];
    for (const set of nodePortSets(sets, port)) for (const entry of entries) add(set, entry);
  }
  const health = sets['KUBE-HEALTH-CHECK-NODE-PORT'] as IpSet | undefined;
  if (health && port.healthCheckNodePort) add(health, String(port.healthCheckNodePort));
}

function nodePortSets(sets: IpSets, { protocol, externalLocal }: ServicePort): IpSet[] {
  const suffix = protocol === 'SCTP' ? 'SCTP-HASH' : protocol;
  return [sets[`KUBE-NODE-PORT-${suffix}`], ...(externalLocal ? [sets[`KUBE-NODE-PORT-LOCAL-${suffix}`]] : [])];
}

function fillBalancer(sets: IpSets, port: ServicePort, { ip, entry, config }: { ip: string; entry: string; config: ProxyConfig }): void {
  add(sets['KUBE-LOAD-BALANCER'], entry);
  if (port.externalLocal) add(sets['KUBE-LOAD-BALANCER-LOCAL'], entry);
  if (port.sourceRanges.length === 0) return;
  add(sets['KUBE-LOAD-BALANCER-FW'], entry);
  let fromNode = false;
  for (const text of port.sourceRanges) {
    const range = parseRange(text);
    if (!range) continue;
    add(sets['KUBE-LOAD-BALANCER-SOURCE-CIDR'], `${entry},${canonicalRange(text)}`);
    fromNode ||= contains(range, config.nodeIP);
  }
  // A request from the node itself may come back from the balancer's address.
  if (fromNode) add(sets['KUBE-LOAD-BALANCER-SOURCE-IP'], `${entry},${ip}`);
}
