// `docker …` as it is typed on a host.
import type { Command } from '../sh/index.ts';
import { build } from './commands/build.ts';
import { type DockerCommand, sayError } from './commands/command.ts';
import * as containers from './commands/containers.ts';
import * as images from './commands/images.ts';
import { info, inspect, port, version } from './commands/inspect.ts';
import { pull } from './commands/pull.ts';
import { login, logout, push } from './commands/registry.ts';
import { create, run, start } from './commands/run.ts';
import type { DockerEngine } from './engine.ts';
import { type Options, parseOptions, UsageError } from './options.ts';
import { argumentError } from './release.ts';

const { ps, exec, logs, stop, restart, kill, rm, top, diff, stats, wait, cp } = containers;
const { history, tag, rmi, commit } = images;
const containerCommands = { ls: ps, ps, list: ps, run, create, start, exec, logs, stop, restart, kill, rm, top, diff, stats, wait, cp, port, commit, inspect };

const commands: Record<string, DockerCommand> = { ...containerCommands, images: images.images, history, tag, rmi, pull, push, build, login, logout, info, version };
delete commands['ls'];
delete commands['list'];

/** `docker image ls` is `docker images`, and so on. */
const groups: Record<string, Record<string, DockerCommand>> = {
  container: containerCommands,
  image: { ls: images.images, list: images.images, history, tag, rm: rmi, pull, push, build, inspect },
  system: { df: images.df, info },
  buildx: { build },
  builder: { build },
};

/** The command line of an engine: `docker` on its host. */
export function dockerCommand(engine: DockerEngine): Command {
  return function* (argv, io, shell) {
    let [name = '', ...rest] = argv.slice(1);
    if (name === '--version' || name === '-v') {
      io.out(`Docker version ${engine.release.version}, build ${engine.release.buildKit ? 'e6534b4' : '2291f61'}\n`);
      return 0;
    }
    const group = groups[name];
    const command = group ? group[rest[0] ?? ''] : commands[name];
    if (group) name = `${name} ${rest.shift() ?? ''}`;
    if (!command) return unknown(name, io.err, engine);
    let options: Options;
    try {
      options = parseOptions(rest, { ...command.flags, help: {} }, { interspersed: !command.ordered });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const path = `docker ${name}`;
      io.err(engine.release.buildKit ? `${error.message}\n\nUsage:  ${command.usage}\n\nRun '${path} --help' for more information\n` : `${error.message}\nSee '${path} --help'.\n`);
      return 125;
    }
    if (options.has('help')) {
      io.out(`Usage:  ${command.usage}\n\n${command.short}\n`);
      return 0;
    }
    const count = wrongCount(options.rest.length, command);
    if (count) {
      io.err(command.usage.startsWith('docker buildx') ? buildxError(count, command, engine) : argumentError(engine.release, { command: `docker ${name}`, count, usage: command.usage, short: command.short }));
      return 1;
    }
    try {
      return (yield* command.run({ engine, options, args: options.rest, io, shell })) ?? 0;
    } catch (error) {
      return sayError(error, io);
    }
  };
}

function unknown(name: string, err: (text: string) => void, { release }: DockerEngine): number {
  if (release.buildKit) err(`docker: unknown command: docker ${name}\n\nRun 'docker --help' for more information\n`);
  else err(`docker: '${name}' is not a docker command.\nSee 'docker --help'\n`);
  return 1;
}

function wrongCount(given: number, { min = 0, max = Infinity }: DockerCommand): string | undefined {
  if (given >= min && given <= max) return undefined;
  const words = (n: number) => `${n} argument${n === 1 ? '' : 's'}`;
  return min === max ? words(min) : given < min ? `at least ${words(min)}` : `at most ${words(max)}`;
}

/** BuildKit's client is a program of its own, which says where its errors begin. */
function buildxError(count: string, command: DockerCommand, { release }: DockerEngine): string {
  if (!release.buildKit) return argumentError(release, { command: 'docker build', count, usage: 'docker build [OPTIONS] PATH | URL | -', short: 'Build an image from a Dockerfile' });
  return `ERROR: ${argumentError(release, { command: 'docker buildx build', count, usage: command.usage, short: command.short })}`;
}
