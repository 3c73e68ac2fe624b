// What `ipvsadm -Ln` lists: virtual services and the servers behind them.
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
}

/** One for each address of the Service; `bound` ones are addresses of the device kube-ipvs0. */
export function virtualServersOf(port: ServicePort, endpoints: readonly ProxyEndpoint[], { nodeIPs, scheduler, config }: NodeAddresses): { server: VirtualServer; bound: boolean }[] {
  const local = port.externalLocal ? endpoints.filter((endpoint) => isLocal(endpoint, config)) : endpoints;
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
    { server: server(port.clusterIP, port.port, endpoints), bound: true },
    ...[...port.externalIPs, ...port.loadBalancerIPs].map((ip) => ({ server: server(ip, port.port, local), bound: true })),
    ...(port.nodePort ? nodeIPs.map((ip) => ({ server: server(ip, port.nodePort, local), bound: false })) : []),
  ];
}
