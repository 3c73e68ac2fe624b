// The commands of a sed script.
import { Refused, patternOr } from '../commands/getopt.ts';
import { type Regex, regex } from '../regex/index.ts';

export type Address = { kind: 'line'; line: number } | { kind: 'last' } | { kind: 'match'; pattern: Regex | undefined } | { kind: 'more'; lines: number };

export interface Substitution {
  /** Nothing: the one used last. */
  pattern: Regex | undefined;
  to: string;
  all: boolean;
  nth: number;
  print: boolean;
}

export interface SedCommand {
  name: string;
  from?: Address | undefined;
  to?: Address | undefined;
  negated: boolean;
  /** Text of a, i, c; label of b, t, `:`; file of r, w. */
  text: string;
  substitution?: Substitution;
  /** y: what becomes what. */
  letters?: ReadonlyMap<string, string>;
  /** Where a block ends, or a jump goes. */
  target?: number;
}

class Reader {
  at = 0;
  readonly text: string;
  readonly extended: boolean;
  constructor(text: string, extended: boolean) {
    this.text = text;
    this.extended = extended;
  }

  take(expression: RegExp): string {
    const sticky = new RegExp(expression.source, 'y');
    sticky.lastIndex = this.at;
    const [found = ''] = sticky.exec(this.text) ?? [];
    this.at += found.length;
    return found;
  }

  /** Up to the mark; `\n` is a new line, an escaped mark is the mark. In a pattern a bracket may hold the mark. */
  until(mark: string, { brackets = false } = {}): string {
    let [out, bracket] = ['', false];
    for (; ; this.at++) {
      const c = this.text[this.at];
      if (c === undefined || c === '') throw new Refused(`unmatched '${mark}'`);
      if (c === '\\') {
        const next = this.text[++this.at] ?? '';
        out += next === mark ? mark : next === 'n' ? '\n' : `\\${next}`;
        continue;
      }
      if (c === mark && !bracket) break;
      if (brackets && c === '[' && !bracket) bracket = this.#closes(mark);
      else if (c === ']') bracket = false;
      out += c;
    }
    this.at++;
    return out;
  }

  /** Whether a bracket that begins here ends before the line does. */
  #closes(mark: string): boolean {
    const rest = /^\[\^?\]?[^\]\n]*\]/.exec(this.text.slice(this.at))?.[0];
    return rest !== undefined && this.text.indexOf(mark, this.at + rest.length) >= 0;
  }

  pattern(source: string, ignoreCase: boolean): Regex | undefined {
    return source === '' ? undefined : patternOr(source, 1, () => regex(source, { extended: this.extended, ignoreCase }));
  }

  address(): Address | undefined {
    const number = this.take(/\d+/);
    if (number) return { kind: 'line', line: Number(number) };
    if (this.take(/\$/)) return { kind: 'last' };
    const mark = this.take(/\/|\\[^\n]/).at(-1);
    if (!mark) return undefined;
    const source = this.until(mark, { brackets: true });
    return { kind: 'match', pattern: this.pattern(source, this.take(/I/) !== '') };
  }
}

/** `s/a/b/g` */
function substitution(reader: Reader): Substitution {
  const mark = reader.take(/[^\n\\]/);
  if (!mark) throw new Refused('bad format in substitution expression');
  const source = reader.until(mark, { brackets: true });
  const to = reader.until(mark);
  const how = reader.take(/[a-zA-Z\d]*/);
  if (/[^gipI\d]/.test(how)) throw new Refused('bad option in substitution expression');
  return { pattern: reader.pattern(source, /i/i.test(how)), to, all: how.includes('g'), nth: Number(/\d+/.exec(how)?.[0] ?? 1), print: how.includes('p') };
}

function lettersOf(reader: Reader): ReadonlyMap<string, string> {
  const mark = reader.take(/[^\n\\]/);
  const [from, to] = [reader.until(mark), reader.until(mark)].map((text) => [...text.replaceAll('\\\\', '\\')]) as [string[], string[]];
  if (from.length !== to.length) throw new Refused('strings for y command are different lengths');
  return new Map(from.map((letter, i) => [letter, to[i]!]));
}

/** The text of `a`, `i` and `c`: to the end of the line; a line that ends with `\` goes on. */
const added = (reader: Reader) => reader.take(/(?:[^\n\\]|\\[^])*/).replace(/^[ \t]*(?:\\\n?)?/, '').replace(/\\([^])/g, '$1');

function one(reader: Reader): SedCommand | undefined {
  reader.take(/[\s;]*(?:#[^\n]*[\s;]*)*/);
  if (reader.at >= reader.text.length) return undefined;
  const from = reader.address();
  let to: Address | undefined;
  if (from && reader.take(/[ \t]*,[ \t]*/)) {
    const more = reader.take(/\+\d+/);
    to = more ? { kind: 'more', lines: Number(more) } : reader.address();
    if (!to) throw new Refused('no address after comma');
  }
  const negated = reader.take(/[ \t]*![ \t!]*|[ \t]+/).includes('!');
  const name = reader.take(/[^]/);
  if (!name) throw new Refused('missing command');
  const command: SedCommand = { name, from, to, negated, text: '' };
  if (name === 's') command.substitution = substitution(reader);
  else if (name === 'y') command.letters = lettersOf(reader);
  else if (/[aic]/.test(name)) command.text = added(reader);
  else if (/[:btT]/.test(name)) command.text = reader.take(/[^\n;}]*/).trim();
  else if (/[rw]/.test(name)) command.text = reader.take(/[^\n]*/).trim();
  else if (!/[{}=dDgGhHlnNpPqQx]/.test(name)) throw new Refused(`unsupported command ${name}`);
  return command;
}

/** The commands one after the other; blocks and jumps know where they go. */
export function parseSed(text: string, extended: boolean): SedCommand[] {
  const reader = new Reader(text, extended);
  const commands: SedCommand[] = [];
  const open: SedCommand[] = [];
  for (let command = one(reader); command; command = one(reader)) {
    commands.push(command);
    if (command.name === '{') open.push(command);
    if (command.name === '}') {
      const block = open.pop();
      if (!block) throw new Refused('unexpected }');
      block.target = commands.length;
    }
  }
  if (open.length > 0) throw new Refused('unterminated {');
  for (const command of commands) {
    if (!/[btT]/.test(command.name)) continue;
    const label = commands.findIndex(({ name, text: own }) => name === ':' && own === command.text);
    if (command.text && label < 0) throw new Refused(`can't find label for jump to '${command.text}'`);
    command.target = command.text ? label : commands.length;
  }
  return commands;
}
