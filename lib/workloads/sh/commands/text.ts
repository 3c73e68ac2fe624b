// Filters: cat, grep, sort and their like.
import { bytesOf, joinPath, resolvePath, sizeOf, textOf } from '../../../machine/index.ts';
import { goingOn } from '../going.ts';
import type { Io, Shell } from '../shell.ts';
import { attempt, type Command, escapes, flags, input, linesOf, operands, options, plain } from './command.ts';
import { md5 } from './md5.ts';
import { printf } from '../printf.ts';

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

const grep = plain((args, io, shell) => {
  const { values, letters, rest } = options(args, 'eABCm');
  const [pattern = '', ...paths] = values['e'] === undefined ? rest : [values['e'], ...rest];
  const source = letters.includes('F') ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern;
  const expression = new RegExp(letters.includes('w') ? `\\b(?:${source})\\b` : source, letters.includes('i') ? 'i' : '');
  const searched = letters.match(/[rR]/) ? paths.flatMap((path) => filesBelow(path, shell)) : paths;
  let [count, status] = [0, 1];
  for (const path of searched.length > 0 ? searched : ['-']) {
    const { text, status: failed } = input('grep', [path], io, shell);
    if (failed) status = 2;
    for (const line of linesOf(text)) {
      if (expression.test(line) === letters.includes('v')) continue;
      count++;
      if (!/[qcl]/.test(letters)) io.out(`${searched.length > 1 ? `${path}:` : ''}${letters.includes('o') ? (expression.exec(line)?.[0] ?? line) : line}\n`);
    }
  }
  if (letters.includes('c')) io.out(`${count}\n`);
  return status === 2 ? 2 : count > 0 ? 0 : 1;
});

function filesBelow(path: string, shell: Shell): string[] {
  const { files } = shell.process;
  const full = resolvePath(path, shell.cwd);
  return files.isDirectory(full) ? files.list(full).flatMap((name) => filesBelow(joinPath(path, name), shell)) : [path];
}

const wc = plain((args, io, shell) => {
  const paths = operands(args);
  const { text, status } = input('wc', paths, io, shell);
  const counts = { l: text.split('\n').length - 1, w: text.split(/\s+/).filter(Boolean).length, c: sizeOf(text) };
  const wanted = (flags(args) || 'lwc').split('') as ('l' | 'w' | 'c')[];
  const numbers = wanted.length > 1 ? wanted.map((w) => String(counts[w]).padStart(9)).join(' ') : String(counts[wanted[0]!]);
  io.out(`${numbers}${paths.length > 0 ? ` ${paths.join(' ')}` : ''}\n`);
  return status;
});

/** `s/a/b/g` only. */
const sed = plain((args, io, shell) => {
  const { values, letters, rest } = options(args, 'e');
  const [script = '', ...paths] = values['e'] === undefined ? rest : [values['e'], ...rest];
  const [, mark = '/'] = /^s(.)/.exec(script) ?? [];
  const [, from, to, how = ''] = script.split(mark);
  if (!script.startsWith('s') || from === undefined || to === undefined) {
    io.err(`sed: unsupported command ${script}\n`);
    return 1;
  }
  const expression = new RegExp(from.replace(/\\([()+?|])/g, '$1'), how.includes('g') ? 'g' : '');
  const { text, status } = input('sed', paths, io, shell);
  const changed = linesOf(text).map((line) => `${line.replace(expression, to.replace(/\\(\d)/g, '$$$1').replace(/&/g, '$$&'))}\n`).join('');
  if (!letters.includes('i')) io.out(changed);
  else for (const path of paths) shell.process.files.write(resolvePath(path, shell.cwd), changed);
  return status;
});

/** `{print $1, $NF}`, with a pattern before it and `-F` only. */
const awk = plain((args, io, shell) => {
  const { values, rest } = options(args, 'Fv');
  const [program = '', ...paths] = rest;
  const [, pattern, words] = /^\s*(?:\/((?:[^/\\]|\\.)*)\/)?\s*(?:\{\s*print\s*(.*?);?\s*\})?\s*$/s.exec(program) ?? [];
  if (words === undefined && pattern === undefined) {
    io.err(`awk: cmd. line:1: Unexpected token\n`);
    return 1;
  }
  const { text, status } = input('awk', paths, io, shell);
  for (const line of linesOf(text)) {
    if (pattern !== undefined && !new RegExp(pattern).test(line)) continue;
    const fields = values['F'] ? line.split(values['F']) : line.trim().split(/\s+/);
    const value = (word: string) => (word.startsWith('"') ? escapes(word.slice(1, -1)) : word === '$0' ? line : word === '$NF' ? (fields.at(-1) ?? '') : word === 'NF' ? String(fields.length) : (fields[Number(word.slice(1)) - 1] ?? ''));
    const printed = (words ?? '').split(/\s*,\s*/).filter(Boolean).map((part) => (part.match(/"(?:[^"\\]|\\.)*"|\$\w+|NF/g) ?? []).map(value).join(''));
    io.out(`${printed.length > 0 ? printed.join(' ') : line}\n`);
  }
  return status;
});

const cut = plain((args, io, shell) => {
  const { values, rest } = options(args, 'dfc');
  const [from, to] = (values['f'] ?? values['c'] ?? '1').split(',')[0]!.split('-');
  const [start, end] = [Number(from || 1) - 1, to === undefined ? Number(from) : to === '' ? Infinity : Number(to)];
  const { text, status } = input('cut', rest, io, shell);
  const mark = values['c'] ? '' : (values['d'] ?? '\t');
  for (const line of linesOf(text)) io.out(`${line.split(mark).slice(start, end).join(mark)}\n`);
  return status;
});

const tr = plain((args, io) => {
  const set = (text = '') => [...escapes(text).replaceAll('[:upper:]', 'A-Z').replaceAll('[:lower:]', 'a-z').replace(/(.)-(.)/g, (_, a: string, b: string) => Array.from({ length: b.charCodeAt(0) - a.charCodeAt(0) + 1 }, (__, i) => String.fromCharCode(a.charCodeAt(0) + i)).join(''))];
  const [from, to] = operands(args).map(set);
  const remove = flags(args).includes('d');
  for (const character of io.stdin) {
    const at = from?.indexOf(character) ?? -1;
    if (at < 0) io.out(character);
    else if (!remove) io.out(to?.[at] ?? to?.at(-1) ?? '');
  }
});

/** As `hexdump -C` prints bytes. */
const hexdump = plain((args, io, shell) => {
  const { text, status } = input('hexdump', operands(args), io, shell);
  const bytes = bytesOf(text);
  const hex = (n: number, width: number) => n.toString(16).padStart(width, '0');
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const cells = Array.from({ length: 16 }, (_, i) => (i < row.length ? hex(row[i]!, 2) : '  '));
    const shown = row.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('');
    io.out(`${hex(at, 8)}  ${cells.slice(0, 8).join(' ')}  ${cells.slice(8).join(' ')}  |${shown}|\n`);
  }
  if (bytes.length > 0) io.out(`${hex(bytes.length, 8)}\n`);
  return status;
});

