// grep, as busybox has it.
import { FileError, joinPath, resolvePath } from '../../../machine/index.ts';
import { type Regex, regex } from '../regex/index.ts';
import type { Io, Shell } from '../shell.ts';
import { type Command, linesOf } from './command.ts';
import { count, filter, Misused, type Options, patternOr } from './getopt.ts';

type Matcher = (line: string, from?: number) => { start: number; end: number } | undefined;

const isWord = (character: string | undefined) => character !== undefined && /\w/.test(character);

/** The first match that stands alone, if it must be a word or the whole line. */
function alone(pattern: Regex, letters: string): Matcher {
  return (line, from = 0) => {
    for (let at = from; at <= line.length; ) {
      const found = pattern.find(line, at);
      if (!found) return undefined;
      const whole = !letters.includes('x') || (found.start === 0 && found.end === line.length);
      const word = !letters.includes('w') || !(isWord(line[found.start - 1]) || isWord(line[found.end]));
      if (whole && word) return found;
      at = found.start + 1;
    }
    return undefined;
  };
}

function matcherOf(patterns: readonly string[], letters: string): Matcher {
  const matchers = patterns.map((source) => {
    const text = letters.includes('F') ? source.replace(/[.*[\]^$\\]/g, '\\$&') : source;
    const extended = letters.includes('E') && !letters.includes('F');
    return alone(patternOr(source, 2, () => regex(text, { extended, ignoreCase: letters.includes('i') })), letters);
  });
  return (line, from) => {
    const found = matchers.flatMap((matcher) => matcher(line, from) ?? []);
    return found.sort((a, b) => a.start - b.start || b.end - a.end)[0];
  };
}

/** The lines that match, and the lines around them. */
function* shown(lines: readonly string[], hit: (line: string) => boolean, { before, after, most }: { before: number; after: number; most: number }): Generator<{ at: number; hit: boolean }> {
  let [last, left, hits] = [-1, 0, 0];
  for (const [at, line] of lines.entries()) {
    const matches = hits < most && hit(line);
    if (matches) for (let i = Math.max(last + 1, at - before); i < at; i++) yield { at: i, hit: false };
    if (matches || left > 0) {
      yield { at, hit: matches };
      last = at;
    }
    left = matches ? after : left - 1;
    if (matches) hits++;
    if (hits >= most && left <= 0) return;
  }
}

function filesBelow(path: string, shell: Shell): string[] {
  const { files } = shell.process;
  const full = resolvePath(path, shell.cwd);
  return files.isDirectory(full) ? files.list(full).flatMap((name) => filesBelow(joinPath(path, name), shell)) : [path];
}

interface Search {
  matcher: Matcher;
  letters: string;
  named: boolean;
  context: { before: number; after: number; most: number };
  /** A gap between groups of lines has been reached in an earlier file. */
  printed: boolean;
}

/** Prints what of one text is found; true where something is. */
function search(text: string, name: string, { search, io }: { search: Search; io: Io }): boolean {
  const { letters, matcher, context, named } = search;
  const lines = linesOf(text);
  const hit = (line: string) => (matcher(line) !== undefined) !== letters.includes('v');
  const quiet = /[qclL]/.test(letters);
  const around = context.before + context.after > 0 && !letters.includes('o');
  let [hits, last] = [0, -1];
  for (const found of shown(lines, hit, context)) {
    if (found.hit) hits++;
    if (quiet) continue;
    if (around && found.at > last + 1 && (last >= 0 || search.printed)) io.out('--\n');
    last = found.at;
    search.printed = true;
    const mark = found.hit ? ':' : '-';
    const head = `${named ? name + mark : ''}${letters.includes('n') ? `${found.at + 1}${mark}` : ''}`;
    if (!letters.includes('o')) io.out(`${head}${lines[found.at]}\n`);
    else if (!letters.includes('v')) for (const part of parts(lines[found.at]!, matcher)) io.out(`${head}${part}\n`);
  }
  if (letters.includes('c') && !/[qlL]/.test(letters)) io.out(`${named ? `${name}:` : ''}${hits}\n`);
  if (!letters.includes('q') && (letters.includes('l') ? hits > 0 : letters.includes('L') && hits === 0)) io.out(`${name}\n`);
  return hits > 0;
}

function* parts(line: string, matcher: Matcher): Generator<string> {
  for (let found = matcher(line); found; found = found.end < line.length ? matcher(line, Math.max(found.end, found.start + 1)) : undefined) {
    if (found.end > found.start) yield line.slice(found.start, found.end);
  }
}

function run({ letters, values, lists, rest }: Options, io: Io, shell: Shell): number {
  const { files } = shell.process;
  const given = [...(lists['e'] ?? []), ...(lists['f'] ?? []).flatMap((path) => linesOf(files.read(resolvePath(path, shell.cwd)) ?? ''))];
  const [first, ...others] = rest;
  if (given.length === 0 && !lists['f'] && first === undefined) throw new Misused('', 2);
  const paths = given.length > 0 || lists['f'] ? rest : others;
  const patterns = (given.length > 0 || lists['f'] ? given : [first!]).flatMap((pattern) => pattern.split('\n'));
  const searched = /[rR]/.test(letters) ? paths.flatMap((path) => filesBelow(path, shell)) : paths;
  const number = (letter: string) => count(values[letter] ?? values['C'] ?? '0');
  const context = { before: number('B'), after: number('A'), most: values['m'] === undefined ? Infinity : count(values['m']) };
  const named = !letters.includes('h') && (letters.includes('H') || paths.length > 1 || (/[rR]/.test(letters) && paths.length > 0));
  const how: Search = { matcher: matcherOf(patterns, letters), letters, named, context, printed: false };
  let [found, failed] = [false, false];
  for (const path of searched.length > 0 || paths.length > 0 ? searched : ['-']) {
    try {
      const full = resolvePath(path, shell.cwd);
      if (path !== '-' && files.isDirectory(full)) continue;
      const text = path === '-' ? io.stdin : files.readFile(full);
      if (search(text, path === '-' ? '(standard input)' : path, { search: how, io })) found = true;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      failed = true;
      if (!letters.includes('s')) io.err(`grep: ${path}: ${error.message}\n`);
    }
    if (found && letters.includes('q')) return 0;
  }
  return failed ? 2 : found !== letters.includes('L') ? 0 : 1;
}

const spec = { flags: 'HhnlLoqvsrRiwxFEzca', values: 'efmABC', long: { color: 'a', colour: 'a', quiet: 'q', 'ignore-case': 'i', 'invert-match': 'v', 'line-number': 'n', 'extended-regexp': 'E', count: 'c' }, status: 2 };
const always = (letter: string) => filter('grep', spec, (options, io, shell) => run({ ...options, letters: options.letters + letter }, io, shell));

export const grepCommands: Record<string, Command> = { grep: always(''), egrep: always('E'), fgrep: always('F') };
