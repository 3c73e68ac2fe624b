// One table of nftables: its sets and maps, and its chains.
import { parseNftRule } from './parse-rule.ts';
import { NftError, type NftRule } from './rule.ts';
import type { NftSet } from './set.ts';

export type NftHook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

/** What ties a chain to a hook of the kernel; chains without one are only reached by rules. */
export interface NftBase {
  type: 'filter' | 'nat';
  hook: NftHook;
  priority: number;
}

/** A chain. Its rules are read when they are needed: of thousands of chains a packet walks through five. */
export class NftChain {
  readonly name: string;
  readonly base: NftBase | undefined;
  readonly comment: string | undefined;
  #texts: string[] = [];
  #rules: readonly NftRule[] | undefined;

  constructor(name: string, { base, comment }: { base?: NftBase; comment?: string } = {}) {
    this.name = name;
    this.base = base;
    this.comment = comment;
  }

  get rules(): readonly NftRule[] {
    return (this.#rules ??= this.#texts.map(parseNftRule));
  }

  add(text: string): void {
    this.#texts.push(text);
    this.#rules = undefined;
  }

  flush(): void {
    this.#texts = [];
    this.#rules = undefined;
  }
}

const missing = () => new NftError('Error: Could not process rule: No such file or directory');

export class NftTable {
  readonly family: string;
  readonly name: string;
  readonly comment: string | undefined;
  readonly sets = new Map<string, NftSet>();
  readonly chains = new Map<string, NftChain>();

  constructor(family: string, name: string, comment: string | undefined) {
    this.family = family;
    this.name = name;
    this.comment = comment;
  }

  set(name: string): NftSet {
    const found = this.sets.get(name);
    if (!found) throw missing();
    return found;
  }

  chain(name: string): NftChain {
    const found = this.chains.get(name);
    if (!found) throw missing();
    return found;
  }
}
