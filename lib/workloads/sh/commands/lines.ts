// Small filters of lines: head, tail, tac, rev, nl, fold, paste, cmp, wc, cat and their like.
import { resolvePath } from '../../../machine/index.ts';
import { goingOn } from '../going.ts';
import type { Io, Shell } from '../shell.ts';
import { type Command, input, inputs, linesOf } from './command.ts';
import { count, filter, numbered, optioned } from './getopt.ts';

const joined = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** The lines with the marks at their ends: the last may have none. */
const whole = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The first of the parts, or with `-n -2` all but the last. */
const first = <T extends string | string[]>(parts: T, text: string) => parts.slice(0, text.startsWith('-') ? -count(text) || undefined : count(text)) as T;
/** The last of the parts, or with `+2` from the second. */
const last = <T extends string | string[]>(parts: T, text: string) => parts.slice(text.startsWith('+') ? Math.max(0, count(text) - 1) : -count(text) || Infinity) as T;

type Part = (text: string, values: Record<string, string>) => string;
const headOf: Part = (text, values) => (values['c'] === undefined ? first(whole(text), values['n'] ?? '10').join('') : first(text, values['c']));
const tailOf: Part = (text, values) => (values['c'] === undefined ? last(whole(text), values['n'] ?? '10').join('') : last(text, values['c']));

/** A part of each file, under its name where there are several. */
function parts(name: string, { letters, values, rest }: { letters: string; values: Record<string, string>; rest: string[] }, { io, shell, part }: { io: Io; shell: Shell; part: Part }): number {
  const { texts, status } = inputs(name, rest, io, shell);
  const named = (rest.length > 1 && !letters.includes('q')) || letters.includes('v');
  for (const [i, { path, text }] of texts.entries()) {
    if (named) io.out(`${i > 0 ? '\n' : ''}==> ${path === '-' ? 'standard input' : path} <==\n`);
    io.out(part(text, values));
  }
  return status;
}

/** Looks every second at what has been added to the files; a file that is not there yet is waited for. */
function* follow(paths: readonly string[], io: Io, { shell, seen }: { shell: Shell; seen: number }): Generator<number, void, void> {
  if (paths.length === 0) yield Infinity;
  const { files } = shell.process;
  const read = () => paths.map((path) => files.read(resolvePath(path, shell.cwd)) ?? '').join('');
  for (let known = seen; ; ) {
    yield 1000;
    const text = read();
    io.out(text.slice(text.length < known ? 0 : known));
    known = text.length;
  }
}

const tail = optioned('tail', { flags: 'fFqv', values: 'ncs' }, function* (options, io, shell) {
  const { letters, rest } = options;
  if (rest.includes('/dev/null') && /f/i.test(letters)) yield Infinity;
  const seen = rest.map((path) => (shell.process.files.read(resolvePath(path, shell.cwd)) ?? '').length).reduce((sum, n) => sum + n, 0);
  const status = parts('tail', options, { io, shell, part: tailOf });
  if (status && rest.length === 1 && !letters.includes('F')) io.err('tail: no files\n');
  else if (/f/i.test(letters)) yield* goingOn(shell.going, 'endless', follow(rest, io, { shell, seen }));
  return status;
});

/** `+3` of tail as `-n +3`. */
const fromLine = (command: Command): Command => (argv, io, shell) => command(argv.map((word, i) => (i === 1 ? word.replace(/^\+(\d+)$/, '-n+$1') : word)), io, shell);

/** A command that makes something of each line. */
const eachLine = (name: string, change: (line: string) => string): Command =>
  filter(name, {}, ({ rest }, io, shell) => {
    const { text, status } = input(name, rest, io, shell);
    io.out(joined(linesOf(text).map(change)));
    return status;
  });

const nl = filter('nl', { flags: 'p', values: 'bwsvi' }, ({ values, rest }, io, shell) => {
  const { text, status } = input('nl', rest, io, shell);
  const width = Math.min(count(values['w'] ?? '6'), 1000);
  let number = count(values['v'] ?? '1');
  const row = (line: string) => (line === '' && values['b'] !== 'a' ? ' '.repeat(width + 1) : `${String(number++).padStart(width)}${values['s'] ?? '\t'}${line}`);
  io.out(joined(linesOf(text).map(row)));
  return status;
});

const cat = filter('cat', { flags: 'nbvtTeEAu' }, ({ letters, rest }, io, shell) => {
  const { text, status } = input('cat', rest, io, shell);
  let number = 0;
  const row = (line: string) => {
    const ended = line.endsWith('\n') || !/[nb]/.test(letters) ? line : `${line}\n`;
    const tabs = /[tTA]/.test(letters) ? ended.replaceAll('\t', '^I') : ended;
    const shown = /[eEA]/.test(letters) && tabs.endsWith('\n') ? `${tabs.slice(0, -1)}$\n` : tabs;
    return letters.includes('n') || (letters.includes('b') && line !== '\n') ? `${String(++number).padStart(6)}\t${shown}` : shown;
  };
  io.out(/[nbtTeEA]/.test(letters) ? whole(text).map(row).join('') : text);
  return status;
});

/** A line in pieces; with -s they end after a blank where there is one. */
function folded(line: string, width: number, atBlanks: boolean): string {
  const out: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const blank = atBlanks ? rest.slice(0, width).search(/\s\S*$/) : -1;
    const at = blank < 0 ? width : blank + 1;
    out.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...out, rest].join('\n');
}

const fold = filter('fold', { flags: 'bs', values: 'w' }, ({ letters, values, rest }, io, shell) => {
  const { text, status } = input('fold', rest, io, shell);
  const width = Math.max(1, count(values['w'] ?? '80'));
  io.out(joined(linesOf(text).map((line) => folded(line, width, letters.includes('s')))));
  return status;
});

const paste = filter('paste', { flags: 's', values: 'd' }, ({ letters, values, rest }, io, shell) => {
  const marks = [...(values['d'] ?? '\t').replaceAll('\\n', '\n').replaceAll('\\t', '\t')];
  const row = (words: readonly string[]) => words.reduce((out, word, i) => (i === 0 ? word : out + (marks[(i - 1) % marks.length] ?? '') + word), '');
  const { texts, status } = inputs('paste', rest, io, shell);
  const columns = texts.map(({ text }) => linesOf(text));
  const piped = texts.filter(({ path }) => path === '-').length;
  if (letters.includes('s')) io.out(joined(columns.map(row)));
  else if (piped > 1 && piped === texts.length) {
    const lines = columns[0]!;
    io.out(joined(Array.from({ length: Math.ceil(lines.length / piped) }, (_, i) => row(Array.from({ length: piped }, (__, k) => lines[i * piped + k] ?? '')))));
  } else io.out(joined(Array.from({ length: Math.max(...columns.map((lines) => lines.length)) }, (_, i) => row(columns.map((lines) => lines[i] ?? '')))));
  return status;
});

export const lineCommands: Record<string, Command> = {
  cat,
  tail: fromLine(numbered(tail)),
  head: numbered(filter('head', { flags: 'qv', values: 'nc' }, (options, io, shell) => parts('head', options, { io, shell, part: headOf }))),
  tac: filter('tac', {}, ({ rest }, io, shell) => {
    const { text, status } = input('tac', rest, io, shell);
    io.out(whole(text).reverse().join(''));
    return status;
  }),
  rev: eachLine('rev', (line) => [...line].reverse().join('')),
  nl,
  fold,
  paste,
};
