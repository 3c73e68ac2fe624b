// Commands that take their input line by line: what they make of two pieces is what they make of each.
import type { Command } from './commands/command.ts';
import type { Feed } from './feed.ts';
import { readsInput } from '../session/reads-input.ts';
import type { Io, Running$, Shell } from './shell.ts';

const words = (args: readonly string[]) => args.filter((word) => !/^-./.test(word));
const letters = (args: readonly string[]) => args.filter((word) => /^-[^-]/.test(word)).join('').replaceAll('-', '');

/** A script that looks neither at the number of a line nor at what came before. */
const plainSed = /^(?:\/[^/]*\/)?(?:s(.)(?:(?!\1).)*\1(?:(?!\1).)*\1[gI]*|p|d)$/;
const statefulAwk = /\b(?:BEGIN|END|N[FR]?R|exit|getline|printf?\s*>)|[^=!<>~]=[^=~]|\+\+|--/;

/** Whether a command with these arguments is one of them. */
const lineByLine: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  cat: (args) => words(args).length === 0 && !/[nb]/.test(letters(args)),
  grep: (args) => words(args).length === 1 && args.every((word) => !word.startsWith('-') || word === '--line-buffered' || word.startsWith('--color') || /^-[EFivwxohs]+$/.test(word)),
  cut: (args) => args.every((word) => word.startsWith('-') || /^[\d,-]+$|^.$/.test(word)),
  tr: () => true,
  rev: (args) => words(args).length === 0,
  sed: (args) => words(args).length === 1 && /^[nEru]*$/.test(letters(args)) && plainSed.test(words(args)[0]!),
  awk: (args) => words(args).length === 1 && !statefulAwk.test(words(args)[0]!),
};

/** How many lines, or finds, a command waits for. */
function enough(name: string, args: readonly string[]): { hits: number; without: readonly string[] } | undefined {
  const text = args.join(' ');
  if (name === 'head' && args.length <= 2) {
    const lines = /^$/.test(text) ? '10' : /^-(?:n ?)?(\d+)$/.exec(text)?.[1];
    return lines === undefined ? undefined : { hits: Number(lines), without: [] };
  }
  if (name !== 'grep') return undefined;
  const quiet = args.some((word) => /^-[a-z]*q/.test(word));
  const most = args.findIndex((word) => /^-m\d*$/.test(word));
  if (most < 0) return quiet ? { hits: 1, without: args } : undefined;
  const separate = args[most] === '-m';
  const without = args.filter((_, i) => i !== most && !(separate && i === most + 1));
  return { hits: Number(separate ? args[most + 1] : args[most]!.slice(2)), without };
}

/** Runs a command on what comes out of a pipe, as far as it takes it in pieces; undefined when it wants all of it at once. */
export function streamed(argv: readonly string[], { io, shell, feed, command }: { io: Io; shell: Shell; feed: Feed; command: Command }): Running$ | undefined {
  const name = argv[0]!.slice(argv[0]!.lastIndexOf('/') + 1).replace(/^[ef]grep$/, 'grep');
  const args = argv.slice(1);
  const limit = enough(name, args);
  if (limit && name === 'head') return firstLines(limit.hits, feed, io);
  if (limit && ( lineByLine['grep']!(limit.without.map((word) => word.replace(/^(-[a-zE]*)q/, '$1w').replace(/^-$/, '-w'))))) return untilEnough(limit.hits, feed, (line) => command([argv[0]!, ...limit.without], { ...io, stdin: line, feed: undefined }, shell));
  if (lineByLine[name]?.(args)) return inPieces(feed, (text) => command(argv, { ...io, stdin: text, feed: undefined }, shell));
  return undefined;
}

/** Whether a command takes its input as a whole. */
export const wantsInput = (argv: readonly string[]): boolean => readsInput(argv, false) || /^(?:.*\/)?(?:rev|tac|nl|paste|fold|sha256sum|sha1sum|od|xxd|gzip|gunzip|shuf|column|diff)$/.test(argv[0]!);

function* firstLines(count: number, feed: Feed, io: Io): Running$ {
  for (let left = count; left > 0 && (yield* feed.more()); left--) io.out(feed.takeLine());
  return 0;
}

function* inPieces(feed: Feed, run: (text: string) => Running$): Running$ {
  let best: number | undefined;
  while (yield* feed.more()) {
    const status = yield* run(feed.take());
    best = Math.min(best ?? status, status);
  }
  return best ?? (yield* run(''));
}

function* untilEnough(hits: number, feed: Feed, run: (line: string) => Running$): Running$ {
  let left = hits;
  while (left > 0 && (yield* feed.more())) if ((yield* run(feed.takeLine())) === 0) left--;
  return left < hits ? 0 : 1;
}
