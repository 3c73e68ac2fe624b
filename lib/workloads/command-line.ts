// What a container starts: the command of its configuration, or what its image starts by itself.
import type { ContainerConfig } from '../machine/index.ts';
import type { Image } from './images.ts';
import type { Program } from './program.ts';
import { programFor } from './programs/index.ts';

export interface CommandLine {
  argv: readonly string[];
  program: Program;
  image: Image;
}

/** What an image starts when a container names no command: the same for all of them. */
const defaults = new WeakMap<Image, CommandLine>();

export function commandLine(image: Image, { command, args }: Pick<ContainerConfig, 'command' | 'args'>): CommandLine {
  if (command?.length || args?.length) return withProgram(image, [...(command?.length ? command : image.entrypoint), ...(args?.length ? args : command?.length ? [] : image.cmd)]);
  let found = defaults.get(image);
  if (!found) defaults.set(image, (found = withProgram(image, [...image.entrypoint, ...image.cmd])));
  return found;
}

const withProgram = (image: Image, argv: readonly string[]): CommandLine => ({ argv, program: programFor(image, argv), image });
