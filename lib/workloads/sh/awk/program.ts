// The rules of an awk program: what is done for which records.
import type { Expression } from './expression.ts';
import type { Machine } from './machine.ts';
import { type Statement, StatementParser } from './statements.ts';
import { awkTokens } from './tokens.ts';
import { isTrue } from './values.ts';

export interface Rule {
  when: 'BEGIN' | 'END' | 'record';
  /** Nothing: every record. */
  chosen?: (m: Machine) => boolean;
  run: Statement;
}

class ProgramParser extends StatementParser {
  rules(): Rule[] {
    const rules: Rule[] = [];
    for (this.gap(); this.token.kind !== 'end'; this.gap()) rules.push(this.#rule());
    return rules;
  }

  #rule(): Rule {
    const when = this.take('BEGIN', 'END') as 'BEGIN' | 'END' | undefined;
    if (when) return { when, run: this.block() };
    if (this.is('{')) return { when: 'record', run: this.block() };
    const first = this.expression();
    const last = this.take(',') ? this.expression() : undefined;
    const run: Statement = this.is('{') ? this.block() : (m) => void m.write(m.record + m.text('ORS'));
    return { when: 'record', chosen: last ? between(first, last) : (m) => isTrue(first.get(m)), run };
  }
}

/** From a record that matches the first to one that matches the last. */
function between(first: Expression, last: Expression): (m: Machine) => boolean {
  let inside = false;
  return (m) => {
    const here = inside || isTrue(first.get(m));
    inside = here && !isTrue(last.get(m));
    return here;
  };
}

export const parseAwk = (program: string): Rule[] => new ProgramParser(awkTokens(program)).rules();
