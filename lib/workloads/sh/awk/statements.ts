// Statements of awk: each becomes a function of the running program.
import { type Expression, keyOf } from './expression.ts';
import { ExpressionParser } from './expressions.ts';
import type { Machine } from './machine.ts';
import { unexpected } from './tokens.ts';
import { formatted, fromInput, isTrue, toNumber, toText } from './values.ts';

export type Leaving = 'break' | 'continue' | 'next' | 'exit' | undefined;
/** What a statement does; an answer leaves what is around it. */
export type Statement = (m: Machine) => Leaving;

const nothing: Statement = () => undefined;

function loop(m: Machine, { condition, step, body }: { condition: (m: Machine) => boolean; step?: Statement; body: Statement }): Leaving {
  for (; condition(m); step?.(m)) {
    m.step();
    const leaving = body(m);
    if (leaving === 'break') return undefined;
    if (leaving && leaving !== 'continue') return leaving;
  }
  return undefined;
}

export class StatementParser extends ExpressionParser {
  protected gap(): void {
    while (this.take('\n', ';'));
  }

  #lines(): void {
    while (this.take('\n'));
  }

  protected block(): Statement {
    this.expect('{');
    const statements: Statement[] = [];
    for (this.gap(); !this.take('}'); this.gap()) statements.push(this.#statement());
    return (m) => {
      for (const statement of statements) {
        const leaving = statement(m);
        if (leaving) return leaving;
      }
      return undefined;
    };
  }

  /** A statement, or nothing where only a `;` stands. */
  #body(): Statement {
    this.#lines();
    if (this.take(';')) return nothing;
    return this.#statement();
  }

  #statement(): Statement {
    if (this.is('{')) return this.block();
    if (this.take('if')) return this.#if();
    if (this.take('for')) return this.#for();
    if (this.take('while')) {
      const condition = this.#condition();
      const body = this.#body();
      return (m) => loop(m, { condition, body });
    }
    if (this.take('do')) return this.#do();
    const statement = this.#simple();
    if (!this.is('}') && this.token.kind !== 'end' && !this.take(';', '\n')) throw unexpected();
    return statement;
  }

  #condition(): (m: Machine) => boolean {
    this.expect('(');
    const condition = this.expression();
    this.expect(')');
    return (m) => isTrue(condition.get(m));
  }

  #if(): Statement {
    const condition = this.#condition();
    const yes = this.#body();
    const back = this.at;
    this.gap();
    const otherwise = this.take('else') ? this.#body() : undefined;
    if (!otherwise) this.at = back;
    return (m) => (condition(m) ? yes(m) : otherwise?.(m));
  }

  #do(): Statement {
    const body = this.#body();
    this.gap();
    this.expect('while');
    const condition = this.#condition();
    return (m) => {
      let first = true;
      return loop(m, { condition: () => first || condition(m), body, step: () => void (first = false) });
    };
  }

  #for(): Statement {
    this.expect('(');
    const [variable, word, array] = this.tokens.slice(this.at);
    if (variable?.kind === 'name' && word?.text === 'in' && array?.kind === 'name' && this.tokens[this.at + 3]?.text === ')') {
      this.at += 4;
      return this.#each(variable.text, array.text);
    }
    const first = this.is(';') ? nothing : this.#simple();
    this.expect(';');
    const condition = this.is(';') ? undefined : this.expression();
    this.expect(';');
    const step = this.is(')') ? nothing : this.#simple();
    this.expect(')');
    const body = this.#body();
    return (m) => first(m) ?? loop(m, { condition: () => !condition || isTrue(condition.get(m)), step, body });
  }

  /** Differs from busybox: the keys come in the order in which they were set. */
  #each(variable: string, array: string): Statement {
    const body = this.#body();
    return (m) => {
      const keys = [...m.array(array).keys()];
      const next = () => {
        const key = keys.shift();
        if (key !== undefined) m.set(variable, fromInput(key));
        return key !== undefined;
      };
      return loop(m, { condition: next, body });
    };
  }

  #simple(): Statement {
    const leaving = this.take('break', 'continue', 'next') as Leaving;
    if (leaving) return () => leaving;
    if (this.take('exit')) return this.#exit();
    if (this.take('delete')) return this.#delete();
    const print = this.take('print', 'printf');
    if (print) return this.#print(print === 'printf');
    const expression = this.expression();
    return (m) => void expression.get(m);
  }

  #exit(): Statement {
    const [code] = this.list(';', '}', '\n');
    return (m) => {
      if (code) m.exitCode = toNumber(code.get(m)) & 255;
      return 'exit';
    };
  }

  #delete(): Statement {
    const { text: name } = this.tokens[this.at++]!;
    const parts = this.take('[') ? this.list(']') : undefined;
    if (parts) this.expect(']');
    return (m) => void (parts ? m.array(name).delete(keyOf(m, parts)) : m.array(name).clear());
  }

  /** `print(a, b)` has its values in parentheses, `print (a)(b)` has not. */
  #values(): Expression[] {
    const back = this.at;
    if (this.take('(')) {
      const values = this.list(')');
      if (this.take(')') && (this.token.kind === 'end' || this.is(';', '}', '\n', '>', '>>', '|'))) return values;
      this.at = back;
    }
    this.plain = false;
    const values = this.list(';', '}', '\n', '>', '>>');
    this.plain = true;
    return values;
  }

  #print(withFormat: boolean): Statement {
    const values = this.#values();
    const sign = this.take('>', '>>');
    const target = sign ? this.expression() : undefined;
    const [template, ...rest] = values;
    if (withFormat && !template) throw unexpected();
    return (m) => {
      const line = withFormat ? formatted(toText(template!.get(m)), rest.map((value) => value.get(m))) : (values.length > 0 ? values.map((value) => toText(value.get(m))).join(m.text('OFS')) : m.record) + m.text('ORS');
      m.write(line, target && toText(target.get(m)), sign === '>>');
      return undefined;
    };
  }
}
