// xargs: words of standard input as arguments of a command.
import type { Io, Running$, Shell } from '../shell.ts';
import { type Command, linesOf } from './command.ts';
import { count, optioned, type Options, Refused } from './getopt.ts';

/** Words as the shell would cut them; with -I whole lines. */
function wordsOf(text: string): string[] {
  const words = text.match(/(?:"[^"\n]*"|'[^'\n]*'|\\[^]|[^\s"'\\])+/g) ?? [];
  if (/["']/.test(text.replace(/"[^"\n]*"|'[^'\n]*'|\\[^]/g, ''))) throw new Refused(`unmatched ${/"/.test(text) ? 'double' : 'single'} quote`);
  return words.map((word) => word.replace(/"([^"\n]*)"|'([^'\n]*)'|\\([^])/g, (_, double?: string, single?: string, one?: string) => double ?? single ?? one ?? ''));
}

function calls({ letters, values, rest }: Options, stdin: string): string[][] {
  const command = rest.length > 0 ? rest : ['echo'];
  const mark = values['I'] ?? (letters.includes('i') ? values['i'] || '{}' : undefined);
  if (mark !== undefined) {
    const lines = linesOf(stdin).map((line) => wordsOf(line.trim().replace(/[ \t]/g, '\\$&'))[0] ?? '');
    return lines.filter(Boolean).map((line) => command.map((word) => word.replaceAll(mark, () => line)));
  }
  const zero = [values['n'], values['L']].some((text) => text !== undefined && count(text) === 0);
  if (zero) throw new Refused('number 0 is not in 1..2147483647 range');
  const words = letters.includes('0') ? stdin.split('\0').filter(Boolean) : wordsOf(stdin);
  const most = values['n'] !== undefined ? count(values['n']) : values['L'] !== undefined ? count(values['L']) : Infinity;
  if (words.length === 0) return letters.includes('r') ? [] : [[...command]];
  const made: string[][] = [];
  for (let at = 0; at < words.length; at += most) made.push([...command, ...words.slice(at, most === Infinity ? undefined : at + most)]);
  return made;
}

function* run(options: Options, io: Io, shell: Shell): Running$ {
  let status = 0;
  for (const argv of calls(options, io.stdin)) {
    if (options.letters.includes('t')) io.err(`${argv.join(' ')}\n`);
    const inner: Io = { ...io, stdin: '' };
    const result = yield* withoutShell('xargs', argv, inner, shell);
    if (result === 127 || result === 255) return result === 255 ? 124 : 127;
    if (result !== 0) status = 123;
  }
  return status;
}

/** Runs a program for another: what the shell would say of one that is not there is said in the caller's words. */
export function* withoutShell(caller: string, argv: readonly string[], io: Io, shell: Shell, absent = `${caller}: ${argv[0]}: No such file or directory\n`): Running$ {
  const missing = `${shell.name}: ${argv[0]}: not found\n`;
  return yield* shell.command(argv, { ...io, err: (text) => io.err(text === missing ? absent : text) });
}

export const xargs: Command = optioned('xargs', { flags: '0rtx', values: 'nIsPLE', optional: 'i', long: { 'no-run-if-empty': 'r', null: '0' }, stops: true }, run);
