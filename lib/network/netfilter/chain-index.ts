// Long chains by what their rules ask for first, so that a packet meets only those that could be meant for it.
import type { Packet } from './packet.ts';
import type { Rule } from './rule.ts';

/** Chains shorter than this are read from top to bottom. */
const worthwhile = 16;

interface ChainIndex {
  byAddress: Map<string, number[]>;
  byPort: Map<number, number[]>;
  /** Rules that ask for neither one address nor one port. */
  others: number[];
}

const indexes = new WeakMap<readonly Rule[], ChainIndex>();
const noneAt: readonly number[] = [];

/** The rules that may hold for a packet, in their order. The others look for another destination. */
export function candidates(rules: readonly Rule[], { dst, dport }: Packet): Iterable<Rule> {
  if (rules.length < worthwhile) return rules;
  let index = indexes.get(rules);
  if (!index) indexes.set(rules, (index = indexOf(rules)));
  return merged(rules, [index.byAddress.get(dst) ?? noneAt, index.byPort.get(dport) ?? noneAt, index.others]);
}

function* merged(rules: readonly Rule[], lists: readonly (readonly number[])[]): Generator<Rule> {
  const at = lists.map(() => 0);
  for (;;) {
    let next = -1;
    for (let i = 0; i < lists.length; i++) {
      const position = lists[i]![at[i]!];
      if (position !== undefined && (next < 0 || position < lists[next]![at[next]!]!)) next = i;
    }
    if (next < 0) return;
    yield rules[lists[next]![at[next]!++]!]!;
  }
}

function indexOf(rules: readonly Rule[]): ChainIndex {
  const index: ChainIndex = { byAddress: new Map(), byPort: new Map(), others: [] };
  for (let i = 0; i < rules.length; i++) {
    const address = singleAddress(rules[i]!);
    const port = address === undefined ? singlePort(rules[i]!) : undefined;
    if (address !== undefined) put(index.byAddress, address, i);
    else if (port !== undefined) put(index.byPort, port, i);
    else index.others.push(i);
  }
  return index;
}

function put<K>(map: Map<K, number[]>, key: K, position: number): void {
  const list = map.get(key);
  if (list) list.push(position);
  else map.set(key, [position]);
}

function singleAddress({ destination }: Rule): string | undefined {
  if (!destination || destination.not) return undefined;
  const { bits, family, text } = destination.value;
  return bits === (family === 'IPv6' ? 128 : 32) ? text.slice(0, text.indexOf('/')) : undefined;
}

function singlePort({ matches }: Rule): number | undefined {
  for (const match of matches) if ((match.kind === 'tcp' || match.kind === 'udp' || match.kind === 'sctp') && match.dport && !match.dport.not) return match.dport.value;
  return undefined;
}
