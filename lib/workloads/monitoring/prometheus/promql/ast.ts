// What an expression of PromQL is made of.

export interface MatcherSpec {
  name: string;
  op: '=' | '!=' | '=~' | '!~';
  value: string;
}

export interface Matching {
  on: boolean;
  labels: readonly string[];
  card: 'one-to-one' | 'many-to-one' | 'one-to-many';
  include: readonly string[];
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type Node =
  | { kind: 'number'; value: number; at: number }
  | { kind: 'string'; value: string; at: number }
  | { kind: 'selector'; matchers: readonly MatcherSpec[]; range?: number; offset: number; at: number }
  | { kind: 'subquery'; inner: Node; range: number; step: number | undefined; offset: number; at: number }
  | { kind: 'call'; name: string; args: readonly Node[]; at: number }
  | { kind: 'aggregate'; op: string; by: readonly string[] | undefined; without: readonly string[] | undefined; param?: Node; inner: Node; at: number }
  | { kind: 'unary'; op: '-' | '+'; inner: Node; at: number }
  | { kind: 'binary'; op: string; left: Node; right: Node; bool: boolean; matching: Matching; at: number; opAt: number }
  | { kind: 'paren'; inner: Node; at: number };

/** `1:6: parse error: …` */
export class ParseError extends Error {
  constructor(text: string, at: number, message: string) {
    const before = text.slice(0, at);
    super(`${before.split('\n').length}:${at - before.lastIndexOf('\n')}: parse error: ${message}`);
  }
}

/** How Prometheus calls the types. */
export const typeNames: Record<ValueType, string> = { scalar: 'scalar', vector: 'instant vector', matrix: 'range vector', string: 'string' };
