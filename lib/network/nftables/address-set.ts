// Addresses that a rule lists itself. Like nft we join ranges that touch, where there are ranges at all.
import { addressText, parseRange, type Range } from '../kube-proxy/addresses.ts';
import type { Family } from '../kube-proxy/types.ts';
import { NftError } from './rule.ts';

interface Interval {
  first: bigint;
  last: bigint;
}

/** The ranges that were written, and how nft prints them. */
export function addressSet(listed: readonly string[]): { ranges: readonly Range[]; text: string } {
  const ranges = listed.map(rangeOf);
  const family = ranges[0]!.family;
  const intervals = ranges.map(intervalOf).sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.last < b.last ? -1 : 1));
  const apart = intervals.every(({ first, last }) => first === last) ? 0n : 1n;
  const joined: Interval[] = [];
  for (const interval of intervals) {
    const before = joined.at(-1);
    if (before && interval.first <= before.last + apart) before.last = interval.last > before.last ? interval.last : before.last;
    else joined.push({ ...interval });
  }
  const texts = joined.map((interval) => intervalText(interval, family));
  return { ranges, text: listed.length === 1 ? texts[0]! : `{ ${texts.join(', ')} }` };
}

function rangeOf(text: string): Range {
  const range = parseRange(text);
  if (!range) throw new NftError(`Error: Could not resolve hostname: Name or service not known: ${text}`);
  return range;
}

const width = (family: Family) => (family === 'IPv6' ? 128 : 32);

const intervalOf = ({ base, bits, family }: Range): Interval => ({ first: base, last: base + (1n << BigInt(width(family) - bits)) - 1n });

/** An address, a prefix where it is one, otherwise both ends. */
function intervalText({ first, last }: Interval, family: Family): string {
  if (first === last) return addressText(first, family);
  const size = last - first + 1n;
  const host = size.toString(2).length - 1;
  const whole = size === 1n << BigInt(host) && first % size === 0n;
  return whole ? `${addressText(first, family)}/${width(family) - host}` : `${addressText(first, family)}-${addressText(last, family)}`;
}
