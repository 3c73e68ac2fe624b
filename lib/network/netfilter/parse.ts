// Reads the words of an iptables rule, in iptables' own way: `-p tcp -m tcp --dport 80 -j ACCEPT`.
import { addressNumber, addressText, parseRange } from '../kube-proxy/addresses.ts';
import { matchOptions, type MatchDraft } from './parse-match.ts';
import { parseTarget } from './parse-target.ts';
import type { Inverted, Match, PrintedRange, Rule } from './rule.ts';

/** What iptables says of a rule that it does not understand. */
export class RuleError extends Error {}

/** Words of a line; quotation marks hold together. */
export function wordsOf(line: string): string[] {
  if (line.includes('\\')) return [...line.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, quoted, plain]) => quoted?.replace(/\\(.)/g, '$1') ?? plain!);
  const words: string[] = [];
  for (let at = 0; at < line.length; ) {
    if (line[at] === ' ') {
      at++;
      continue;
    }
    const quoted = line[at] === '"';
    if (quoted) at++;
    const found = line.indexOf(quoted ? '"' : ' ', at);
    const end = found < 0 ? line.length : found;
    words.push(line.slice(at, end));
    at = end + 1;
  }
  return words;
}

export type Draft = { -readonly [K in keyof Rule]?: Rule[K] } & { matches: MatchDraft[] };

/** A cursor over the words. */
export interface Reader {
  next(): string | undefined;
  /** The value of an option. */
  value(option: string): string;
  /** The option and its value, when it is there. */
  take(option: string): string | undefined;
  peek(): string | undefined;
}

export function parseRule(words: readonly string[], family: 'IPv4' | 'IPv6' = 'IPv4'): Rule {
  const reader = readerOf(words);
  const draft: Draft = { matches: [] };
  let not = false;
  for (let word = reader.next(); word !== undefined; word = reader.next()) {
    if (word === '!') {
      not = true;
      continue;
    }
    option(draft, word, { reader, not, family });
    not = false;
  }
  return { ...draft, matches: draft.matches.map((match) => finished(match)), target: draft.target ?? { kind: 'none' } };
}

interface Context {
  reader: Reader;
  not: boolean;
  family: 'IPv4' | 'IPv6';
}

function option(draft: Draft, word: string, context: Context): void {
  const { reader, not, family } = context;
  switch (word) {
    case '-s':
    case '--source':
    case '--src':
      draft.source = restriction(range(reader.value(word), family), not);
      return;
    case '-d':
    case '--destination':
    case '--dst':
      draft.destination = restriction(range(reader.value(word), family), not);
      return;
    case '-p':
    case '--protocol':
      draft.protocol = { value: protocolName(reader.value(word).toLowerCase()), not };
      return;
    case '-i':
    case '--in-interface':
      draft.inInterface = { value: reader.value(word), not };
      return;
    case '-o':
    case '--out-interface':
      draft.outInterface = { value: reader.value(word), not };
      return;
    case '-m':
    case '--match':
      draft.matches.push({ kind: knownMatch(reader.value(word)) });
      return;
    case '-j':
    case '--jump':
      draft.target = parseTarget(reader.value(word), reader, family);
      return;
    case '-g':
    case '--goto':
      draft.target = { kind: 'goto', chain: reader.value(word) };
      return;
    default:
      if (!matchOptions(draft, word, context)) throw new RuleError(`unknown option "${word}"`);
  }
}

/** As /etc/protocols names them. */
const protocolName = (text: string) => ({ '1': 'icmp', '4': 'ipencap', '6': 'tcp', '17': 'udp', '58': 'ipv6-icmp', '132': 'sctp' })[text] ?? text;

const matchKinds: readonly string[] = ['comment', 'tcp', 'udp', 'sctp', 'icmp', 'icmp6', 'multiport', 'limit', 'ipvs', 'addrtype', 'conntrack', 'mark', 'statistic', 'recent', 'set', 'physdev', 'nfacct', 'state'] satisfies Match['kind'][];

function knownMatch(name: string): Match['kind'] {
  if (matchKinds.includes(name)) return name as Match['kind'];
  throw new RuleError(`Couldn't load match \`${name}':No such file or directory`);
}

const required: Partial<Record<Match['kind'], keyof MatchDraft & string>> = { comment: 'text', conntrack: 'states', statistic: 'probability', recent: 'action', set: 'directions', nfacct: 'name', mark: 'value', state: 'state', icmp: 'type', icmp6: 'type', multiport: 'dports', limit: 'rate', ipvs: 'vaddr' };

function finished(match: MatchDraft): Match {
  const field = required[match.kind];
  if (field && match[field] === undefined) throw new RuleError(`${match.kind}: option missing`);
  return match as Match;
}

function range(text: string, family: 'IPv4' | 'IPv6'): PrintedRange {
  const parsed = parseRange(text);
  if (!parsed || parsed.family !== family) throw new RuleError(`host/network \`${text}' not found`);
  const [address = ''] = text.split('/');
  const single = parsed.bits === (family === 'IPv6' ? 128 : 32) ? address : undefined;
  const whole = single !== undefined || addressNumber(address) === parsed.base;
  return { ...parsed, single, text: whole ? `${address}/${parsed.bits}` : `${addressText(parsed.base, parsed.family)}/${parsed.bits}` };
}

/** From everywhere is no restriction. */
const restriction = (value: PrintedRange, not: boolean) => (value.bits === 0 && !not ? undefined : { value, not });

function readerOf(words: readonly string[]): Reader {
  let at = 0;
  const reader: Reader = {
    peek: () => words[at],
    next: () => words[at++],
    value(option) {
      const value = words[at++];
      if (value === undefined) throw new RuleError(`option "${option}" requires an argument`);
      return value;
    },
    take(option) {
      if (words[at] !== option) return undefined;
      at++;
      return reader.value(option);
    },
  };
  return reader;
}

export type { Inverted };
