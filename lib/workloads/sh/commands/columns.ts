// cut and tr: parts of lines, and letters for letters.
import { type Command, escapes, input, linesOf } from './command.ts';
import { filter, Misused, Refused } from './getopt.ts';

type Ranges = (number: number) => boolean;

/** `1,3-`, `-2` */
function ranges(list: string): Ranges {
  const tests = list.split(',').map((text): Ranges => {
    const [, from = '', dash, to = ''] = /^(\d*)(-?)(\d*)$/.exec(text) ?? [];
    if (!from && !to) throw new Refused(`invalid number '${text}'`);
    const [first, last] = [Number(from || 1), dash ? Number(to || Infinity) : Number(from)];
    if (last < first) throw new Refused(`${last}<${first}`);
    return (number) => number >= first && number <= last;
  });
  return (number) => tests.some((test) => test(number));
}

const cut = filter('cut', { flags: 'sn', values: 'bcdfFO' }, ({ letters, values, rest }, io, shell) => {
  const list = values['f'] ?? values['c'] ?? values['b'] ?? values['F'];
  if (list === undefined) throw new Refused('expected a list of bytes, characters, or fields');
  const fields = values['f'] !== undefined || values['F'] !== undefined;
  if (!fields && values['d'] !== undefined) throw new Refused('a delimiter may be specified only when operating on fields');
  const wanted = ranges(list);
  const mark = fields ? (values['d']?.[0] ?? '\t') : '';
  const { text, status } = input('cut', rest, io, shell);
  for (const line of linesOf(text)) {
    const parts = values['F'] === undefined ? line.split(mark) : line.split(/\s+/);
    const whole = fields && parts.length === 1;
    if (whole && letters.includes('s')) continue;
    io.out(`${whole ? line : parts.filter((_, i) => wanted(i + 1)).join(values['O'] ?? (values['F'] === undefined ? mark : ' '))}\n`);
  }
  return status;
});

const span = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => String.fromCharCode(from + i)).join('');
const classes: Record<string, string> = { digit: '0-9', upper: 'A-Z', lower: 'a-z', alpha: 'A-Za-z', alnum: '0-9A-Za-z', space: '\t-\r ', blank: '\t ', punct: '!-/:-@[-`{-~', xdigit: '0-9A-Fa-f', cntrl: '\0-\x1f\x7f', print: ' -~', graph: '!-~' };
const spanned = (text: string) => text.replace(/([^])-([^])/g, (_, from: string, to: string) => span(from.charCodeAt(0), to.charCodeAt(0)));

/** The letters of a set: `a-z`, `[:upper:]`, `\n`. */
function setOf(text: string): string[] {
  const parts = escapes(text).split(/\[:(\w+):\]/);
  return [...parts.map((part, i) => spanned(i % 2 === 1 ? (classes[part] ?? '') : part)).join('')];
}

const tr = filter('tr', { flags: 'cCds', stops: true }, ({ letters, rest }, io) => {
  const [from, to] = rest.map(setOf);
  if (!from || (!to && !/[ds]/.test(letters)) || (to && letters.includes('d') && !letters.includes('s'))) throw new Misused('');
  const complement = /c/i.test(letters);
  const [remove, squeeze] = [letters.includes('d'), letters.includes('s')];
  const targets = new Map<string, string>();
  from.forEach((letter, i) => targets.set(letter, to?.[i] ?? to?.at(-1) ?? letter));
  const chosen = (letter: string) => targets.has(letter) !== complement;
  const squeezed = new Set(to ?? from);
  const once = (letter: string) => (to || !complement ? squeezed.has(letter) : !squeezed.has(letter));
  let [out, last] = ['', ''];
  for (const letter of io.stdin) {
    if (remove && chosen(letter)) continue;
    const next = remove || !to || !chosen(letter) ? letter : complement ? to.at(-1)! : targets.get(letter)!;
    if (squeeze && next === last && once(next)) continue;
    out += next;
    last = next;
  }
  io.out(out);
});

export const columnCommands: Record<string, Command> = { cut, tr };
