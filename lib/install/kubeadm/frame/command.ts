// What a command of kubeadm is: a row of a tree, as cobra has it.
import type { Flags } from '../../../kubectl/index.ts';
import type { KubeadmHost } from '../host.ts';
import { fail } from './errors.ts';
import type { KubeadmFlag } from './flags.ts';

/** Yields how many milliseconds it waits. */
export type Steps<T = void> = Generator<number, T>;

export interface KubeadmCommand {
  name: string;
  /** What follows the name in the line of its usage: `[api-server-endpoint]`. */
  words?: string;
  short: string;
  long?: string;
  example?: string;
  aliases?: readonly string[];
  deprecated?: string;
  /** `[flags]` is not added to the line of its usage. */
  bareUsage?: boolean;
  flags?: readonly KubeadmFlag[];
  /** Known to the commands below too. */
  persistent?: readonly KubeadmFlag[];
  commands?: readonly KubeadmCommand[];
  /** What is wrong with its arguments. */
  args?(args: readonly string[], path: string): string | undefined;
  /** Missing: it only shows its help. */
  run?(call: KubeadmCall): Steps;
}

export interface KubeadmCall {
  host: KubeadmHost;
  flags: Flags;
  /** Names of all flags that this command knows. */
  known: ReadonlySet<string>;
  args: readonly string[];
}

/** Runs as its help. */
export function* showHelp(): Steps {}

export const noArgs: KubeadmCommand['args'] = ([first], path) => (first === undefined ? undefined : `unknown command ${JSON.stringify(first)} for ${JSON.stringify(path)}`);
export const atMost = (n: number): KubeadmCommand['args'] => (args) => (args.length <= n ? undefined : `accepts at most ${n} arg(s), received ${args.length}`);

/** Of a command that is only there for those below. */
export const needsSubcommand = (name: string) =>
  function* ({ args: [first] }: KubeadmCall): Steps {
    fail(first === undefined ? `missing subcommand; ${JSON.stringify(name)} is not meant to be run on its own` : `invalid subcommand: ${JSON.stringify(first)}`);
  };

export const macroDescription = 'This command is not meant to be run on its own. See list of available subcommands.';
