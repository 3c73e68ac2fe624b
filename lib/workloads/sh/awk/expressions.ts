// Expressions of awk: each becomes a function of the running program.
import { bounded } from '../commands/getopt.ts';
import { type Expression, keyOf, matcher } from './expression.ts';
import { call } from './functions.ts';
import type { Machine } from './machine.ts';
import { Reader } from './reader.ts';
import { unexpected } from './tokens.ts';
import { compare, isTrue, toNumber, toText, type Value } from './values.ts';

const arithmetics: Record<string, (a: number, b: number) => number> = { '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b, '%': (a, b) => a % b, '^': (a, b) => a ** b, '**': (a, b) => a ** b };
const comparisons: Record<string, (order: number) => boolean> = { '<': (n) => n < 0, '<=': (n) => n <= 0, '==': (n) => n === 0, '!=': (n) => n !== 0, '>': (n) => n > 0, '>=': (n) => n >= 0 };

const bit = (truth: boolean) => (truth ? 1 : 0);
const calculated = (sign: string, a: Expression, b: Expression): Expression => ({ get: (m) => arithmetics[sign]!(toNumber(a.get(m)), toNumber(b.get(m))) });

export class ExpressionParser extends Reader {
  /** In `print a > b` the sign is no comparison. */
  protected plain = true;

  expression(): Expression {
    const left = this.#ternary();
    const sign = left.set ? this.take('=', '+=', '-=', '*=', '/=', '%=', '^=', '**=') : undefined;
    if (!sign) return left;
    const right = this.expression();
    const value = sign === '=' ? right : calculated(sign.slice(0, -1), left, right);
    return this.#changing(left, (m) => value.get(m));
  }

  #changing({ set }: Expression, value: (m: Machine) => Value): Expression {
    return {
      get: (m) => {
        const next = value(m);
        set!(m, next);
        return next;
      },
    };
  }

  #ternary(): Expression {
    const condition = this.#either();
    if (!this.take('?')) return condition;
    const yes = this.expression();
    this.expect(':');
    const no = this.expression();
    return { get: (m) => (isTrue(condition.get(m)) ? yes : no).get(m) };
  }

  /** Operations of one rank, from the left. */
  #ranked(signs: readonly string[], next: () => Expression, made: (sign: string, a: Expression, b: Expression) => Expression): Expression {
    let left = next();
    for (let sign = this.take(...signs); sign; sign = this.take(...signs)) left = made(sign, left, next());
    return left;
  }

  #either(): Expression {
    return this.#ranked(['||'], () => this.#both(), (_, a, b) => ({ get: (m) => bit(isTrue(a.get(m)) || isTrue(b.get(m))) }));
  }

  #both(): Expression {
    return this.#ranked(['&&'], () => this.#member(), (_, a, b) => ({ get: (m) => bit(isTrue(a.get(m)) && isTrue(b.get(m))) }));
  }

  #member(): Expression {
    let left = this.#match();
    while (this.plain && this.take('in')) {
      const [a, { text: name }] = [left, this.tokens[this.at++]!];
      left = { get: (m) => bit(m.array(name).has(toText(a.get(m)))) };
    }
    return left;
  }

  #match(): Expression {
    const made = (sign: string, a: Expression, b: Expression): Expression => ({ get: (m) => bit((matcher(m, b).find(toText(a.get(m))) !== undefined) === (sign === '~')) });
    return this.#ranked(['~', '!~'], () => this.#comparison(), made);
  }

  #comparison(): Expression {
    const left = this.#joined();
    const sign = this.take('<', '<=', '==', '!=', '>=') ?? (this.plain ? this.take('>') : undefined);
    if (!sign) return left;
    const right = this.#joined();
    return { get: (m) => bit(comparisons[sign]!(compare(left.get(m), right.get(m)))) };
  }

  #joined(): Expression {
    let left = this.#sum();
    while (/^(number|string|name|regex)$/.test(this.token.kind) || this.is('$', '!', '(', '++', '--')) {
      const [a, b] = [left, this.#sum()];
      left = { get: (m) => bounded(toText(a.get(m)) + toText(b.get(m))) };
    }
    return left;
  }

  #sum(): Expression {
    return this.#ranked(['+', '-'], () => this.#product(), calculated);
  }

  #product(): Expression {
    return this.#ranked(['*', '/', '%'], () => this.#unary(), calculated);
  }

  #unary(): Expression {
    const sign = this.take('!', '-', '+');
    if (!sign) return this.#power();
    const inner = this.#unary();
    if (sign === '!') return { get: (m) => bit(!isTrue(inner.get(m))) };
    return { get: (m) => (sign === '-' ? -1 : 1) * toNumber(inner.get(m)) };
  }

  #power(): Expression {
    const base = this.#step();
    const sign = this.take('^', '**');
    return sign ? calculated('^', base, this.#unary()) : base;
  }

  /** `i++`, `--i` */
  #step(): Expression {
    const before = this.take('++', '--');
    const target = this.#primary();
    const sign = before ?? (target.set ? this.take('++', '--') : undefined);
    if (!sign) return target;
    if (!target.set) throw unexpected();
    const by = sign === '++' ? 1 : -1;
    const changed = this.#changing(target, (m) => toNumber(target.get(m)) + by);
    return before ? changed : { get: (m) => toNumber(changed.get(m)) - by };
  }

  #primary(): Expression {
    const { kind, text } = this.token;
    if (this.take('(')) return this.#grouped();
    if (this.take('$')) {
      const number = this.#step();
      const index = (m: Machine) => toNumber(number.get(m));
      return { get: (m) => m.field(index(m)), set: (m, value) => m.setField(index(m), value) };
    }
    if (this.is('-', '+', '!')) return this.#unary();
    this.at++;
    if (kind === 'number') return { get: () => Number(text) };
    if (kind === 'string') return { get: () => text };
    if (kind === 'regex') return { get: (m) => bit(m.pattern(text).find(m.record) !== undefined), regex: text };
    if (kind === 'name') return this.#named(text);
    throw unexpected();
  }

  #grouped(): Expression {
    const parts = this.#within(')');
    if (parts.length === 1) return { get: (m) => parts[0]!.get(m) };
    if (parts.length === 0 || !this.take('in')) throw unexpected();
    const { text: name } = this.tokens[this.at++]!;
    return { get: (m) => bit(m.array(name).has(keyOf(m, parts))) };
  }

  #named(name: string): Expression {
    if (this.take('[')) {
      const parts = this.#within(']');
      return { get: (m) => element(m, name, keyOf(m, parts)), set: (m, value) => m.array(name).set(keyOf(m, parts), value) };
    }
    const parts = this.take('(') ? this.#within(')') : [];
    const run = call(name, parts);
    if (run) return { get: run };
    if (parts.length > 0) throw unexpected();
    return { get: (m) => m.get(name), set: (m, value) => m.set(name, value), name };
  }

  /** The expressions up to a closing sign; `>` compares among them. */
  #within(end: string): Expression[] {
    const before = this.plain;
    this.plain = true;
    const parts = this.list(end);
    this.plain = before;
    this.expect(end);
    return parts;
  }

  /** Expressions between commas, up to a sign that is not taken. */
  protected list(...ends: string[]): Expression[] {
    const parts: Expression[] = [];
    if (this.token.kind === 'end' || this.is(...ends)) return parts;
    do {
      while (this.take('\n'));
      parts.push(this.expression());
    } while (this.take(','));
    return parts;
  }
}

/** What is looked at is there from then on. */
function element(m: Machine, name: string, key: string): Value {
  const array = m.array(name);
  if (!array.has(key)) array.set(key, undefined);
  return array.get(key);
}
