// From the words of a command line to the command they name, as cobra finds it.
import { distance } from '../../../kubectl/index.ts';
import type { KubeadmCommand } from './command.ts';
import { KubeadmError } from './errors.ts';
import { helpFlag, inherited, type Line, pathOf } from './help.ts';
import type { KubeadmFlag } from './flags.ts';

export const flagsOf = (line: Line): KubeadmFlag[] => {
  const { name, flags = [], persistent = [] } = line.at(-1)!;
  return [...flags, ...persistent, ...inherited(line), helpFlag(name)];
};

/** The place of the first word that is no flag and no value of one; a flag that nobody knows takes the next word. */
function firstWord(words: readonly string[], flags: readonly KubeadmFlag[]): number {
  const alone = (word: string) => flags.some(({ name, short, type }) => type === 'bool' && (word === `--${name}` || word === `-${short}`));
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') return -1;
    if (!word.startsWith('-') || word === '-') return i;
    const takesNext = word.startsWith('--') ? !word.includes('=') : word.length === 2;
    if (takesNext && !alone(word)) i++;
  }
  return -1;
}

/** The command, and the words that are its own. */
export function find(root: KubeadmCommand, argv: readonly string[]): { line: Line; rest: string[] } {
  const rest = [...argv];
  const line = [root];
  for (;;) {
    const at = firstWord(rest, flagsOf(line));
    const word = at < 0 ? undefined : rest[at];
    const next = word === undefined ? undefined : line.at(-1)!.commands?.find(({ name, aliases }) => name === word || aliases?.includes(word));
    if (!next) {
      if (line.length === 1 && word !== undefined) throw new KubeadmError(unknown(root, word));
      return { line, rest };
    }
    rest.splice(at, 1);
    line.push(next);
  }
}

function unknown(root: KubeadmCommand, word: string): string {
  const near = (root.commands ?? []).map(({ name }) => name).filter((name) => distance(word.toLowerCase(), name) <= 2 || name.startsWith(word.toLowerCase())).sort();
  const proposal = near.length > 0 ? `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}` : '';
  return `unknown command ${JSON.stringify(word)} for ${JSON.stringify(pathOf([root]))}${proposal}`;
}
