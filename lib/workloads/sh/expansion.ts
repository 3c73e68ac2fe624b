// What stands for something else in a word: $name, $(command), $((1 + 1)), *.
import { resolvePath } from '../../machine/index.ts';
import { arithmetic, type Names } from './arithmetic.ts';
import { globPattern } from './commands/pattern.ts';
import { ExitShell } from './leaving.ts';
import type { Io, Shell } from './shell.ts';
import type { Word } from './tree.ts';

/** The words of a command: variables, commands and arithmetic put in, split at blanks, names of files matched. */
export function* expandAll(shell: Shell, words: readonly Word[], io: Io): Generator<number, string[], void> {
  const out: string[] = [];
  for (const word of words) {
    if (word.length === 1 && word[0]!.kind === 'text') {
      const { text, quoted } = word[0]!;
      if (!quoted && /[*?]/.test(text)) out.push(...matchFiles(shell, text));
      else out.push(text);
      continue;
    }
    if (isAllParameters(word)) {
      out.push(...shell.parameters);
      continue;
    }
    out.push(...(yield* fields(shell, word, io)));
  }
  return out;
}

/** `"$@"` is as many words as there are parameters, also none. */
function isAllParameters(word: Word): boolean {
  const [first, ...others] = word.filter((one) => one.kind !== 'text' || one.text !== '');
  return others.length === 0 && first?.kind === 'variable' && first.name === '@' && first.operator === undefined;
}

/** Where a value that is not quoted falls apart: by default at blanks. */
function separatorOf(ifs: string): RegExp | undefined {
  const letters = (of: readonly string[]) => of.map((letter) => letter.replace(/[\\\]^-]/, '\\$&')).join('');
  const blanks = letters([...ifs].filter((letter) => /\s/.test(letter)));
  const others = letters([...ifs].filter((letter) => !/\s/.test(letter)));
  if (!others) return blanks ? new RegExp(`[${blanks}]+`) : undefined;
  return new RegExp(blanks ? `[${blanks}]*[${others}][${blanks}]*|[${blanks}]+` : `[${others}]`);
}

/** Splits what is unquoted. */
function* fields(shell: Shell, word: Word, io: Io): Generator<number, string[], void> {
  const fields: string[] = [];
  let current: string | undefined;
  const ifs = shell.variables.get('IFS') ?? ' \t\n';
  const separator = separatorOf(ifs);
  for (const part of word) {
    const text: string = yield* expandPart(shell, part, io);
    if (part.quoted || part.kind === 'text') {
      current = (current ?? '') + text;
      continue;
    }
    const pieces = separator ? text.split(separator) : [text];
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) {
        // Between two separators that are no blanks stands an empty word.
        if (current !== undefined || !/\s/.test(ifs)) fields.push(current ?? '');
        current = undefined;
      }
      if (piece) current = (current ?? '') + piece;
    }
  }
  if (current !== undefined) fields.push(current);
  return fields;
}

/** One word as it stands, not split. */
export function* expandText(shell: Shell, word: Word, io: Io): Generator<number, string, void> {
  let out = '';
  for (const part of word) out += yield* expandPart(shell, part, io);
  return out;
}

function* expandPart(shell: Shell, part: Word[number], io: Io): Generator<number, string, void> {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'arithmetic':
      return String(arithmetic(part.text, namesOf(shell)));
    case 'command': {
      let text = '';
      yield* shell.subshell(part.body, { ...io, out: (piece) => void (text += piece) });
      return text.replace(/\n+$/, '');
    }
    case 'variable':
      return yield* expandVariable(shell, part, io);
  }
}

