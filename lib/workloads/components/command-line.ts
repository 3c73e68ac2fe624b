// Reads the command line of a component as pflag does: what it has to say at once, or the flags that it goes on with.
import { flagsOf, helpText } from './help.ts';

export type Parsed = { flags: ReadonlyMap<string, string> } | { out?: string; err?: string; code: number };

/** `command` is how it was called. Differs from Kubernetes: a flag that is real, but not in the table, is unknown too. */
export function parseComponent(component: string, { args, command = component, version }: { args: readonly string[]; command?: string; version: string }): Parsed {
  const known = new Map(flagsOf(component).map((flag) => [flag.name, flag]));
  const flags = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '-h' || word === '--help') return { out: helpText(component, command), code: 0 };
    if (!word.startsWith('-')) {
      words.push(word);
      continue;
    }
    const [, name = '', given] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const flag = known.get(name);
    if (!flag) return { err: `Error: unknown flag: --${name}\n`, code: 1 };
    const bare = flag.type === '' || flag.name === 'version';
    const value = given ?? (bare ? 'true' : args[++i]);
    if (value === undefined) return { err: `Error: flag needs an argument: --${name}\n`, code: 1 };
    flags.set(name, value);
  }
  if (flags.get('version') === 'true') return { out: `Kubernetes ${version}\n`, code: 0 };
  if (words.length > 0) return { err: `Error: ${JSON.stringify(command)} does not take any arguments, got [${words.map((word) => JSON.stringify(word)).join(' ')}]\n`, code: 1 };
  return { flags };
}
