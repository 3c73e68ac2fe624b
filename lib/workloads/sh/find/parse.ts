// The expression of find: tests with `-o`, `!` and parentheses.
import { Misused, Refused } from '../commands/getopt.ts';
import { withoutShell } from '../commands/xargs.ts';
import type { Io, Running$, Shell } from '../shell.ts';
import { alone, type Place, withWord } from './tests.ts';

type Check = (place: Place) => Generator<number, boolean, void>;

export interface Expression {
  check: Check;
  least: number;
  most: number;
  depthFirst: boolean;
  /** What `-exec … +` collects. */
  last: ((io: Io, shell: Shell) => Running$)[];
}

const action = /^-(print0?|delete|exec|ok)$/;
const simple = (test: (place: Place) => boolean): Check =>
  function* (place) {
    return test(place);
  };

class Parser {
  #at = 0;
  readonly #words: readonly string[];
  readonly found: Omit<Expression, 'check'> = { least: 0, most: Infinity, depthFirst: false, last: [] };
  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  either(): Check {
    const parts = [this.#all()];
    while (/^-(o|or)$/.test(this.#words[this.#at] ?? '')) {
      this.#at++;
      parts.push(this.#all());
    }
    return function* (place) {
      for (const part of parts) if (yield* part(place)) return true;
      return false;
    };
  }

  #all(): Check {
    const parts: Check[] = [];
    while (!this.done && !/^(-o|-or|\))$/.test(this.#words[this.#at]!)) {
      if (/^-(a|and)$/.test(this.#words[this.#at]!)) this.#at++;
      else parts.push(this.#one());
    }
    return function* (place) {
      for (const part of parts) if (!(yield* part(place))) return false;
      return true;
    };
  }

  #word(name: string): string {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new Refused(`${name} requires an argument`);
    return word;
  }

  #one(): Check {
    const word = this.#word('find');
    if (word === '!' || word === '-not') {
      const part = this.#one();
      return function* (place) {
        return !(yield* part(place));
      };
    }
    if (word === '(') {
      const part = this.either();
      if (this.#words[this.#at++] !== ')') throw new Refused("unpaired '('");
      return part;
    }
    if (word === '-exec') return this.#exec();
    if (word === '-maxdepth') this.found.most = Number(this.#word(word));
    else if (word === '-mindepth') this.found.least = Number(this.#word(word));
    else if (word === '-depth' || word === '-delete') this.found.depthFirst = true;
    if (/^-(maxdepth|mindepth|depth|xdev|follow)$/.test(word)) return simple(() => true);
    const test = alone[word] ?? withWord[word]?.(this.#word(word));
    if (!test) throw new Misused(`unrecognized: ${word}`);
    return simple(test);
  }

  #exec(): Check {
    const end = this.#words.findIndex((word, i) => i >= this.#at && (word === ';' || (word === '+' && this.#words[i - 1] === '{}')));
    if (end < 0 || end === this.#at) throw new Refused('-exec requires an argument');
    const argv = this.#words.slice(this.#at, end);
    this.#at = end + 1;
    if (this.#words[end] === ';') {
      return function* ({ path, io, shell }) {
        return (yield* withoutShell('find', argv.map((word) => word.replaceAll('{}', () => path)), { ...io, stdin: '' }, shell)) === 0;
      };
    }
    const paths: string[] = [];
    this.found.last.push(function* (io, shell) {
      return paths.length > 0 ? yield* withoutShell('find', [...argv.slice(0, -1), ...paths], { ...io, stdin: '' }, shell) : 0;
    });
    return simple(({ path }) => paths.push(path) > 0);
  }
}

export function parseFind(words: readonly string[]): Expression {
  const parser = new Parser(words);
  const test = parser.either();
  if (!parser.done) throw new Refused("unpaired ')'");
  const acts = words.some((word) => action.test(word));
  const check: Check = acts
    ? test
    : function* (place) {
        return (yield* test(place)) && alone['-print']!(place);
      };
  return { ...parser.found, check };
}
