// What kube-proxy keeps of Services and EndpointSlices, and what it is told about its node.

export type Family = 'IPv4' | 'IPv6';
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** One port of one Service, in one address family. */
export interface ServicePort {
  /** `default/web:http/TCP`: ports of Services and of slices meet by it. */
  readonly key: string;
  /** `default/web`. */
  readonly service: string;
  /** `default/web:http`; a port without a name has no colon. */
  readonly name: string;
  readonly portName: string;
  readonly protocol: Protocol;
  readonly clusterIP: string;
  readonly port: number;
  /** 0: none. */
  readonly nodePort: number;
  /** Seconds for which a client stays with its endpoint; undefined without session affinity. */
  readonly affinity: number | undefined;
  readonly externalLocal: boolean;
  readonly internalLocal: boolean;
  readonly externalIPs: readonly string[];
  readonly loadBalancerIPs: readonly string[];
  readonly sourceRanges: readonly string[];
  /** 0: none. */
  readonly healthCheckNodePort: number;
}

export interface ProxyEndpoint {
  readonly ip: string;
  readonly port: number;
  /** `10.244.1.2:80`, `[fd00::1]:80`. */
  readonly address: string;
  /** Empty when nobody knows. */
  readonly node: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** Zones that should use it, and its own. */
  readonly zoneHints: readonly string[] | undefined;
}

/** Endpoints by `portKey`. */
export type EndpointsMap = Map<string, readonly ProxyEndpoint[]>;

export const portKey = ({ name, protocol }: { name: string; protocol: string }): string => `${name}/${protocol}`;

export interface ProxyConfig {
  hostname: string;
  nodeIP: string;
  /** Addresses of the node's interfaces. */
  localAddresses?: readonly string[];
  family?: Family;
  /** Range of pods; empty: nobody knows which traffic is local. */
  clusterCIDR: string;
  masqueradeAll?: boolean;
  /** Range of cluster IPs: nftables mode drops what goes to one that no Service has. */
  serviceCIDR?: string;
  /** Ranges of the node's addresses on which node ports are served; empty: all. */
  nodePortAddresses?: readonly string[];
  /** The node's iptables knows --random-fully. */
  randomFully?: boolean;
  /** The node's kernel has nfacct counters. */
  nfacct?: boolean;
  /** Zone of the node. */
  zone?: string;
}
