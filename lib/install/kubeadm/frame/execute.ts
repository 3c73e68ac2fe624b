// Runs a command line of kubeadm, from its words to its exit code.
import { readFlags } from '../../../kubectl/index.ts';
import type { KubeadmHost } from '../host.ts';
import { type KubeadmCommand, showHelp, type Steps } from './command.ts';
import { epilogue, fail, KubeadmError } from './errors.ts';
import { find, flagsOf } from './find.ts';
import { help, type Line, pathOf, usage } from './help.ts';

export function* execute(root: KubeadmCommand, argv: readonly string[], host: KubeadmHost): Steps<number> {
  try {
    if (argv[0] === 'help') helpAbout(root, argv.slice(1), host);
    else yield* run(root, argv, host);
    return 0;
  } catch (error) {
    if (!(error instanceof KubeadmError)) throw error;
    host.err(`${error.message}\n${epilogue}\n`);
    return error.code;
  }
}

function helpAbout(root: KubeadmCommand, words: readonly string[], host: KubeadmHost): void {
  let line: Line = [root];
  for (const word of words.filter((one) => !one.startsWith('-'))) {
    const next = line.at(-1)!.commands?.find(({ name, aliases }) => name === word || aliases?.includes(word));
    if (!next && line.length === 1) {
      host.err(`Unknown help topic [\`${words.join('` `')}\`]\n${usage([root])}`);
      return;
    }
    if (!next) break;
    line = [...line, next];
  }
  host.out(help(line));
}

function* run(root: KubeadmCommand, argv: readonly string[], host: KubeadmHost): Steps {
  const { line, rest } = find(root, argv);
  const command = line.at(-1)!;
  if (command.deprecated) host.err(`Command ${JSON.stringify(command.name)} is deprecated, ${command.deprecated}\n`);
  const known = flagsOf(line);
  const { flags, args } = readFlags(rest, known, fail);
  for (const { name, deprecated } of known) if (deprecated && flags.has(name)) host.err(`Flag --${name} has been deprecated, ${deprecated}\n`);
  if (flags.bool('help') || !command.run) return host.out(help(line));
  const wrong = command.args?.(args, pathOf(line));
  if (wrong) fail(wrong);
  if (command.run === showHelp) return host.out(help(line));
  yield* command.run({ host, flags, args, known: new Set(known.map(({ name }) => name)) });
}
