// From the words of a command line to the command they name; what remains are its own arguments.
import { commands } from './commands/index.ts';
import { PlainError } from './errors.ts';
import { bool, type Flag, list, string } from './flags.ts';
import type { Command } from './session.ts';

/** Flags that every command knows. */
export const globalFlags: Flag[] = [
  string('namespace', 'n'),
  string('context'),
  string('cluster'),
  string('user'),
  string('server', 's'),
  string('kubeconfig'),
  string('as'),
  list('as-group'),
  string('as-uid'),
  string('token'),
  string('request-timeout', undefined, '0'),
  { name: 'v', short: 'v', type: 'int', value: '0' },
  string('cache-dir'),
  string('certificate-authority'),
  string('client-certificate'),
  string('client-key'),
  bool('insecure-skip-tls-verify'),
  bool('match-server-version'),
  bool('warnings-as-errors'),
  string('tls-server-name'),
  bool('disable-compression'),
  bool('help', 'h'),
];

/** Flags before the command's name that take a value of their own. */
const takesValue = new Set(globalFlags.filter(({ type }) => type !== 'bool').flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]));

export interface Found {
  command: Command | undefined;
  /** `kubectl rollout status` */
  path: string;
  rest: string[];
}

/** Finds the command by the words that are not flags; what remains are its own arguments. */
export function findCommand(argv: readonly string[]): Found {
  const rest = [...withoutHelp(argv)];
  let path = 'kubectl';
  let command: Command | undefined;
  for (let choices: readonly Command[] | undefined = commands; choices; choices = command?.commands) {
    const at = firstWord(rest);
    const word = at < 0 ? undefined : rest[at]!;
    const next: Command | undefined = choices.find(({ name, aliases }) => name === word || aliases?.includes(word!));
    if (!next) {
      if (!command && word !== undefined) throw new PlainError(unknownCommand(word));
      break;
    }
    rest.splice(at, 1);
    command = next;
    path += ` ${next.name}`;
  }
  return { command, path, rest };
}

/** `kubectl help get` asks for the help of `get`. */
function withoutHelp(argv: readonly string[]): readonly string[] {
  const words = argv[0] === 'kubectl' ? argv.slice(1) : argv;
  return words[0] === 'help' ? [...words.slice(1), '--help'] : words;
}

function firstWord(words: readonly string[]): number {
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--') return -1;
    if (!words[i]!.startsWith('-')) return i;
    if (takesValue.has(words[i]!)) i++;
  }
  return -1;
}

/** cobra proposes commands two edits away, or that begin so. */
function unknownCommand(word: string): string {
  const near = commands.filter(({ name }) => distance(word, name) <= 2 || name.startsWith(word.toLowerCase())).map(({ name }) => name);
  const proposal = near.length > 0 ? `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}` : '';
  return `error: unknown command ${JSON.stringify(word)} for "kubectl"${proposal}`;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
