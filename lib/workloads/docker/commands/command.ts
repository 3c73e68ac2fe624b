// What every `docker` command gets, and how it fails.
import type { Io, Shell } from '../../sh/index.ts';
import { DaemonError, type DockerEngine } from '../engine.ts';
import { type Flags, Options } from '../options.ts';
import { TemplateError } from '../template.ts';

export interface Context {
  engine: DockerEngine;
  options: Options;
  args: readonly string[];
  io: Io;
  shell: Shell;
}

export interface DockerCommand {
  /** `docker rm [OPTIONS] CONTAINER [CONTAINER...]` */
  usage: string;
  short: string;
  flags?: Flags;
  min?: number;
  max?: number;
  /** Options end at the first word that is none. */
  ordered?: boolean;
  run(context: Context): Generator<number, number | void>;
}

/** Ends a command with a message of its own. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}

/** Does something for each argument and prints what it says; errors do not stop it. */
export function* each({ args, io }: Context, run: (name: string) => string | void | Generator<number, string | void>): Generator<number, number> {
  let code = 0;
  for (const name of args) {
    try {
      const result = run(name);
      const said = typeof result === 'object' ? yield* result : result;
      if (said) io.out(`${said}\n`);
    } catch (error) {
      if (!(error instanceof DaemonError)) throw error;
      io.err(`Error response from daemon: ${error.message}\n`);
      code = 1;
    }
  }
  return code;
}

/** What an error says at the end of a command, and its exit status. */
export function sayError(error: unknown, io: Io): number {
  if (error instanceof DaemonError) io.err(`Error response from daemon: ${error.message}\n`);
  else if (error instanceof TemplateError) io.err(`${error.message}\n`);
  else if (error instanceof Failure) io.err(error.message === '' ? '' : `${error.message}\n`);
  else throw error;
  return error instanceof Failure ? error.code : 1;
}
