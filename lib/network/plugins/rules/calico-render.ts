// Calico marks each of its rules with a hash of the rule and of all before it, so that it knows whether somebody changed one
// (felix/generictables/rules.go, felix/iptables/renderer.go).
import { base64url, sha224, sha256 } from '../../../api/index.ts';

export interface CalicoRule {
  match?: string;
  action?: string;
  comments?: readonly string[];
}

export const accept = 0x10000;
export const pass = 0x20000;
/** All blocks of a rule held so far; this block held. */
export const scratch = 0x40000;
export const scratchOther = 0x80000;

const hex = (mark: number) => `0x${mark.toString(16)}`;
export const isSet = (mark: number) => `-m mark --mark ${hex(mark)}/${hex(mark)}`;
export const isClear = (mark: number) => `-m mark --mark 0/${hex(mark)}`;
export const setMark = (mark: number, mask = mark) => `--jump MARK --set-mark ${hex(mark)}/${hex(mask)}`;
export const clearMark = (mark: number) => `--jump MARK --set-mark 0/${hex(mark)}`;

const escaped = (text: string) => text.replace(/[^\w @%+=:,./-]/g, '_').slice(0, 256);

const textOf = (hash: string, { match, action, comments = [] }: CalicoRule) => [hash, ...comments.map((text) => `-m comment --comment "${escaped(text)}"`), match, action].filter(Boolean).join(' ');

/** `hashed` is what the hash goes by: the rules that are put behind those of others have another name there. */
export function render(chain: string, rules: readonly CalicoRule[], hashed = chain): string[] {
  let hash = sha224(hashed);
  return rules.map((rule) => {
    const text = new TextEncoder().encode(`-A ${hashed} ${textOf('HASH', rule)}`);
    hash = sha224(Uint8Array.from([...hash, ...text]));
    return `-A ${chain} ${textOf(`-m comment --comment "cali:${base64url(hash).slice(0, 16)}"`, rule)}`;
  });
}

const longestChain = 28;

/** A name that is too long ends in a hash of it. */
export function chainName(prefix: string, name: string): string {
  if (prefix.length + name.length <= longestChain) return prefix + name;
  return `${prefix}_${base64url(sha256(name)).slice(0, longestChain - 1 - prefix.length)}`;
}

const longestSet = 31;

/** `kind` is `s` for selectors, `n` for named ports. */
export const setName = (kind: string, content: string, six = false): string => inFamily(`cali40${kind}:${base64url(sha224(`${kind}:${content}`))}`.slice(0, longestSet), six);

/** What a set of IPv4 is called in the other family. */
export const inFamily = (set: string, six: boolean): string => (six ? set.replace('cali40', 'cali60') : set);
