// What a sync finds changed: connections that conntrack has to forget, and ports that are held open.
import type { FlowFilter } from '../netfilter/conntrack.ts';
import type { EndpointsMap, ProxyConfig, ServicePort } from './types.ts';

export interface ProxyState {
  readonly ports: ReadonlyMap<string, ServicePort>;
  readonly endpoints: EndpointsMap;
}

const family = (ip: string) => (ip.includes(':') ? ' -f ipv6' : '');
const forget = (ip: string) => `conntrack -D --orig-dst ${ip} -p udp${family(ip)}`;
const forgetPort = ({ nodePort, clusterIP }: ServicePort) => `conntrack -D -p udp --dport ${nodePort}${family(clusterIP)}`;

export interface StaleOptions {
  /** Whether flows to an endpoint that is gone are looked for by node port, too. */
  nodePorts: boolean;
  /** As since v1.21: node ports, and addresses of load balancers, whose Service gets its first endpoint; before, node ports that are new. Default false. */
  activeNodePorts?: boolean;
}

/**
 * The conntrack commands for UDP, whose flows would stay with an endpoint that is gone, or outlive the time when there was
 * none: first those for node ports that are new, then those for Services and for endpoints.
 */
export function staleConnections(before: ProxyState, now: ProxyState, { nodePorts, activeNodePorts = false }: StaleOptions): string[] {
  const [services, opened] = [new Set<string>(), new Set<string>()];
  for (const [key, port] of before.ports) if (!now.ports.has(key) && port.protocol === 'UDP') services.add(port.clusterIP);
  const out: string[] = [];
  for (const [key, port] of now.ports) {
    const [old, current] = [before.endpoints.get(key) ?? [], now.endpoints.get(key) ?? []];
    if (port.protocol !== 'UDP') continue;
    const active = old.length === 0 && current.length > 0;
    if (port.nodePort && (activeNodePorts ? active : before.ports.get(key)?.nodePort !== port.nodePort)) opened.add(forgetPort(port));
    if (old === current) continue;
    if (active) for (const ip of [port.clusterIP, ...port.externalIPs, ...(activeNodePorts ? port.loadBalancerIPs : [])]) services.add(ip);
    const kept = new Set(current.map(({ address, node }) => `${address} ${node}`));
    for (const { ip, address, node } of old) if (!kept.has(`${address} ${node}`)) out.push(...toEndpoint(port, ip, nodePorts));
  }
  return [...opened, ...[...services].sort().map(forget), ...out];
}

/**
 * What conntrack may keep of UDP, as since v1.32: flows to the frontends of a Service go to endpoints that still serve. A Service
 * without any leaves its flows as they are.
 */
export function servedFlows({ ports, endpoints }: ProxyState): FlowFilter[] {
  return [...ports].flatMap(([key, { protocol, clusterIP, externalIPs, loadBalancerIPs, port, nodePort }]) => {
    const serving = new Set((endpoints.get(key) ?? []).filter((one) => one.serving).map(({ ip }) => ip));
    if (protocol !== 'UDP' || serving.size === 0) return [];
    const frontends: FlowFilter[] = [clusterIP, ...loadBalancerIPs, ...externalIPs].map((origDst) => ({ protocol: 'udp', origDst, dport: port, except: serving }));
    return nodePort ? [...frontends, { protocol: 'udp', dport: nodePort, except: serving }] : frontends;
  });
}

function toEndpoint(port: ServicePort, ip: string, nodePorts: boolean): string[] {
  const byNodePort = nodePorts && port.nodePort ? [`conntrack -D -p udp --dport ${port.nodePort} --dst-nat ${ip}${family(ip)}`] : [];
  return [...byNodePort, ...[port.clusterIP, ...port.externalIPs, ...port.loadBalancerIPs].map((origin) => `conntrack -D --orig-dst ${origin} --dst-nat ${ip} -p udp${family(origin)}`)];
}

export interface HeldPort {
  description: string;
  /** Empty: all addresses. */
  ip: string;
  port: number;
  protocol: string;
}

/** Ports that kube-proxy binds, up to v1.23, so that nobody else takes them. SCTP is not held. */
export function heldPorts(ports: Iterable<ServicePort>, { localAddresses = [], nodePortAddresses = [], served }: ProxyConfig & { served: readonly string[] }): HeldPort[] {
  const everywhere = nodePortAddresses.length === 0 || nodePortAddresses.some((range) => range.endsWith('/0'));
  return [...ports].flatMap((port) => {
    if (port.protocol === 'SCTP') return [];
    const protocol = port.protocol.toLowerCase();
    const external = port.externalIPs.filter((ip) => localAddresses.includes(ip)).map((ip) => ({ description: `externalIP for ${port.name}`, ip, port: port.port, protocol }));
    const node = port.nodePort ? (everywhere ? [''] : served).map((ip) => ({ description: `nodePort for ${port.name}`, ip, port: port.nodePort, protocol })) : [];
    return [...external, ...node];
  });
}

export const heldText = ({ description, ip, port, protocol }: HeldPort): string => `"${description}" (${ip.includes(':') ? `[${ip}]` : ip}:${port}/${protocol})`;

/** How many addresses of each Service are ready on this node: what its health check answers. */
export function localEndpoints({ ports, endpoints }: ProxyState, { hostname }: Pick<ProxyConfig, 'hostname'>): Record<string, number> {
  const found = new Map<string, Set<string>>();
  for (const [key, list] of endpoints) {
    const service = ports.get(key)?.service ?? key.slice(0, key.lastIndexOf('/')).split(':')[0]!;
    for (const { ip, node, ready } of list) if (ready && node === hostname) found.set(service, (found.get(service) ?? new Set()).add(ip));
  }
  return Object.fromEntries([...found].map(([service, ips]) => [service, ips.size]));
}

export function healthCheckPorts(ports: Iterable<ServicePort>): Record<string, number> {
  return Object.fromEntries([...ports].flatMap(({ service, healthCheckNodePort }) => (healthCheckNodePort ? [[service, healthCheckNodePort]] : [])));
}

/** Ports in the order in which their rules are written; in Kubernetes it is that of a Go map, another one each time. */
export const sortedPorts = (ports: Iterable<ServicePort>): ServicePort[] => [...ports].sort((a, b) => (a.key < b.key ? -1 : 1));
export const byKey = (ports: Iterable<ServicePort>): Map<string, ServicePort> => new Map([...ports].map((port) => [port.key, port]));
