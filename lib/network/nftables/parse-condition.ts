// The conditions that kube-proxy's rules are made of.
import { contains } from '../kube-proxy/addresses.ts';
import { addressSet } from './address-set.ts';
import { type NftCondition, NftError } from './rule.ts';

/** Words of a rule, read from left to right. */
export class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#words = text.split(' ').filter(Boolean);
  }

  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  /** Takes these words if they are the next ones. */
  take(phrase: string): boolean {
    // Most phrases that are tried do not even begin as the next word does.
    const first = this.#words[this.#at];
    if (first === undefined || !phrase.startsWith(first)) return false;
    const wanted = phrase.split(' ');
    if (!wanted.every((word, i) => this.#words[this.#at + i] === word)) return false;
    this.#at += wanted.length;
    return true;
  }

  next(): string {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new NftError('Error: syntax error, unexpected newline');
    return word;
  }
}

const sides = { saddr: 'src', daddr: 'dst' } as const;

/** The condition that begins here; undefined when it is something else. */
export function parseCondition(words: Words): NftCondition | undefined {
  for (const family of ['ip', 'ip6']) for (const side of ['saddr', 'daddr'] as const) if (words.take(`${family} ${side}`)) return address(words, `${family} ${side}`, sides[side]);
  for (const protocol of ['tcp', 'udp', 'sctp']) {
    if (!words.take(`${protocol} dport`)) continue;
    const port = Number(words.next());
    return { text: `${protocol} dport ${port}`, holds: ({ packet }) => packet.protocol === protocol && packet.dport === port };
  }
  for (const side of ['saddr', 'daddr'] as const) if (words.take(`fib ${side} type local`)) return { text: `fib ${side} type local`, holds: ({ packet, host }) => host.isLocal(packet[sides[side]]) };
  if (words.take('ct state new')) return { text: 'ct state new', holds: ({ packet }) => packet.state === 'NEW' };
  if (words.take('mark and')) return mark(words);
  return undefined;
}

function mark(words: Words): NftCondition {
  const mask = Number(words.next());
  if (!words.take('==')) throw new NftError(`Error: syntax error, unexpected ${words.next()}`);
  const value = Number(words.next());
  return { text: `meta mark & ${hex8(mask)} == ${hex8(value)}`, holds: ({ packet }) => (packet.mark & mask) >>> 0 === value >>> 0 };
}

export const hex8 = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;

function address(words: Words, start: string, side: 'src' | 'dst'): NftCondition {
  const not = words.take('!=');
  const head = `${start} ${not ? '!= ' : ''}`;
  const word = words.next();
  if (word.startsWith('@')) {
    const name = word.slice(1);
    return { text: head + word, holds: ({ packet, table, host }) => table.set(name).has(packet[side], host.now) !== not };
  }
  const { ranges, text } = addressSet(word === '{' ? listed(words) : [word]);
  return { text: head + text, holds: ({ packet }) => ranges.some((range) => contains(range, packet[side])) !== not };
}

/** `{ a , b }`, from after the brace. */
function listed(words: Words): string[] {
  const out: string[] = [];
  for (let word = words.next(); word !== '}'; word = words.next()) if (word !== ',') out.push(word);
  return out;
}
