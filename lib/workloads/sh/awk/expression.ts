// What an expression of awk becomes.
import type { Regex } from '../regex/index.ts';
import type { Machine } from './machine.ts';
import { toText, type Value } from './values.ts';

export interface Expression {
  get(m: Machine): Value;
  /** Only what can stand on the left of `=`. */
  set?: ((m: Machine, value: Value) => void) | undefined;
  /** Of `/…/`: the expression itself and not whether the record matches. */
  regex?: string;
  /** The name of a bare variable, which may be an array. */
  name?: string;
}

export const matcher = (m: Machine, { regex, get }: Expression): Regex => m.pattern(regex ?? toText(get(m)));

/** The key of an array: `a[1,2]` has one of two parts. */
export const keyOf = (m: Machine, parts: readonly Expression[]) => parts.map((part) => toText(part.get(m))).join(m.text('SUBSEP'));
