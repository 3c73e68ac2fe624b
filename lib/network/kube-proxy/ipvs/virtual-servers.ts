// What `ipvsadm -Ln` lists: virtual services and the servers behind them.
import { categorize } from '../categorize.ts';
import { isLocal } from '../iptables/rules.ts';
import type { Protocol, ProxyConfig, ProxyEndpoint, ServicePort } from '../types.ts';

export interface RealServer {
  address: string;
  port: number;
  weight: number;
}

export interface VirtualServer {
  address: string;
  port: number;
  protocol: Protocol;
  scheduler: string;
  /** A client stays with its server for `timeout` seconds. */
  persistent: boolean;
  timeout: number;
  realServers: RealServer[];
}

export interface NodeAddresses {
  /** Addresses on which node ports are served. */
  nodeIPs: readonly string[];
  scheduler: string;
  config: ProxyConfig;
  categorized?: boolean;
}

/** One for each address of the Service; `bound` ones are addresses of the device kube-ipvs0. */
export function virtualServersOf(port: ServicePort, endpoints: readonly ProxyEndpoint[], { nodeIPs, scheduler, config, categorized }: NodeAddresses): { server: VirtualServer; bound: boolean }[] {
  const { inside, local } = categorized ? byPolicy(port, endpoints, config) : { inside: endpoints, local: port.externalLocal ? endpoints.filter((endpoint) => isLocal(endpoint, config)) : endpoints };
  const server = (address: string, number: number, behind: readonly ProxyEndpoint[]): VirtualServer => ({
    address,
    port: number,
    protocol: port.protocol,
    scheduler,
    persistent: port.affinity !== undefined,
    timeout: port.affinity ?? 0,
    realServers: behind.map(({ ip, port: realPort }) => ({ address: ip, port: realPort, weight: 1 })),
  });
  return [
    { server: server(port.clusterIP, port.port, inside), bound: true },
    ...[...port.externalIPs, ...port.loadBalancerIPs].map((ip) => ({ server: server(ip, port.port, local), bound: true })),
    ...(port.nodePort ? nodeIPs.map((ip) => ({ server: server(ip, port.nodePort, local), bound: false })) : []),
  ];
}

/** Where none is on the node, those of others: pods of the node get there, and answers to anybody else come from a wrong address. */
function byPolicy(port: ServicePort, endpoints: readonly ProxyEndpoint[], config: ProxyConfig): { inside: readonly ProxyEndpoint[]; local: readonly ProxyEndpoint[] } {
  const { cluster, local } = categorize(port, endpoints, config);
  const near = (only: boolean) => (only && local.length > 0 ? local : cluster);
  return { inside: near(port.internalLocal), local: near(port.externalLocal) };
}
