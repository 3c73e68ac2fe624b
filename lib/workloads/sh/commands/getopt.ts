// Options as getopt reads them, and commands that say what is wrong with theirs.
import { FileError, resolvePath } from '../../../machine/index.ts';
import { forEver, goingOn } from '../going.ts';
import { PatternError } from '../regex/index.ts';
import type { Io, Running$, Shell } from '../shell.ts';
import { type Command, commandError } from './command.ts';
import { usageOf } from './usage.ts';

export interface Options {
  letters: string;
  /** What was given to an option; of several the last. */
  values: Record<string, string>;
  /** What was given to an option, one a line as busybox collects patterns. */
  lists: Record<string, string[]>;
  rest: string[];
}

/** Why a command does not run; the message has no name before it. */
export class Refused extends Error {
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** The options or operands are not those of the command: its usage is said too. */
export class Misused extends Refused {}

export interface Spec {
  /** Options without a value. */
  flags?: string;
  /** Options with a value. */
  values?: string;
  /** Options whose value, if there is one, stands in the same word: `-i.bak`. */
  optional?: string;
  /** Long names: `quiet` → `q`. */
  long?: Readonly<Record<string, string>>;
  /** The options end at the first operand: what follows is another command. */
  stops?: boolean;
  /** Exit status where an option is wrong. */
  status?: number;
}

function getopt(args: readonly string[], { flags = '', values: withValue = '', optional = '', long = {}, stops = false, status = 1 }: Spec): Options {
  const found: Options = { letters: '', values: {}, lists: {}, rest: [] };
  const give = (letter: string, value: string | undefined) => {
    if (value === undefined) throw new Misused(`option requires an argument -- '${letter}'`, status);
    found.values[letter] = value;
    (found.lists[letter] ??= []).push(value);
  };
  let i = 0;
  const short = (word: string) => {
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!;
      if (withValue.includes(letter)) return give(letter, word.slice(at + 1) || args[i++]);
      if (optional.includes(letter)) {
        found.letters += letter;
        found.values[letter] = word.slice(at + 1);
        return;
      }
      if (!flags.includes(letter)) throw new Misused(`invalid option -- '${letter}'`, status);
      found.letters += letter;
    }
  };
  const named = (word: string) => {
    const [name = '', value] = word.slice(2).split(/=(.*)/s);
    const letter = long[name];
    if (!letter) throw new Misused(`unrecognized option '${word.replace(/=.*/s, '')}'`, status);
    if (withValue.includes(letter)) give(letter, value ?? args[i++]);
    else found.letters += letter;
  };
  while (i < args.length) {
    const word = args[i++]!;
    if (word === '--' || (stops && !/^-./.test(word))) {
      found.rest.push(...args.slice(word === '--' ? i : i - 1));
      break;
    }
    if (word.startsWith('--')) named(word);
    else if (/^-./.test(word)) short(word);
    else found.rest.push(word);
  }
  return found;
}

/** Thrown by a script of sed or awk that has run very long: it does not end. */
export class Endless extends Error {}

/** A command with options, which says what it refuses. */
export function optioned(name: string, spec: Spec, run: (options: Options, io: Io, shell: Shell) => Running$): Command {
  return function* (argv, io, shell) {
    try {
      return yield* run(getopt(argv.slice(1), spec), io, shell);
    } catch (error) {
      if (error instanceof Endless) return yield* goingOn(shell.going, 'endless', forEver());
      if (error instanceof RangeError) return commandError(io, `${name}: out of memory`, 1);
      if (!(error instanceof Refused || error instanceof PatternError || error instanceof FileError)) throw error;
      if (error.message) io.err(`${name}: ${error.message}\n`);
      if (error instanceof Misused) io.err(usageOf(name));
      return error instanceof Refused ? error.status : 1;
    }
  };
}

/** The same for a command that never waits. */
export const filter = (name: string, spec: Spec, run: (options: Options, io: Io, shell: Shell) => number | void): Command =>
  optioned(name, spec, function* (options, io, shell) {
    return run(options, io, shell) ?? 0;
  });

/** `-5` of head and tail as `-n 5`. */
export const numbered = (command: Command): Command => (argv, io, shell) => command(argv.map((word, i) => (i > 0 && !/^-[nc]$/.test(argv[i - 1]!) ? word.replace(/^-(\d+)$/, '-n$1') : word)), io, shell);

/** A number of an option, `1k` as 1024. */
export function count(text: string): number {
  const [, digits, unit = ''] = /^[-+]?(\d+)([bkmKMG]?)$/.exec(text) ?? [];
  if (digits === undefined) throw new Refused(`invalid number '${text}'`);
  return Number(digits) * ({ b: 512, k: 1024, K: 1024, m: 1024 ** 2, M: 1024 ** 2, G: 1024 ** 3 }[unit as 'k'] ?? 1);
}

/** A text that grows without an end. */
export function bounded(text: string): string {
  if (text.length > 4_000_000) throw new RangeError('out of memory');
  return text;
}

/** Writes a file that the command was told to write. */
export function save(path: string, text: string, shell: Shell): void {
  try {
    shell.process.files.write(resolvePath(path, shell.cwd), text);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Refused(`can't open '${path}': ${error.message}`);
  }
}

/** A pattern; the C library's complaint names it. */
export function patternOr<T>(source: string, status: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new Refused(`bad regex '${source}': ${error.message}`, status);
  }
}

