import { contains, parseRange, type Range } from '../kube-proxy/addresses.ts';
import type { IpSet } from '../kube-proxy/ipvs/sets.ts';
import type { Packet } from './packet.ts';

/** Is what the packet says in these directions an entry of the set? */
export function inSet(set: IpSet | undefined, directions: readonly ('src' | 'dst')[], packet: Packet): boolean {
  if (!set || set.entries.size === 0) return false;
  const [first = 'dst', second = first, third = 'src'] = directions;
  const address = (direction: 'src' | 'dst') => packet[direction];
  if (set.type === 'hash:ip') return set.entries.has(address(first));
  if (set.type === 'hash:net') return inNets(set, address(first));
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

/** Entries of a set of ranges that are more than one address; sets are not changed, but made anew. */
const wide = new WeakMap<IpSet, { range: Range; nomatch: boolean }[]>();

/** The most exact entry decides; one with `nomatch` says no. */
function inNets(set: IpSet, address: string): boolean {
  if (set.entries.has(address)) return true;
  let ranges = wide.get(set);
  if (!ranges) {
    const entries = [...set.entries].filter((entry) => entry.includes('/') || entry.includes(' '));
    ranges = entries.flatMap((entry) => {
      const [cidr = '', ...options] = entry.split(' ');
      const range = parseRange(cidr);
      return range ? [{ range, nomatch: options.includes('nomatch') }] : [];
    });
    wide.set(set, ranges.sort((a, b) => b.range.bits - a.range.bits));
  }
  const found = ranges.find(({ range }) => contains(range, address));
  return found !== undefined && !found.nomatch;
}
