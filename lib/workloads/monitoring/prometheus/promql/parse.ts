// PromQL (promql/parser). Differs from Prometheus: no `@`, no native histograms.
import { wholeRegExp } from '../labels.ts';
import { numberOf } from '../text-format.ts';
import { type Matching, type MatcherSpec, type Node, ParseError } from './ast.ts';
import { checkTypes } from './check.ts';
import { functions } from './functions.ts';
import { comparisons, setOperators } from './operators.ts';
import { durationOf, lex, stringOf, type Token } from './lex.ts';

export const aggregators = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar', 'topk', 'bottomk', 'quantile', 'count_values'];
const withParameter = new Set(['topk', 'bottomk', 'quantile', 'count_values']);

/** The stronger it binds, the larger. */
const precedence: Record<string, number> = { or: 1, and: 2, unless: 2, '==': 3, '!=': 3, '<': 3, '>': 3, '<=': 3, '>=': 3, '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, atan2: 5, '^': 6 };

/** Throws a ParseError. */
export function parse(text: string): Node {
  const parser = new Parser(text);
  const node = parser.whole();
  checkTypes(node, text);
  return node;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = lex(text);
  }

  whole(): Node {
    if (this.#next().kind === 'end') this.#fail('no expression found in input', 0);
    const node = this.#expression(0);
    if (this.#next().kind !== 'end') this.#unexpected();
    return node;
  }

  #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #is(text: string): boolean {
    return this.#next().kind !== 'string' && this.#next().text === text;
  }

  #word(...words: string[]): string | undefined {
    const { kind, text } = this.#next();
    return kind === 'name' && words.includes(text.toLowerCase()) ? text.toLowerCase() : undefined;
  }

  #take(text?: string, where = ''): Token {
    const token = this.#next();
    if (text !== undefined && !this.#is(text)) this.#unexpected(where, `expected ${JSON.stringify(text)}`);
    this.#at++;
    return token;
  }

  #fail(message: string, at = this.#next().at): never {
    throw new ParseError(this.#text, at, message);
  }

  #unexpected(where = '', expected = ''): never {
    const { kind, text } = this.#next();
    const what = kind === 'end' ? 'end of input' : kind === 'op' ? `${text in precedence || text === '=' ? '<op:' + text + '>' : JSON.stringify(text)}` : kind === 'name' ? `identifier ${JSON.stringify(text)}` : `${kind} ${kind === 'string' ? JSON.stringify(stringOf(text)) : JSON.stringify(text)}`;
    this.#fail(`unexpected ${what}${where ? ` in ${where}` : ''}${expected ? `, ${expected}` : ''}`);
  }

  #expression(minimum: number): Node {
    let left = this.#unary();
    for (;;) {
      const { text, kind, at } = this.#next();
      const op = text.toLowerCase();
      const strength = kind === 'op' || kind === 'name' ? precedence[op] : undefined;
      if (strength === undefined || strength < minimum) return left;
      this.#take();
      const bool = this.#word('bool') !== undefined && (this.#take(), true);
      if (bool && !comparisons.has(op)) this.#fail('bool modifier can only be used on comparison operators', at);
      const matching = this.#matching(op);
      // `^` groups from the right.
      const right = this.#expression(op === '^' ? strength : strength + 1);
      left = { kind: 'binary', op, left, right, bool, matching, at: left.at, opAt: at };
    }
  }

  #matching(op: string): Matching {
    const how = this.#word('on', 'ignoring');
    if (!how) return { on: false, labels: [], card: 'one-to-one', include: [] };
    this.#take();
    const labels = this.#labelList('grouping opts');
    const group = this.#word('group_left', 'group_right');
    if (!group) return { on: how === 'on', labels, card: 'one-to-one', include: [] };
    if (setOperators.has(op)) this.#fail(`no grouping allowed for ${JSON.stringify(op)} operation`);
    this.#take();
    const include = this.#is('(') ? this.#labelList('grouping opts') : [];
    return { on: how === 'on', labels, card: group === 'group_left' ? 'many-to-one' : 'one-to-many', include };
  }

  #labelList(where: string): string[] {
    this.#take('(', where);
    const labels: string[] = [];
    while (!this.#is(')')) {
      if (this.#next().kind !== 'name') this.#unexpected(where, 'expected label');
      labels.push(this.#take().text);
      if (!this.#is(')')) this.#take(',', where);
    }
    this.#take(')');
    return labels;
  }

  #unary(): Node {
    const { at } = this.#next();
    if (this.#is('-') || this.#is('+')) {
      const op = this.#take().text as '-' | '+';
      // `-2^2` is -(2^2).
      const inner = this.#expression(precedence['^']!);
      return inner.kind === 'number' ? { ...inner, value: op === '-' ? -inner.value : inner.value, at } : { kind: 'unary', op, inner, at };
    }
    return this.#postfix(this.#primary());
  }

  /** `[5m]`, `[1h:1m]`, `offset 5m`. */
  #postfix(node: Node): Node {
    let current = node;
    for (;;) {
      if (this.#is('[')) current = this.#range(current);
      else if (this.#word('offset')) current = this.#offset(current);
      else return current;
    }
  }

  #range(inner: Node): Node {
    const { at } = this.#take('[');
    const range = this.#duration('range selector');
    if (this.#is(':')) {
      this.#take();
      const step = this.#is(']') ? undefined : this.#duration('subquery selector');
      this.#take(']');
      return { kind: 'subquery', inner, range, step, offset: 0, at: inner.at };
    }
    this.#take(']', 'range selector');
    if (inner.kind !== 'selector') this.#fail('ranges only allowed for vector selectors', at);
    if (inner.offset !== 0) this.#fail('no offset modifiers allowed before range', inner.at);
    return { ...inner, range };
  }

  #offset(node: Node): Node {
    this.#take();
    const negative = this.#is('-') && (this.#take(), true);
    const offset = this.#duration('offset') * (negative ? -1 : 1);
    if (node.kind !== 'selector' && node.kind !== 'subquery') this.#fail('offset modifier must be preceded by an instant vector selector or range vector selector or a subquery', node.at);
    return { ...node, offset };
  }

  #duration(where: string): number {
    if (this.#next().kind !== 'duration') this.#unexpected(where, 'expected duration');
    const text = this.#take().text;
    return durationOf(text) || this.#fail('duration must be greater than 0');
  }

  #primary(): Node {
    const { kind, text, at } = this.#next();
    if (kind === 'number') {
      this.#take();
      return { kind: 'number', value: text.startsWith('0x') ? Number(text) : numberOf(text)!, at };
    }
    if (kind === 'string') {
      this.#take();
      return { kind: 'string', value: stringOf(text), at };
    }
    if (this.#is('(')) {
      this.#take();
      const inner = this.#expression(0);
      this.#take(')');
      return { kind: 'paren', inner, at };
    }
    if (this.#is('{')) return this.#selector(undefined);
    if (kind !== 'name') this.#unexpected();
    return this.#named();
  }

  #named(): Node {
    const { text, at } = this.#take();
    if (aggregators.includes(text.toLowerCase()) && (this.#is('(') || this.#word('by', 'without'))) return this.#aggregate(text.toLowerCase(), at);
    if (!this.#is('(')) return this.#selector({ text, at });
    if (!(text in functions)) this.#fail(`unknown function with name ${JSON.stringify(text)}`, at);
    return { kind: 'call', name: text, args: this.#arguments(), at };
  }

  #arguments(): Node[] {
    this.#take('(');
    const args: Node[] = [];
    while (!this.#is(')')) {
      args.push(this.#expression(0));
      if (!this.#is(')')) this.#take(',');
    }
    this.#take(')');
    return args;
  }

  #aggregate(op: string, at: number): Node {
    const before = this.#grouping();
    const args = this.#arguments();
    const grouping = before ?? this.#grouping();
    const needed = withParameter.has(op) ? 2 : 1;
    if (args.length === 0) this.#fail('no arguments for aggregate expression provided', at);
    if (args.length !== needed) this.#fail(`wrong number of arguments for aggregate expression provided, expected ${needed}, got ${args.length}`, at);
    return { kind: 'aggregate', op, by: grouping?.by, without: grouping?.without, inner: args.at(-1)!, ...(needed === 2 && { param: args[0]! }), at };
  }

  #grouping(): { by?: string[]; without?: string[] } | undefined {
    const word = this.#word('by', 'without');
    if (!word) return undefined;
    this.#take();
    return { [word]: this.#labelList('grouping opts') };
  }

  #selector(name: { text: string; at: number } | undefined): Node {
    const at = name?.at ?? this.#next().at;
    const matchers: MatcherSpec[] = name ? [{ name: '__name__', op: '=', value: name.text }] : [];
    if (this.#is('{')) matchers.push(...this.#matchers());
    if (!matchers.some(({ op, value }) => matcherOf({ name: '', op, value })('') === false)) this.#fail('vector selector must contain at least one non-empty matcher', at);
    return { kind: 'selector', matchers, offset: 0, at };
  }

  #matchers(): MatcherSpec[] {
    this.#take('{');
    const matchers: MatcherSpec[] = [];
    while (!this.#is('}')) {
      if (this.#next().kind !== 'name') this.#unexpected('label matching', 'expected identifier or "}"');
      const name = this.#take().text;
      if (!['=', '!=', '=~', '!~'].includes(this.#next().text)) this.#unexpected('label matching', 'expected label matching operator');
      const op = this.#take().text as MatcherSpec['op'];
      if (this.#next().kind !== 'string') this.#unexpected('label matching', 'expected string');
      const value = stringOf(this.#take().text);
      try {
        matcherOf({ name, op, value });
      } catch {
        this.#fail(`error parsing regexp: ${value}`);
      }
      matchers.push({ name, op, value });
      if (!this.#is('}')) this.#take(',', 'label matching');
    }
    this.#take('}');
    return matchers;
  }
}

export function matcherOf({ op, value }: MatcherSpec): (text: string) => boolean {
  if (op === '=') return (text) => text === value;
  if (op === '!=') return (text) => text !== value;
  const pattern = wholeRegExp(value);
  return op === '=~' ? (text) => pattern.test(text) : (text) => !pattern.test(text);
}
