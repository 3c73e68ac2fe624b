// Reads a rule as it is written for `nft add rule`.
import type { Packet } from '../netfilter/packet.ts';
import { hex8, parseCondition, Words } from './parse-condition.ts';
import { type NftCondition, NftError, type NftRule, type NftStatement, type NftVerdict } from './rule.ts';

/** What the keys of a map are made of, as the rule that asks the map says it. */
const lookups: Readonly<Record<string, (packet: Packet) => string>> = {
  'ip daddr . meta l4proto . th dport': ({ dst, protocol, dport }) => `${dst} . ${protocol} . ${dport}`,
  'ip6 daddr . meta l4proto . th dport': ({ dst, protocol, dport }) => `${dst} . ${protocol} . ${dport}`,
  'meta l4proto . th dport': ({ protocol, dport }) => `${protocol} . ${dport}`,
};

const expressions = Object.entries(lookups).map(([expression, keyOf]) => ({ expression, keyOf, phrase: `${expression} vmap` }));

export function parseNftRule(text: string): NftRule {
  const [, body = '', comment] = /^(.*?)(?: comment "([^"]*)")?$/.exec(text)!;
  const words = new Words(body);
  const conditions: NftCondition[] = [];
  for (;;) {
    const statement = parseStatement(words);
    if (statement) {
      if (!words.done) throw new NftError(`Error: syntax error, unexpected ${words.next()}`);
      return { conditions, statement, comment };
    }
    const condition = parseCondition(words) ?? protocol(words);
    if (!condition) throw new NftError(`Error: syntax error, unexpected ${words.next()}`);
    conditions.push(condition);
  }
}

function protocol(words: Words): NftCondition | undefined {
  if (!words.take('meta l4proto')) return undefined;
  const wanted = words.next();
  return { text: `meta l4proto ${wanted}`, holds: ({ packet }) => packet.protocol === wanted };
}

function parseStatement(words: Words): NftStatement | undefined {
  for (const { expression, keyOf, phrase } of expressions) if (words.take(phrase)) return lookup(words.next().slice(1), { expression, keyOf });
  if (words.take('numgen random mod')) return numgen(words);
  for (const [word, symbol] of [['or', '|'], ['xor', '^']] as const) if (words.take(`mark set mark ${word}`)) return setMark(Number(words.next()), symbol);
  if (words.take('update')) return update(words);
  if (words.take('dnat to')) {
    const to = words.next();
    return { text: `dnat to ${to}`, run: () => ({ kind: 'dnat', to }) };
  }
  if (words.take('masquerade fully-random')) return { text: 'masquerade fully-random', run: () => ({ kind: 'masquerade' }) };
  if (words.take('reject')) return { text: 'reject', run: () => ({ kind: 'reject' }) };
  const verdict = parseVerdict(words);
  return verdict && { text: verdictText(verdict), run: () => verdict };
}

export const verdictText = (verdict: NftVerdict): string => ('chain' in verdict ? `${verdict.kind} ${verdict.chain}` : verdict.kind);

export function parseVerdict(words: Words): NftVerdict | undefined {
  for (const kind of ['accept', 'drop', 'return'] as const) if (words.take(kind)) return { kind };
  for (const kind of ['jump', 'goto'] as const) if (words.take(kind)) return { kind, chain: words.next() };
  return undefined;
}

function lookup(name: string, { expression, keyOf }: { expression: string; keyOf: (packet: Packet) => string }): NftStatement {
  return { text: `${expression} vmap @${name}`, run: ({ packet, table }) => table.set(name).verdict(keyOf(packet)) ?? 'miss' };
}

/** One of several ways, drawn anew for each connection. */
function numgen(words: Words): NftStatement {
  const mod = Number(words.next());
  const verdicts: NftVerdict[] = [];
  if (!words.take('vmap {')) throw new NftError(`Error: syntax error, unexpected ${words.next()}`);
  while (!words.take('}')) {
    const number = Number(words.next());
    const verdict = words.take(':') ? parseVerdict(words) : undefined;
    if (!verdict) throw new NftError('Error: syntax error, unexpected string');
    verdicts[number] = verdict;
    words.take(',');
  }
  const text = `numgen random mod ${mod} vmap { ${verdicts.map((verdict, i) => `${i} : ${verdictText(verdict)}`).join(', ')} }`;
  return { text, run: ({ host }) => verdicts[host.random.int(mod)] ?? 'miss' };
}

function setMark(value: number, symbol: '|' | '^'): NftStatement {
  return {
    text: `meta mark set meta mark ${symbol} ${hex8(value)}`,
    run({ packet }) {
      packet.mark = (symbol === '|' ? packet.mark | value : packet.mark ^ value) >>> 0;
      return undefined;
    },
  };
}

/** Remembers the sender, from now on for as long as the set says. */
function update(words: Words): NftStatement {
  const name = words.next().slice(1);
  const family = words.take('{ ip6 saddr }') ? 'ip6' : 'ip';
  if (family === 'ip' && !words.take('{ ip saddr }')) throw new NftError(`Error: syntax error, unexpected ${words.next()}`);
  return {
    text: `update @${name} { ${family} saddr }`,
    run({ packet, table, host }) {
      table.set(name).update(packet.src, host.now);
      return undefined;
    },
  };
}
