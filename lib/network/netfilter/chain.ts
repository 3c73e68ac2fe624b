import { parseRule, wordsOf } from './parse.ts';
import type { Rule } from './rule.ts';

export type TableName = 'filter' | 'nat';

/** Lines that came together, and what they say once somebody has read them. */
export interface LineGroup {
  readonly lines: readonly string[];
  rules?: readonly Rule[];
}

/** A chain of one table. Its lines are read when they are needed: of thousands of chains a packet walks through five. */
export class Chain {
  readonly name: string;
  /** Built-in chains have one: what becomes of packets that no rule decided about. */
  readonly policy: 'ACCEPT' | 'DROP' | undefined;
  readonly #family: 'IPv4' | 'IPv6';
  #groups: LineGroup[] = [];
  #rules: readonly Rule[] | undefined = [];

  constructor(name: string, family: 'IPv4' | 'IPv6', policy?: 'ACCEPT' | 'DROP') {
    this.name = name;
    this.policy = policy;
    this.#family = family;
  }

  get rules(): readonly Rule[] {
    return (this.#rules ??= this.#read());
  }

  clear(): void {
    this.#groups = [];
    this.#rules = [];
  }

  add(group: LineGroup): void {
    this.#groups.push(group);
    this.#rules = undefined;
  }

  prepend(line: string): void {
    this.#groups = [{ lines: [line] }, ...this.#groups];
    this.#rules = undefined;
  }

  #read(): readonly Rule[] {
    for (const group of this.#groups) group.rules ??= group.lines.map((line) => parseRule(wordsOf(line).slice(2), this.#family));
    if (this.#groups.length === 1) return this.#groups[0]!.rules!;
    const out: Rule[] = [];
    for (const { rules } of this.#groups) for (const rule of rules!) out.push(rule);
    return out;
  }
}
