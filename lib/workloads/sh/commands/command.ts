// What a small command gets, and what many of them need.
import { FileError, resolvePath } from '../../../machine/index.ts';
import type { Io, Running$, Shell } from '../shell.ts';

export type Command = (argv: readonly string[], io: Io, shell: Shell) => Running$;
type Plain = (args: readonly string[], io: Io, shell: Shell) => number | void;

/** A command that never waits. */
export const plain = (run: Plain): Command =>
  function* (argv, io, shell) {
    return run(argv.slice(1), io, shell) ?? 0;
  };

/** All letters of the options: `-la -h` → `lah`. */
export const flags = (args: readonly string[]) => args.filter((a) => /^-[^\d-]/.test(a)).join('').replaceAll('-', '');
export const operands = (args: readonly string[]) => args.filter((a) => !/^-./.test(a));

/** Options with values apart from the rest: `-n 3`, `-n3`. */
export function options(args: readonly string[], withValue: string): { values: Record<string, string>; letters: string; rest: string[] } {
  const [values, rest]: [Record<string, string>, string[]] = [{}, []];
  let letters = '';
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '--') {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (!/^-[^-]/.test(word)) {
      rest.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!;
      if (!withValue.includes(letter)) letters += letter;
      else {
        values[letter] = word.slice(at + 1) || (args[++i] ?? '');
        break;
      }
    }
  }
  return { values, letters, rest };
}

/** Runs it, and says in the words of libc why it failed: `failed` makes the line of the reason. */
export function attempt(io: Io, failed: (reason: string) => string, run: () => void): number {
  try {
    run();
    return 0;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    io.err(`${failed(error.message)}\n`);
    return 1;
  }
}

/** As much of a device without an end as somebody reads at once. Differs from Kubernetes: chance has seven bits a byte. */
function deviceText(path: string, { process: { files, random } }: Shell): string | undefined {
  const node = files.find(path);
  if (node?.kind !== 'char') return undefined;
  if (node.device === 'zero') return '\0'.repeat(deviceSize);
  return node.device === 'random' ? String.fromCharCode(...Array.from({ length: deviceSize }, () => random.int(128))) : undefined;
}

const deviceSize = 16_384;

/** Commands that name a file they cannot read without saying that they cannot open it. */
const terse = new Set(['sed', 'cut', 'wc', 'head', 'nl', 'rev', 'paste', 'fold', 'tac', 'sort', 'awk']);

/** The texts of the named files one by one, or standard input. */
export function inputs(name: string, paths: readonly string[], io: Io, shell: Shell): { texts: { path: string; text: string }[]; status: number } {
  if (paths.length === 0) return { texts: [{ path: '-', text: io.stdin }], status: 0 };
  const texts: { path: string; text: string }[] = [];
  let status = 0;
  for (const path of paths) {
    const full = resolvePath(path, shell.cwd);
    const directory = path !== '-' && shell.process.files.isDirectory(full);
    const failed = (reason: string) => (directory ? `${name}: read error: Is a directory` : terse.has(name) ? `${name}: ${path}: ${reason}` : `${name}: can't open '${path}': ${reason}`);
    status |= attempt(io, failed, () => void texts.push({ path, text: path === '-' ? io.stdin : (deviceText(full, shell) ?? shell.process.files.readFile(full)) }));
  }
  return { texts, status };
}

/** Text of the named files, or of standard input. */
export function input(name: string, paths: readonly string[], io: Io, shell: Shell): { text: string; status: number } {
  const { texts, status } = inputs(name, paths, io, shell);
  return { text: texts.map(({ text }) => text).join(''), status };
}

export const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

export function escapes(text: string): string {
  return text.replace(/\\(x[\da-fA-F]{1,2}|[0-7]{1,3}|[ntrabefv\\])/g, (_, c: string) => {
    if (c.startsWith('x')) return String.fromCharCode(Number.parseInt(c.slice(1), 16));
    if (/\d/.test(c)) return String.fromCharCode(Number.parseInt(c, 8));
    return { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', e: '\x1b', f: '\f', v: '\v', '\\': '\\' }[c] ?? c;
  });
}

/** Says what is wrong; the exit status is returned. */
export function commandError(io: Io, message: string, status: number): number {
  io.err(`${message}\n`);
  return status;
}
