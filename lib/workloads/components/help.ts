// What a component prints for `--help`, as cobra and pflag set it.
import { components } from './flags.ts';

interface Flag {
  name: string;
  type: string;
  meaning: string;
  value: string | undefined;
}

const flagsIn = (text: string): Flag[] =>
  text.split('\n').filter((line) => line.trim() !== '').map((line) => {
    const [head = '', meaning = '', value] = line.trim().split(' | ');
    const [name = '', type = ''] = head.split(/ (.*)/s);
    return { name, type, meaning, value };
  });

export const flagsOf = (component: string): Flag[] => Object.values(components[component]?.sections ?? {}).flatMap(flagsIn);

/** `  -h, --help` and `      --etcd-servers strings`, and behind them what they mean. */
function sectionText(flags: readonly Flag[]): string {
  const sorted = [...flags].sort((a, b) => (a.name < b.name ? -1 : 1));
  const heads = sorted.map(({ name, type }) => `${{ help: '  -h, ', v: '  -v, ' }[name] ?? '      '}--${name}${type && (type.startsWith('version') ? '' : ' ')}${type.replace(/^version/, ' version')}`);
  const width = Math.max(...heads.map((head) => head.length)) + 3;
  return sorted.map(({ meaning, value }, i) => `${heads[i]!.padEnd(width)}${meaning}${value === undefined ? '' : ` (default ${value})`}\n`).join('');
}

/** `command` is how it was called: `hyperkube kube-apiserver`. */
export function helpText(component: string, command: string): string {
  const { about, sections } = components[component]!;
  const usage = `${about}\n\nUsage:\n  ${command} [flags]\n`;
  return Object.entries(sections).filter(([name]) => name !== 'hidden').reduce((text, [name, flags]) => `${text}\n${name === '' ? 'Flags:\n' : `${name[0]!.toUpperCase()}${name.slice(1)} flags:\n\n`}${sectionText(flagsIn(flags).map((flag) => (flag.name === 'help' ? { ...flag, meaning: `help for ${component}` } : flag)))}`, usage);
}
