// The options of iptables' matches. An option belongs to the last match that knows it.
import type { CtState, Inverted, Match } from './rule.ts';
import type { Draft, Reader } from './parse.ts';

type FieldsOf<T> = T extends unknown ? keyof T : never;
/** A match whose options are not all there yet. */
export type MatchDraft = { kind: Match['kind'] } & { [F in Exclude<FieldsOf<Match>, 'kind'>]?: unknown };

const inverted = <T>(value: T, not: boolean): Inverted<T> => ({ value, not });

interface Option {
  kinds: readonly Match['kind'][];
  set(match: MatchDraft, value: () => string, not: boolean): void;
}

const ports = ['tcp', 'udp', 'sctp'] as const;
/** The order in which they are printed. */
const ctStates: readonly CtState[] = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT'];
/** A probability as the kernel keeps it: 31 bits. */
const quantized = (text: string) => Math.round(Number(text) * 2 ** 31) / 2 ** 31;

const table: Record<string, Option> = {
  '--comment': { kinds: ['comment'], set: (match, value) => void (match.text = value()) },
  '--dport': {
    kinds: ports,
    set(match, value, not) {
      const [first, last] = value().split(':').map(Number);
      Object.assign(match, { dport: inverted(first, not), ...(last !== undefined && { dportTo: last }) });
    },
  },
  '--dports': { kinds: ['multiport'], set: (match, value, not) => void (match.dports = inverted(rangesOf(value()), not)) },
  '--destination-ports': { kinds: ['multiport'], set: (match, value, not) => void (match.dports = inverted(rangesOf(value()), not)) },
  '--icmp-type': { kinds: ['icmp'], set: (match, value, not) => void (match.type = inverted(icmpType(value()), not)) },
  '--icmpv6-type': { kinds: ['icmp6'], set: (match, value, not) => void (match.type = inverted(icmp6Type(value()), not)) },
  '--vaddr': { kinds: ['ipvs'], set: (match, value) => void (match.vaddr = whole(value())) },
  '--vproto': { kinds: ['ipvs'], set: (match, value) => void (match.vproto = protocolNumber(value())) },
  '--vport': { kinds: ['ipvs'], set: (match, value) => void (match.vport = Number(value())) },
  '--limit': { kinds: ['limit'], set: (match, value) => void (match.rate = value().replace('/minute', '/min').replace('/second', '/sec')) },
  '--limit-burst': { kinds: ['limit'], set: (match, value) => void (match.burst = Number(value())) },
  '--limit-iface-out': { kinds: ['addrtype'], set: (match) => void (match.limitOut = true) },
  '--sport': { kinds: ports, set: (match, value, not) => void (match.sport = inverted(Number(value()), not)) },
  '--src-type': { kinds: ['addrtype'], set: (match, value, not) => void (match.src = inverted(value(), not)) },
  '--dst-type': { kinds: ['addrtype'], set: (match, value, not) => void (match.dst = inverted(value(), not)) },
  '--ctstate': { kinds: ['conntrack'], set: (match, value, not) => void (match.states = inverted(statesOf(value()), not)) },
  '--state': { kinds: ['state'], set: (match, value, not) => void (match.state = inverted(statesOf(value()), not)) },
  '--mark': {
    kinds: ['mark'],
    set(match, value, not) {
      const [mark = '', mask = '0xffffffff'] = value().split('/');
      Object.assign(match, { value: Number(mark), mask: Number(mask), not });
    },
  },
  '--mode': { kinds: ['statistic'], set: (_, value) => void value() },
  '--probability': { kinds: ['statistic'], set: (match, value) => void (match.probability = quantized(value())) },
  '--name': { kinds: ['recent'], set: (match, value) => void (match.name = value()) },
  '--set': { kinds: ['recent'], set: (match) => void (match.action = 'set') },
  '--rcheck': { kinds: ['recent'], set: (match) => void (match.action = 'rcheck') },
  '--seconds': { kinds: ['recent'], set: (match, value) => void (match.seconds = Number(value())) },
  '--reap': { kinds: ['recent'], set: (match) => void (match.reap = true) },
  '--mask': { kinds: ['recent'], set: (_, value) => void value() },
  '--rsource': { kinds: ['recent'], set: () => {} },
  '--physdev-is-bridged': { kinds: ['physdev'], set: (match, _, not) => void (match.isBridged = inverted(true, not)) },
  '--physdev-is-in': { kinds: ['physdev'], set: (match, _, not) => void (match.isIn = inverted(true, not)) },
  '--nfacct-name': { kinds: ['nfacct'], set: (match, value) => void (match.name = value()) },
};

const icmpType = (name: string) => ({ 'echo-request': '8', 'destination-unreachable': '3', 'time-exceeded': '11' })[name] ?? name;
const icmp6Type = (name: string) => ({ 'destination-unreachable': '1', 'time-exceeded': '3', 'echo-request': '128', 'echo-reply': '129', 'neighbor-solicitation': '135', 'neighbor-advertisement': '136' })[name] ?? name;
const whole = (text: string) => (text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
const protocolNumber = (text: string) => ({ tcp: 6, udp: 17, sctp: 132 })[text] ?? Number(text);
const rangesOf = (text: string) => text.split(',').map((part): [number, number] => {
  const [first = 0, last = first] = part.split(':').map(Number);
  return [first, last];
});
const statesOf = (text: string) => ctStates.filter((state) => text.split(',').includes(state));

/** False when no match of the rule knows the option. */
export function matchOptions({ matches }: Draft, word: string, { reader, not }: { reader: Reader; not: boolean }): boolean {
  if (word === '--match-set') return matchSet(matches, { reader, not });
  const option = table[word];
  const match = option && matches.findLast(({ kind }) => option.kinds.includes(kind));
  if (!option || !match) return false;
  option.set(match, () => reader.value(word), not);
  return true;
}

function matchSet(matches: MatchDraft[], { reader, not }: { reader: Reader; not: boolean }): boolean {
  const match = matches.findLast(({ kind }) => kind === 'set');
  if (!match) return false;
  Object.assign(match, { name: reader.value('--match-set'), directions: reader.value('--match-set').split(','), not });
  return true;
}
