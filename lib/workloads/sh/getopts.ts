// `getopts ab: NAME [ARG…]`: the next option of a script's own arguments.
import type { Io, Shell } from './shell.ts';

/** Where in a word of several options (`-abc`) the next one stands, while OPTIND names the word behind it. */
const places = new WeakMap<Shell, { index: number; at: number }>();

export function getopts(shell: Shell, [letters = '', name = '', ...given]: readonly string[], io: Io): number {
  const args = given.length > 0 ? given : shell.parameters;
  const set = (variable: string, value: string | undefined) => void (value === undefined ? shell.variables.delete(variable) : shell.variables.set(variable, value));
  let index = Math.max(1, Number(shell.variables.get('OPTIND') ?? '1') || 1);
  const place = places.get(shell);
  places.delete(shell);
  let at = place?.index === index ? place.at : 0;
  if (at === 0) {
    const word = args[index - 1];
    if (word === undefined || !/^-./.test(word) || word === '--') {
      set('OPTIND', String(word === '--' ? index + 1 : index));
      set(name, '?');
      return 1;
    }
    index++;
    at = 1;
  }
  const word = args[index - 2]!;
  const letter = word[at]!;
  const quiet = letters.startsWith(':');
  const spec = letter === ':' ? -1 : letters.indexOf(letter, quiet ? 1 : 0);
  const takes = spec >= 0 && letters[spec + 1] === ':';
  const value = takes ? word.slice(at + 1) || args[index++ - 1] : undefined;
  if (!takes && at + 1 < word.length) places.set(shell, { index, at: at + 1 });
  const lacks = takes && value === undefined;
  set('OPTIND', String(lacks ? index - 1 : index));
  set(name, spec < 0 ? '?' : lacks ? (quiet ? ':' : '?') : letter);
  set('OPTARG', spec < 0 || lacks ? (quiet ? letter : undefined) : value);
  if (!quiet && (spec < 0 || lacks)) io.err(lacks ? `No arg for -${letter} option\n` : `Illegal option -${letter}\n`);
  return 0;
}
