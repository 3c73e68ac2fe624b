// Commands as knftables writes them for `nft -f -`.
import type { Family } from '../types.ts';

/** The names by which nftables calls things of one address family. */
export interface Words {
  table: string;
  ip: 'ip' | 'ip6';
  address: 'ipv4_addr' | 'ipv6_addr';
  notLocalhost: string;
}

export const wordsOf = (family: Family = 'IPv4'): Words =>
  family === 'IPv6'
    ? { table: 'ip6 kube-proxy', ip: 'ip6', address: 'ipv6_addr', notLocalhost: 'ip6 daddr != ::1' }
    : { table: 'ip kube-proxy', ip: 'ip', address: 'ipv4_addr', notLocalhost: 'ip daddr != 127.0.0.0/8' };

export interface Element {
  set: string;
  key: string;
  /** Of a map: where it leads. */
  verdict?: string;
  comment?: string;
}

const quoted = (comment: string | undefined) => (comment === undefined ? '' : ` comment "${comment}"`);

/** Writes commands about one table. */
export const commandsFor = ({ table }: Words) => ({
  chain: (name: string, inside = '') => `add chain ${table} ${name}${inside && ` { ${inside} ; }`}`,
  /** The chain is there, and empty. */
  fresh: (name: string, inside = '') => [`add chain ${table} ${name}${inside && ` { ${inside} ; }`}`, `flush chain ${table} ${name}`],
  set: (kind: 'set' | 'map', name: string, inside: string) => `add ${kind} ${table} ${name} { ${inside} ; }`,
  flush: (kind: 'chain' | 'set' | 'map', name: string) => `flush ${kind} ${table} ${name}`,
  remove: (kind: 'chain' | 'set', name: string) => `delete ${kind} ${table} ${name}`,
  rule: (chain: string, text: string, comment?: string) => `add rule ${table} ${chain} ${text}${quoted(comment)}`,
  element: ({ set, key, verdict, comment }: Element) => `add element ${table} ${set} { ${key}${quoted(comment)}${verdict === undefined ? '' : ` : ${verdict}`} }`,
  removeElement: ({ set, key }: Element) => `delete element ${table} ${set} { ${key} }`,
});

export type Commands = ReturnType<typeof commandsFor>;
