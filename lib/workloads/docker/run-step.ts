// RUN: a command in a container that is there for one step.
import { type Dial, directory, devices, type DirectoryNode, FileView, superuser } from '../../machine/index.ts';
import type { Clock, Random } from '../../sim/index.ts';
import type { Process } from '../program.ts';
import type { Resolution } from '../resolver.ts';
import { imageUser } from '../root/users.ts';
import { ExitShell, Shell } from '../sh/index.ts';
import type { Draft } from './draft.ts';

export interface RunParts {
  clock: Clock;
  random: Random;
  dial(host: string, port: number): Dial;
  resolve(name: string): Resolution;
}

export interface RunResult {
  exitCode: number;
  output: string;
}

/** Runs in the tree itself; whoever calls compares it with what was there before. */
export function* runStep(argv: readonly string[], { tree, draft, parts }: { tree: DirectoryNode; draft: Draft; parts: RunParts }): Generator<number, RunResult> {
  if (!draft.shell) return { exitCode: 127, output: `runc run failed: unable to start container process: exec: ${JSON.stringify(argv[0])}: stat ${argv[0]}: no such file or directory\n` };
  let output = '';
  const add = (text: string) => void (output += text);
  const shell = new Shell(processOf(tree, draft, parts));
  try {
    const exitCode: number = yield* shell.command(argv, { stdin: '', out: add, err: add });
    return { exitCode, output };
  } catch (error) {
    if (!(error instanceof ExitShell)) throw error;
    return { exitCode: error.status, output };
  }
}

function processOf(tree: DirectoryNode, draft: Draft, { clock, random, dial, resolve }: RunParts): Process {
  const user = draft.user ? imageUser(draft.user) : superuser;
  const dev = directory(devices());
  const proc = directory({}, 0o555);
  return {
    argv: [],
    env: { ...Object.fromEntries(draft.args), ...Object.fromEntries(draft.env), HOME: '/root' },
    clock,
    random,
    hostname: 'buildkitsandbox',
    ip: '127.0.0.1',
    ips: ['127.0.0.1'],
    files: new FileView({ root: tree, mounts: [{ path: '/dev', source: () => dev, type: 'tmpfs' }, { path: '/proc', source: () => proc, type: 'proc' }], credentials: user, clock }),
    user,
    workingDirectory: draft.workingDir ?? '/',
    mayEscalate: true,
    may: () => user.uid === 0,
    input: undefined,
    log: () => {},
    logLines: () => {},
    logPiece: () => {},
    listen: () => {},
    useMemory: () => {},
    useCpu: () => {},
    after: () => {},
    exit: () => {},
    terminate: () => {},
    dial,
    resolve,
    query: ({ name }) => resolve(name),
  };
}
