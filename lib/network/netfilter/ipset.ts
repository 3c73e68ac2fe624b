import { contains, parseRange } from '../kube-proxy/addresses.ts';
import type { IpSet } from '../kube-proxy/ipvs/sets.ts';
import type { Packet } from './packet.ts';

/** Is what the packet says in these directions an entry of the set? */
export function inSet(set: IpSet | undefined, directions: readonly ('src' | 'dst')[], packet: Packet): boolean {
  if (!set || set.entries.size === 0) return false;
  const [first = 'dst', second = first, third = 'src'] = directions;
  const address = (direction: 'src' | 'dst') => packet[direction];
  const port = (direction: 'src' | 'dst') => (direction === 'src' ? packet.sport : packet.dport);
  if (set.type === 'bitmap:port') return set.entries.has(String(port(first)));
  const entry = `${address(first)},${packet.protocol}:${port(second)}`;
  if (set.type === 'hash:ip,port') return set.entries.has(entry);
  if (set.type === 'hash:ip,port,ip') return set.entries.has(`${entry},${address(third)}`);
  for (const one of set.entries) {
    if (!one.startsWith(`${entry},`)) continue;
    const range = parseRange(one.slice(entry.length + 1));
    if (range && contains(range, address(third))) return true;
  }
  return false;
}
