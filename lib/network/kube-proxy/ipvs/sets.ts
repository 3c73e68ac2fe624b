// The ipsets of kube-proxy in ipvs mode, and how each leads packets on.
import type { Family } from '../types.ts';

export type SetType = 'hash:ip' | 'hash:net' | 'hash:ip,port' | 'hash:ip,port,ip' | 'hash:ip,port,net' | 'bitmap:port';

export interface IpSet {
  readonly name: string;
  readonly type: SetType;
  readonly comment: string;
  readonly entries: Set<string>;
  /** Something was to go into it, if the kernel took it or not. */
  used: boolean;
}

const definitions = {
  'KUBE-LOOP-BACK': ['hash:ip,port,ip', 'Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose'],
  'KUBE-CLUSTER-IP': ['hash:ip,port', 'Kubernetes service cluster ip + port for masquerade purpose'],
  'KUBE-EXTERNAL-IP': ['hash:ip,port', 'Kubernetes service external ip + port for masquerade and filter purpose'],
  'KUBE-EXTERNAL-IP-LOCAL': ['hash:ip,port', 'Kubernetes service external ip + port with externalTrafficPolicy=local'],
  'KUBE-LOAD-BALANCER': ['hash:ip,port', 'Kubernetes service lb portal'],
  'KUBE-LOAD-BALANCER-FW': ['hash:ip,port', 'Kubernetes service load balancer ip + port for load balancer with sourceRange'],
  'KUBE-LOAD-BALANCER-LOCAL': ['hash:ip,port', 'Kubernetes service load balancer ip + port with externalTrafficPolicy=local'],
  'KUBE-LOAD-BALANCER-SOURCE-IP': ['hash:ip,port,ip', 'Kubernetes service load balancer ip + port + source IP for packet filter purpose'],
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': ['hash:ip,port,net', 'Kubernetes service load balancer ip + port + source cidr for packet filter purpose'],
  'KUBE-NODE-PORT-TCP': ['bitmap:port', 'Kubernetes nodeport TCP port for masquerade purpose'],
  'KUBE-NODE-PORT-LOCAL-TCP': ['bitmap:port', 'Kubernetes nodeport TCP port with externalTrafficPolicy=local'],
  'KUBE-NODE-PORT-UDP': ['bitmap:port', 'Kubernetes nodeport UDP port for masquerade purpose'],
  'KUBE-NODE-PORT-LOCAL-UDP': ['bitmap:port', 'Kubernetes nodeport UDP port with externalTrafficPolicy=local'],
  'KUBE-NODE-PORT-SCTP-HASH': ['hash:ip,port', "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'"],
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': ['hash:ip,port', "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'"],
  'KUBE-HEALTH-CHECK-NODE-PORT': ['bitmap:port', 'Kubernetes health check node port'],
  'KUBE-IPVS-IPS': ['hash:ip', 'Kubernetes ipvs addresses'],
} as const satisfies Record<string, readonly [SetType, string]>;

export type SetName = keyof typeof definitions;
export type IpSets = Readonly<Record<SetName, IpSet>>;

/** The longest name that the kernel takes. */
const longest = 31;

/** Sets that came with the rules in the filter table. */
const later: readonly string[] = ['KUBE-HEALTH-CHECK-NODE-PORT', 'KUBE-IPVS-IPS'];

export function createIpSets(family: Family = 'IPv4', filters = false): IpSets {
  const sets = Object.entries(definitions).filter(([key]) => filters || !later.includes(key)).map(([key, [type, comment]]): [string, IpSet] => {
    const name = family === 'IPv6' ? key.replace('KUBE-', 'KUBE-6-').slice(0, longest) : key;
    return [key, { name, type, comment, entries: new Set(), used: false }];
  });
  return Object.fromEntries(sets) as unknown as IpSets;
}

export interface Lead {
  set: SetName;
  from: string;
  to: string;
  match: string;
  protocol?: string;
}

/** In the order in which their rules are written; what is only local goes before what is masqueraded, but for SCTP. */
export const leads: readonly Lead[] = [
  { set: 'KUBE-LOOP-BACK', from: 'KUBE-POSTROUTING', to: 'MASQUERADE', match: 'dst,dst,src' },
  { set: 'KUBE-LOAD-BALANCER', from: 'KUBE-SERVICES', to: 'KUBE-LOAD-BALANCER', match: 'dst,dst' },
  { set: 'KUBE-LOAD-BALANCER-FW', from: 'KUBE-LOAD-BALANCER', to: 'KUBE-FIREWALL', match: 'dst,dst' },
  { set: 'KUBE-LOAD-BALANCER-SOURCE-CIDR', from: 'KUBE-FIREWALL', to: 'RETURN', match: 'dst,dst,src' },
  { set: 'KUBE-LOAD-BALANCER-SOURCE-IP', from: 'KUBE-FIREWALL', to: 'RETURN', match: 'dst,dst,src' },
  { set: 'KUBE-LOAD-BALANCER-LOCAL', from: 'KUBE-LOAD-BALANCER', to: 'RETURN', match: 'dst,dst' },
  { set: 'KUBE-NODE-PORT-LOCAL-TCP', from: 'KUBE-NODE-PORT', to: 'RETURN', match: 'dst', protocol: 'tcp' },
  { set: 'KUBE-NODE-PORT-TCP', from: 'KUBE-NODE-PORT', to: 'KUBE-MARK-MASQ', match: 'dst', protocol: 'tcp' },
  { set: 'KUBE-NODE-PORT-LOCAL-UDP', from: 'KUBE-NODE-PORT', to: 'RETURN', match: 'dst', protocol: 'udp' },
  { set: 'KUBE-NODE-PORT-UDP', from: 'KUBE-NODE-PORT', to: 'KUBE-MARK-MASQ', match: 'dst', protocol: 'udp' },
  { set: 'KUBE-NODE-PORT-SCTP-HASH', from: 'KUBE-NODE-PORT', to: 'KUBE-MARK-MASQ', match: 'dst,dst', protocol: 'sctp' },
  { set: 'KUBE-NODE-PORT-LOCAL-SCTP-HASH', from: 'KUBE-NODE-PORT', to: 'RETURN', match: 'dst,dst', protocol: 'sctp' },
];

/** The same in the filter table, where later releases look at the sources of what goes to load balancers. */
export const filterLeads: readonly Lead[] = [
  { set: 'KUBE-LOAD-BALANCER-FW', from: 'KUBE-PROXY-FIREWALL', to: 'KUBE-SOURCE-RANGES-FIREWALL', match: 'dst,dst' },
  { set: 'KUBE-LOAD-BALANCER-SOURCE-CIDR', from: 'KUBE-SOURCE-RANGES-FIREWALL', to: 'RETURN', match: 'dst,dst,src' },
  { set: 'KUBE-LOAD-BALANCER-SOURCE-IP', from: 'KUBE-SOURCE-RANGES-FIREWALL', to: 'RETURN', match: 'dst,dst,src' },
];
