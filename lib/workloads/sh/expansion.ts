// What stands for something else in a word: $name, $(command), $((1 + 1)), *.
import { resolvePath } from '../../machine/index.ts';
import { arithmetic } from './arithmetic.ts';
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
    if (word.length === 1 && word[0]!.kind === 'variable' && word[0]!.name === '@') {
      out.push(...shell.parameters);
      continue;
    }
    out.push(...(yield* fields(shell, word, io)));
  }
  return out;
}

/** Splits what is unquoted at blanks. */
function* fields(shell: Shell, word: Word, io: Io): Generator<number, string[], void> {
  const fields: string[] = [];
  let current: string | undefined;
  for (const part of word) {
    const text: string = yield* expandPart(shell, part, io);
    if (part.quoted || part.kind === 'text') {
      current = (current ?? '') + text;
      continue;
    }
    const pieces = text.split(/[ \t\n]+/);
    for (const [i, piece] of pieces.entries()) {
      if (i > 0 && current !== undefined) {
        fields.push(current);
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
      return String(arithmetic(part.text, (name) => variable(shell, name)));
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
  if (!operator) return value;
  const missing = operator.startsWith(':') ? value === '' : !shell.variables.has(name);
  const other = operand ? yield* expandText(shell, operand, io) : '';
  switch (operator.at(-1)) {
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
