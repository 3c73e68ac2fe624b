// Flags as pflag prints them in a help text.
import type { Flag } from '../../../kubectl/index.ts';

export interface KubeadmFlag extends Flag {
  usage: string;
  /** What stands after the name: `string`, `int32`; nothing for a switch. */
  word: string;
  /** The default that the help text shows, where it is another than `value`. */
  shown?: string;
  /** Known, but not in the help text. */
  hidden?: boolean;
  /** What is said when it is given. */
  deprecated?: string;
}

type Rest = Partial<KubeadmFlag>;

export const text = (name: string, usage: string, rest: Rest = {}): KubeadmFlag => ({ name, usage, type: 'string', word: 'string', value: '', ...rest });
export const toggle = (name: string, usage: string, rest: Rest = {}): KubeadmFlag => ({ name, usage, type: 'bool', word: '', value: 'false', ...rest });
export const list = (name: string, usage: string, rest: Rest = {}): KubeadmFlag => ({ name, usage, type: 'list', word: 'strings', ...rest });
export const time = (name: string, usage: string, value: string): KubeadmFlag => ({ name, usage, type: 'duration', word: 'duration', value });
export const whole = (name: string, usage: string, value: string, word = 'int32'): KubeadmFlag => ({ name, usage, type: 'int', word, value });
/** `name=value,name=value` */
export const pairs = (name: string, usage: string): KubeadmFlag => ({
  ...list(name, usage, { word: 'mapStringString' }),
  check: (value) => (value.split(',').every((pair) => pair === '' || pair.includes('=')) ? undefined : 'malformed pair, expect string=string'),
});

const byName = (a: KubeadmFlag, b: KubeadmFlag) => (a.name < b.name ? -1 : 1);
const nothing = new Set(['', '0', '0s', 'false', '[]']);

function defaultOf({ shown, value = '', word }: KubeadmFlag): string {
  const text = shown ?? value;
  return nothing.has(text) ? '' : ` (default ${word === 'string' ? JSON.stringify(text) : text})`;
}

/** The lines of a help text, one a flag. */
export function flagUsages(flags: readonly KubeadmFlag[]): string {
  const shown = flags.filter(({ hidden, deprecated }) => !hidden && !deprecated).sort(byName);
  const heads = shown.map(({ short, name, word }) => `${short ? `  -${short}, ` : '      '}--${name}${word && ` ${word}`}`);
  const column = Math.max(...heads.map((head) => head.length)) + 3;
  return shown.map((flag, i) => `${heads[i]!.padEnd(column)}${flag.usage.replaceAll('\n', `\n${' '.repeat(column)}`)}${defaultOf(flag)}\n`).join('');
}