function* expandVariable(shell: Shell, { name, operator, operand }: Word[number] & { kind: 'variable' }, io: Io): Generator<number, string, void> {
  if (name.length > 1 && name.startsWith('#')) return String(variable(shell, name.slice(1)).length);
  const value = variable(shell, name);
  if (!operator && shell.nounset && value === '' && /^\w+$/.test(name) && isMissing(shell, name)) {
    io.err(`${shell.name}: ${name}: parameter not set\n`);
    throw new ExitShell(2);
  }
  if (!operator) return value;
  const missing = operator.startsWith(':') ? value === '' : isMissing(shell, name);
  const other = operand ? yield* expandText(shell, operand, io) : '';
  if (operator === ':') return part(value, other.split(':').map((text) => arithmetic(text, namesOf(shell))));
  switch (operator.at(-1)) {
    case '/':
      return replaced(value, other, operator === '//');
    case '-':
      return missing ? other : value;
    case '=':
      if (missing) shell.variables.set(name, other);
      return missing ? other : value;
    case '+':
      return missing ? '' : other;
    case '?':
      if (!missing) return value;
      io.err(`${shell.name}: ${name}: ${other || 'parameter not set'}\n`);
      throw new ExitShell(2);
    case '#':
      return trim(value, other, operator.length === 2, 'start');
    default:
      return trim(value, other, operator.length === 2, 'end');
  }
}

/** Variables as arithmetic reads and writes them. */
export function namesOf(shell: Shell): Names {
  return { get: (name) => variable(shell, name), set: (name, value) => void shell.variables.set(name, value) };
}

function isMissing(shell: Shell, name: string): boolean {
  return /^\d+$/.test(name) ? shell.parameters[Number(name) - 1] === undefined : !shell.variables.has(name);
}

function variable(shell: Shell, name: string): string {
  switch (name) {
    case '?':
      return String(shell.status);
    case '#':
      return String(shell.parameters.length);
    case '@':
    case '*':
      return shell.parameters.join(' ');
    case '$':
      return '1';
    case '0':
      return shell.name;
    case 'RANDOM':
      return String(shell.process.random.int(32_768));
    case 'SECONDS':
      return String(Math.floor(shell.process.clock.now / 1000) % 1_000_000);
    case 'PWD':
      return shell.cwd;
  }
  if (/^\d+$/.test(name)) return shell.parameters[Number(name) - 1] ?? '';
  return shell.variables.get(name) ?? '';
}

function matchFiles(shell: Shell, pattern: string): string[] {
  const slash = pattern.lastIndexOf('/');
  const directory = resolvePath(pattern.slice(0, slash + 1) || '.', shell.cwd);
  const matching = globPattern(pattern.slice(slash + 1));
  const names = shell.process.files.isDirectory(directory) ? shell.process.files.list(directory).filter((name) => matching.test(name) && (!name.startsWith('.') || pattern[slash + 1] === '.')) : [];
  return names.length > 0 ? names.map((name) => pattern.slice(0, slash + 1) + name) : [pattern];
}

/** `${name:1:3}`; a negative place counts from the end. */
function part(value: string, [from = 0, length]: number[]): string {
  const start = from < 0 ? Math.max(0, value.length + from) : from;
  return value.slice(start, length === undefined ? undefined : length < 0 ? length : start + length);
}

/** `${name/pattern/other}`, with `//` everywhere; at each place the longest piece that matches. */
function replaced(value: string, what: string, everywhere: boolean): string {
  const [pattern = '', other = ''] = what.split(/\/(.*)/s, 2);
  if (pattern === '') return value;
  const matching = globPattern(pattern);
  let [out, i] = ['', 0];
  while (i < value.length) {
    let end = value.length;
    while (end > i && !matching.test(value.slice(i, end))) end--;
    if (end === i) out += value[i++];
    else {
      out += other;
      i = end;
      if (!everywhere) break;
    }
  }
  return out + value.slice(i);
}

/** `${name#pattern}` and its like. */
function trim(value: string, pattern: string, longest: boolean, where: 'start' | 'end'): string {
  const matches: string[] = [];
  for (let i = 0; i <= value.length; i++) {
    const [piece, rest] = where === 'start' ? [value.slice(0, i), value.slice(i)] : [value.slice(i), value.slice(0, i)];
    if (globPattern(pattern).test(piece)) matches.push(rest);
  }
  matches.sort((a, b) => a.length - b.length);
  return (longest ? matches[0] : matches.at(-1)) ?? value;
}
