import { parseRule, wordsOf } from './parse.ts';
import { ChainIndex } from './chain-index.ts';
import type { Packet } from './packet.ts';
import type { Rule } from './rule.ts';

export type TableName = 'filter' | 'nat';

/** Lines that came together, and what they say once somebody has read them. */
export interface LineGroup {
  readonly lines: readonly string[];
  rules?: readonly Rule[];
}

/** Chains shorter than this are read from top to bottom. */
const worthwhile = 16;

/** A chain of one table. Its lines are read when they are needed: of thousands of chains a packet walks through five. */
export class Chain {
  readonly name: string;
  /** Built-in chains have one: what becomes of packets that no rule decided about. */
  policy: 'ACCEPT' | 'DROP' | undefined;
  readonly #family: 'IPv4' | 'IPv6';
  #groups: LineGroup[] = [];
  #rules: readonly Rule[] | undefined = [];
  #index: ChainIndex | undefined;

  constructor(name: string, family: 'IPv4' | 'IPv6', policy?: 'ACCEPT' | 'DROP') {
    this.name = name;
    this.policy = policy;
    this.#family = family;
  }

  get rules(): readonly Rule[] {
    return (this.#rules ??= this.#read());
  }

  /** The rules that may hold for a packet, in their order. */
  candidates(packet: Packet): Iterable<Rule> {
    if (this.#groups.length < worthwhile && this.rules.length < worthwhile) return this.rules;
    this.#index ??= new ChainIndex(this.#groups.map((group) => this.#parsed(group)));
    return this.#index.candidates(packet);
  }

  clear(): void {
    this.#groups = [];
    this.#rules = [];
    this.#index = undefined;
  }

  add(group: LineGroup): void {
    this.#groups.push(group);
    this.#rules = undefined;
    this.#index = undefined;
  }

  has(group: LineGroup): boolean {
    return this.#groups.includes(group);
  }

  /** Puts other lines in the place of some. */
  replace(old: LineGroup, group: LineGroup): void {
    const at = this.#groups.indexOf(old);
    this.#groups[at] = group;
    this.#rules = undefined;
    if (this.#index && !this.#index.exchange(at, this.#parsed(group))) this.#index = undefined;
  }

  prepend(line: string): void {
    this.#groups = [{ lines: [line] }, ...this.#groups];
    this.#rules = undefined;
    this.#index = undefined;
  }

  /** Takes out a line that came alone. */
  remove(line: string): void {
    this.#groups = this.#groups.filter(({ lines }) => lines.length !== 1 || lines[0] !== line);
    this.#rules = undefined;
    this.#index = undefined;
  }

  /** Puts a line at a place, or takes the one there out: what somebody does by hand. Lines that came together come apart. */
  edit(at: number, { line, takes = 0 }: { line?: string; takes?: number }): void {
    const lines = this.#groups.flatMap((group) => group.lines);
    lines.splice(at, takes, ...(line === undefined ? [] : [line]));
    this.#groups = lines.map((one) => ({ lines: [one] }));
    this.#rules = undefined;
    this.#index = undefined;
  }

  #parsed(group: LineGroup): readonly Rule[] {
    return (group.rules ??= group.lines.map((line) => parseRule(wordsOf(line).slice(2), this.#family)));
  }

  #read(): readonly Rule[] {
    if (this.#groups.length === 1) return this.#parsed(this.#groups[0]!);
    const out: Rule[] = [];
    for (const group of this.#groups) for (const rule of this.#parsed(group)) out.push(rule);
    return out;
  }
}
