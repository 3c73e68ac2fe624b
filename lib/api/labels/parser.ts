// Reads a label selector's text: `app=web,tier in (front, back),!legacy,size>3`.
import { badRequest } from '../status.ts';
import type { StatusError } from '../status.ts';
import type { Version } from '../version.ts';
import { type Token, tokens } from './lexer.ts';
import { keyError, newRequirement, type Operator, type Requirement } from './requirement.ts';

const operators: Partial<Record<Token['type'], Operator>> = { in: 'in', notin: 'notin', '=': '=', '==': '==', '!=': '!=', '>': 'gt', '<': 'lt' };

class Parser {
  #items: Token[];
  #at = 0;
  #version: Version | undefined;

  constructor(text: string, version?: Version) {
    this.#items = tokens(text);
    this.#version = version;
  }

  parse(): Requirement[] {
    const out: Requirement[] = [];
    for (;;) {
      const next = this.#peek();
      if (next.type === 'end') return out;
      if (!startsRequirement(next)) throw badRequest(`found '${next.text}', expected: !, identifier, or 'end of string'`);
      out.push(this.#inside());
      const after = this.#take();
      if (after.type === 'end') return out;
      if (after.type !== ',') throw badRequest(`found '${after.text}', expected: ',' or 'end of string'`);
      const following = this.#peek();
      if (!startsRequirement(following)) throw badRequest(`found '${following.text}', expected: identifier after ','`);
    }
  }

  #inside(): Requirement {
    try {
      return this.#requirement();
    } catch (error) {
      throw badRequest(`unable to parse requirement: ${(error as StatusError).message}`);
    }
  }

  #requirement(): Requirement {
    let key = this.#take();
    const absent = key.type === '!';
    if (absent) key = this.#take();
    if (key.type !== 'identifier') throw badRequest(`found '${key.text}', expected: identifier`);
    const wrong = keyError(key.text, this.#version);
    if (wrong) throw badRequest(wrong);
    if (absent) return newRequirement(key.text, '!', [], this.#version);
    const next = this.#peek().type;
    if (next === 'end' || next === ',') return newRequirement(key.text, 'exists', [], this.#version);
    const operator = this.#operator();
    const values = operator === 'in' || operator === 'notin' ? this.#values() : [this.#exactValue()];
    return newRequirement(key.text, operator, [...new Set(values)].sort(), this.#version);
  }

  #operator(): Operator {
    const token = this.#items[this.#at++]!;
    const operator = operators[token.type];
    if (operator) return operator;
    const expected = this.#version?.has('selector-field-errors') ? 'in, notin, =, ==, !=, gt, lt' : "'=', '!=', '==', 'in', notin'";
    throw badRequest(`found '${token.text}', expected: ${expected}`);
  }

  #exactValue(): string {
    const next = this.#peek();
    if (next.type === 'end' || next.type === ',') return '';
    this.#at++;
    if (next.type !== 'identifier') throw badRequest(`found '${next.text}', expected: identifier`);
    return next.text;
  }

  #values(): string[] {
    const open = this.#take();
    if (open.type !== '(') throw badRequest(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.type === ')') {
      this.#at++;
      return [''];
    }
    if (first.type !== 'identifier' && first.type !== ',') throw badRequest(`found '${first.text}', expected: ',', ')' or identifier`);
    return this.#list();
  }

  /** `a, b)`: an empty place between commas counts as the empty value. */
  #list(): string[] {
    const out: string[] = [];
    for (;;) {
      const token = this.#take();
      if (token.type === 'identifier') {
        out.push(token.text);
        const next = this.#peek();
        if (next.type === ')') break;
        if (next.type !== ',') throw badRequest(`found '${next.text}', expected: ',' or ')'`);
      } else if (token.type === ',') {
        if (out.length === 0) out.push('');
        const next = this.#peek().type;
        if (next === ')') {
          out.push('');
          break;
        }
        if (next === ',') {
          this.#at++;
          out.push('');
        }
      } else throw badRequest(`found '${token.text}', expected: ',', or identifier`);
    }
    this.#at++;
    return out;
  }

  /** The next token as a name or value: `in` and `notin` are ordinary words there. */
  #peek(): Token {
    const token = this.#items[this.#at]!;
    return token.type === 'in' || token.type === 'notin' ? { type: 'identifier', text: token.text } : token;
  }

  #take(): Token {
    const token = this.#peek();
    if (this.#at < this.#items.length) this.#at++;
    return token;
  }
}

const startsRequirement = ({ type }: Token) => type === 'identifier' || type === '!';

/** The requirements in the order of their keys. Throws a BadRequest with Kubernetes' words. */
export function parseRequirements(text: string, version?: Version): Requirement[] {
  return new Parser(text, version).parse().sort(byKey);
}

export function byKey(a: Requirement, b: Requirement): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
