// One packet on its way through a host, and what the host knows that rules may ask for.
import type { IpSet } from '../kube-proxy/ipvs/sets.ts';
import type { Protocol } from '../../machine/index.ts';
import type { Random } from '../../sim/index.ts';
import type { CtState } from './rule.ts';

/** As /etc/protocols names them; of ICMP there are echo requests alone, which have no ports. */
export type Icmp = 'icmp' | 'ipv6-icmp';
export const isIcmp = (protocol: string): protocol is Icmp => protocol === 'icmp' || protocol === 'ipv6-icmp';

export interface Packet {
  protocol: Protocol | Icmp;
  src: string;
  /** Of an echo request its id. */
  sport: number;
  dst: string;
  dport: number;
  mark: number;
  state: CtState;
  inInterface: string;
  outInterface: string;
  /** It came in through a port of a bridge, as a pod's does. */
  bridged: boolean;
  dnat: boolean;
}

export interface HostFacts {
  /** True for addresses of the host itself. */
  isLocal(address: string): boolean;
  readonly random: Random;
  /** Milliseconds. */
  readonly now: number;
  set(name: string): IpSet | undefined;
  /** The address that the host itself would show there. */
  addressTowards?(address: string): string;
  /** The lists of `-m recent`: name → address → when it was last seen, in milliseconds. */
  readonly recent: Map<string, Map<string, number>>;
}

/** `10.244.1.2:80`, `[fd00::1]:80`. */
export function splitPort(text: string): [ip: string, port: number] {
  const at = text.lastIndexOf(':');
  return [text.slice(0, at).replace(/^\[|\]$/g, ''), Number(text.slice(at + 1))];
}

export const addressPort = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);