const base64 = plain((args, io, shell) => {
  const { text, status } = input('base64', operands(args), io, shell);
  if (flags(args).match(/[dD]/)) io.out(textOf(Uint8Array.from(atob(text.replace(/\s/g, '')), (c) => c.charCodeAt(0))));
  else io.out(`${btoa(String.fromCharCode(...bytesOf(text))).replace(/.{76}(?=.)/g, '$&\n')}\n`);
  return status;
});

const md5sum = plain((args, io, shell) => {
  let status = 0;
  for (const path of operands(args).length > 0 ? operands(args) : ['-']) {
    const { text, status: failed } = input('md5sum', [path], io, shell);
    status |= failed;
    if (!failed) io.out(`${md5(bytesOf(text))}  ${path}\n`);
  }
  return status;
});

export const textCommands: Record<string, Command> = {
  echo: plain((args, io) => {
    const options = /^-[neE]+$/.test(args[0] ?? '') ? args[0]! : '';
    const text = (options ? args.slice(1) : args).join(' ');
    io.out((options.includes('e') ? escapes(text) : text) + (options.includes('n') ? '' : '\n'));
  }),
  printf: plain((args, io) => io.out(printf(args[0] ?? '', args.slice(1)))),
  *cat(argv, io, shell) {
    const paths = operands(argv.slice(1));
    const { text, status } = input('cat', paths, io, shell);
    io.out(text);
    return status;
  },
  *tail(argv, io, shell) {
    const args = argv.slice(1);
    const { values, letters, rest } = options(args.map((a) => a.replace(/^-(\d+)$/, '-n$1')), 'nc');
    if (rest.includes('/dev/null') && /f/i.test(letters)) yield Infinity;
    const { text, status } = input('tail', rest, io, shell);
    if (values['c']) io.out(text.slice(-Number(values['c'])));
    else for (const line of linesOf(text).slice(values['n']?.startsWith('+') ? Number(values['n']) - 1 : -Number(values['n'] ?? 10) || Infinity)) io.out(`${line}\n`);
    if (/f/i.test(letters)) yield* goingOn(shell.going, 'endless', follow(rest, io, { shell, seen: text.length }));
    return status;
  },
  head: plain((args, io, shell) => {
    const { values, rest } = options(args.map((a) => a.replace(/^-(\d+)$/, '-n$1')), 'nc');
    const { text, status } = input('head', rest, io, shell);
    if (values['c']) io.out(text.slice(0, Number(values['c'])));
    else for (const line of linesOf(text).slice(0, Number(values['n'] ?? 10))) io.out(`${line}\n`);
    return status;
  }),
  grep,
  wc,
  sed,
  awk,
  cut,
  tr,
  hexdump,
  base64,
  md5sum,
  tee: plain((args, io, shell) => {
    io.out(io.stdin);
    const { files } = shell.process;
    let status = 0;
    for (const path of operands(args)) {
      const full = resolvePath(path, shell.cwd);
      status |= attempt(io, (reason) => `tee: ${path}: ${reason}`, () => files.write(full, (flags(args).includes('a') ? (files.read(full) ?? '') : '') + io.stdin));
    }
    return status;
  }),
  sort: plain((args, io, shell) => {
    const { text, status } = input('sort', operands(args), io, shell);
    const lines = linesOf(text);
    lines.sort(flags(args).includes('n') ? (a, b) => Number(a) - Number(b) : undefined);
    if (flags(args).includes('r')) lines.reverse();
    for (const line of flags(args).includes('u') ? new Set(lines) : lines) io.out(`${line}\n`);
    return status;
  }),
  uniq: plain((args, io) => {
    let [last, count] = [undefined as string | undefined, 0];
    const flush = () => last !== undefined && io.out(flags(args).includes('c') ? `${String(count).padStart(7)} ${last}\n` : `${last}\n`);
    for (const line of linesOf(io.stdin)) {
      if (line === last) count++;
      else {
        flush();
        [last, count] = [line, 1];
      }
    }
    flush();
  }),
  seq: plain((args, io) => {
    const [from, to] = args.length > 1 ? [Number(args[0]), Number(args.at(-1))] : [1, Number(args[0])];
    const step = args.length > 2 ? Number(args[1]) : 1;
    for (let n = from, left = 10_000; n <= to && left > 0; n += step, left--) io.out(`${n}\n`);
  }),
};

