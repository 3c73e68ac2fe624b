// Runs command lines on a machine for its systemd: small commands, scripts, and binaries of programs that somebody knows.
import { type Answering, type Binary, type Ending, type Executed, type Execution, type Executor, type FileView, type Machine, type NotExecuted, readBinary } from '../../machine/index.ts';
import type { Timer } from '../../sim/index.ts';
import type { Listener, Process, Running } from '../program.ts';
import type { Command } from '../sh/commands/command.ts';
import { commands } from '../sh/commands.ts';
import { ExitShell } from '../sh/leaving.ts';
import { Shell } from '../sh/shell.ts';

/** A program of a host: as those of containers, told which release of it lies on the disk, and able to say that it is ready. */
export type HostProgram = (process: Process, host: HostLifeline) => Running;

export interface HostLifeline {
  binary: Binary;
  ready(): void;
  /** Runs when the process is gone, however it went. */
  onEnd(run: () => void): void;
}

export interface ExecutorParts {
  machine: Machine;
  /** A process of the machine, without what belongs to this one. */
  base(): Process;
  /** Commands that only this machine has. */
  extra: Readonly<Record<string, Command>>;
  programs: Readonly<Record<string, HostProgram>>;
}

const binaryDirectories = /^\/(usr\/(local\/)?)?s?bin\//;
const builtins = /^(sh|bash|dash|true|false|test|\[|echo|printf|kill)$/;

type Found = { binary: Binary } | { argv: readonly string[] } | NotExecuted;

/** What lies behind the first word: a file that may be executed, or a command of the distribution. */
export function executableOf(argv: readonly string[], { files, arch, known }: { files: FileView; arch: string; known(name: string): boolean }): Found {
  const [path = ''] = argv;
  const base = path.replace(/.*\//, '');
  const node = path.startsWith('/') ? files.find(path) : undefined;
  if (node?.kind === 'file') {
    if ((node.mode & 0o111) === 0) return 'Permission denied';
    const text = files.read(path) ?? '';
    const binary = readBinary(text);
    if (binary) return binary.arch === arch ? { binary } : 'Exec format error';
    if (!text.startsWith('#!')) return 'Exec format error';
    const interpreter = /^#!\s*(\S+)/.exec(text)?.[1] ?? '';
    return /\b(sh|bash|dash)$/.test(interpreter) ? { argv: ['/bin/sh', path, ...argv.slice(1)] } : 'No such file or directory';
  }
  if (node) return 'Permission denied';
  return (binaryDirectories.test(path) || !path.includes('/')) && known(base) ? { argv } : 'No such file or directory';
}

/** A binary that is really there, of a program that nobody plays on this machine. */
const notPlayed: HostProgram = (process, { binary: { name } }) => {
  process.after(10, () => {
    process.log(`${name}: 이 책의 이 머신에서는 유닛으로 돌릴 수 없는 프로그램이다. createHost()의 호스트에서 etcd, kube-apiserver, kube-controller-manager, kube-scheduler를 돌릴 수 있다.`);
    process.exit(126);
  });
  return {};
};

export function createExecutor({ machine, base, extra, programs }: ExecutorParts): Executor {
  const known = (name: string) => builtins.test(name) || name in extra || name in commands;
  return (execution) => {
    const found = executableOf(execution.argv, { files: machine.files, arch: machine.os.arch, known });
    if (typeof found === 'string') return found;
    const life = new HostLife(machine, execution);
    if ('argv' in found) return life.command(new Shell(life.process(base()), { extra }), found.argv);
    return life.program(base(), programs[found.binary.name] ?? notPlayed, found.binary);
  };
}

/** One process of the host, from its start to its end. */
class HostLife implements Executed {
  readonly pid: number;
  readonly #machine: Machine;
  readonly #execution: Execution;
  readonly #timers: Timer[] = [];
  readonly #ports: number[] = [];
  readonly #ends: (() => void)[] = [];
  #memory = 0;
  #over = false;
  #running: Running | undefined;
  #self: Process | undefined;

  constructor(machine: Machine, execution: Execution) {
    this.#machine = machine;
    this.#execution = execution;
    this.pid = machine.newPid();
    machine.processes.set(this.pid, { pid: this.pid, parent: 1, user: 'root', argv: execution.argv });
  }

  /** Everything of it is gone; who started it hears how, not before it knows that it was started. */
  #end(ending: Ending): void {
    if (this.#over) return;
    this.#over = true;
    for (const run of this.#ends) run();
    for (const timer of this.#timers) this.#machine.clock.cancel(timer);
    for (const port of this.#ports) (this.#machine.serving.delete(port), this.#machine.listening.delete(port));
    this.#machine.use(-this.#memory);
    this.#machine.processes.delete(this.pid);
    this.#machine.clock.after(0, () => this.#execution.ended(ending));
  }

  kill(): void {
    this.#end({ by: 'killed', status: 9 });
  }

  terminate(): void {
    const orderly = this.#running?.terminate;
    if (!orderly) return this.#end({ by: 'killed', status: 15 });
    this.#machine.clock.after(orderly.after, () => this.#end({ by: 'exited', status: orderly.exitCode }));
  }

  process(base: Process): Process {
    const { argv, environment, workingDirectory, out } = this.#execution;
    const write = (lines: readonly string[]) => void (this.#over || lines.forEach(out));
    return (this.#self = {
      ...base,
      argv,
      env: environment,
      workingDirectory,
      log: (line) => write([line]),
      logLines: (lines) => write(typeof lines === 'function' ? lines(this.#machine.clock.now) : lines),
      logPiece: (text) => write(text.replace(/\n$/, '').split('\n')),
      listen: (port, listener, taken) => this.#listen(port, listener, taken),
      useMemory: (bytes) => (this.#machine.use(bytes - this.#memory), void (this.#memory = bytes)),
      after: (milliseconds, run) => void this.#later(milliseconds, run),
      exit: (status) => this.#end({ by: 'exited', status }),
      terminate: () => this.terminate(),
    });
  }

  program(base: Process, program: HostProgram, binary: Binary): this {
    this.#running = program(this.process(base), { binary, ready: () => void (this.#over || this.#execution.ready()), onEnd: (run) => void this.#ends.push(run) });
    return this;
  }

  /** A command of the shell, on the cluster's clock. */
  command(shell: Shell, argv: readonly string[]): this {
    let rest = '';
    const out = (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      lines.forEach((line) => this.#execution.out(line));
    };
    const steps = shell.command(argv, { stdin: '', out, err: out });
    const step = () => {
      const { done, value } = next(steps);
      if (!done) return value === Infinity ? undefined : this.#later(value, step);
      if (rest) this.#execution.out(rest);
      this.#end({ by: 'exited', status: value });
    };
    this.#later(0, step);
    return this;
  }

  #listen(port: number, listener: Listener, taken?: () => void): void {
    const machine = this.#machine;
    if (machine.serving.has(port)) {
      if (taken) return taken();
      this.#execution.out(`listen tcp :${port}: bind: address already in use`);
      return this.#end({ by: 'exited', status: 1 });
    }
    machine.serving.set(port, Object.assign((request: Parameters<Answering>[0]) => listener(request, this.#self!), { accept: listener.accept, dns: listener.dns }));
    machine.listening.set(port, this.#execution.argv[0]!.replace(/.*\//, ''));
    this.#ports.push(port);
  }

  #later(milliseconds: number, run: () => void): void {
    this.#timers.push(this.#machine.clock.after(milliseconds, () => void (this.#over || run())));
  }
}

function next(steps: Generator<number, number, void>): { done: boolean; value: number } {
  try {
    const { done = false, value } = steps.next();
    return { done, value };
  } catch (error) {
    if (!(error instanceof ExitShell)) throw error;
    return { done: true, value: error.status };
  }
}
