import type { Caller, ContainerConfig, ContainerRecord, ContainerState, Dial, LogOptions, Machine, Network, Session, SessionOptions } from '../machine/index.ts';
import type { Clock, Random, Timer } from '../sim/index.ts';
import { createFiles } from './files.ts';
import type { FileSystem, Lines, Listener, Process, Program, Running } from './program.ts';

/** What a container needs of the pod and host it runs in. */
export interface Surroundings {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly hostname: string;
  readonly ip: string;
  readonly machine: Machine;
  readonly network: Network;
  readonly random: Random;
  /** A container of this pod changed. */
  changed(): void;
}

/** What a container starts: its command line, the program behind it, the image's environment. */
export interface CommandLine {
  argv: readonly string[];
  program: Program;
  env: Readonly<Record<string, string>>;
}

interface LogChunk {
  at: number;
  lines: Lines;
}

/** How much of a log is kept, as kubelet's rotation would. */
const maxLogChunks = 5_000;

/** A container and its main process. */
export class Container implements ContainerRecord, Process {
  state: ContainerState = 'created';
  readonly createdAt: number;
  startedAt = 0;
  finishedAt = 0;
  exitCode = 0;
  reason = '';
  message = '';
  memory = 0;
  readonly id: string;
  readonly config: ContainerConfig;
  readonly pod: Surroundings;
  #command: CommandLine;
  #running: Running | undefined;
  #logs: LogChunk[] | undefined;
  #listeners: { port: number; listener: Listener }[] | undefined;
  #timers: Timer[] | undefined;
  #killTimer: Timer | undefined;
  #files: FileSystem | undefined;
  stopping = false;

  constructor(id: string, config: ContainerConfig, command: CommandLine, pod: Surroundings) {
    this.id = id;
    this.config = config;
    this.pod = pod;
    this.createdAt = pod.machine.clock.now;
    this.#command = command;
  }

  get argv(): readonly string[] {
    return this.#command.argv;
  }

  get clock(): Clock {
    return this.pod.machine.clock;
  }
  get random(): Random {
    return this.pod.random;
  }
  get hostname(): string {
    return this.pod.hostname;
  }
  get ip(): string {
    return this.pod.ip;
  }
  get env(): Readonly<Record<string, string>> {
    return { ...this.#command.env, HOSTNAME: this.pod.hostname, HOME: '/root', ...this.config.env() };
  }
  get input() {
    const { stdin, tty = false, stdinOnce: once = false } = this.config;
    return stdin ? { tty, once } : undefined;
  }
  get files(): FileSystem {
    return (this.#files ??= createFiles(
      [
        ['/etc/hostname', `${this.pod.hostname}\n`],
        ['/etc/hosts', `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n${this.pod.ip}\t${this.pod.hostname}\n`],
        ['/etc/resolv.conf', `search ${this.pod.namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`],
        ['/usr/share/nginx/html/index.html', ''],
      ].filter(([path]) => !path!.includes('nginx') || this.config.image.name.includes('nginx')) as [string, string][],
      this.config.mounts(),
    ));
  }

  start(): void {
    this.state = 'running';
    this.startedAt = this.clock.now;
    this.#running = this.#command.program(this);
  }

  attach(options: SessionOptions): Session | undefined {
    return this.#running?.attach?.(options);
  }

  log(line: string): void {
    this.logLines([line]);
  }

  logLines(lines: Lines): void {
    const logs = (this.#logs ??= []);
    if (logs.length >= maxLogChunks) logs.splice(0, maxLogChunks / 5);
    logs.push({ at: this.clock.now, lines });
  }

  listen(port: number, listener: Listener): void {
    (this.#listeners ??= []).push({ port, listener });
  }

  listener(port: number): Listener | undefined {
    if (this.state !== 'running' || !this.#listeners) return undefined;
    for (const entry of this.#listeners) if (entry.port === port) return entry.listener;
    return undefined;
  }

  useMemory(bytes: number): void {
    if (this.state !== 'running') return;
    const limit = this.config.memoryLimit;
    this.pod.machine.use(bytes - this.memory);
    this.memory = bytes;
    if (limit !== undefined && bytes > limit) this.end(137, 'OOMKilled');
  }

  after(milliseconds: number, run: () => void): void {
    const timers = (this.#timers ??= []);
    if (timers.length > 20) timers.splice(0, timers.length, ...timers.filter((t) => !t.cancelled && t.at > this.clock.now));
    timers.push(this.clock.after(milliseconds, () => this.state === 'running' && run()));
  }

  exit(code: number): void {
    this.end(code, code === 0 ? 'Completed' : 'Error');
  }

  dial(host: string, port: number): Dial {
    return this.pod.network.dial(this.caller(), host, port);
  }

  resolve(name: string): { name: string; addresses: string[] } {
    return this.pod.network.resolve(name, this.pod.namespace);
  }

  caller(): Caller {
    return { node: this.pod.machine.name, ip: this.pod.ip, namespace: this.pod.namespace };
  }

  /** SIGTERM now, SIGKILL when the grace is over. */
  stop(grace: number): void {
    if (this.state !== 'running' || (this.stopping && grace > 0)) return;
    this.stopping = true;
    const terminate = this.#running?.terminate;
    const killed = !terminate || terminate.after > grace;
    this.clock.cancel(this.#killTimer);
    this.#killTimer = this.clock.after(killed ? grace : terminate.after, () => {
      if (killed) this.end(137, 'Error');
      else this.exit(terminate.exitCode);
    });
  }

  terminate(): void {
    if (this.#running?.terminate) this.stop(Number.MAX_SAFE_INTEGER);
  }

  end(exitCode: number, reason: string, message = ''): void {
    if (this.state === 'exited') return;
    this.state = 'exited';
    this.finishedAt = this.clock.now;
    this.exitCode = exitCode;
    this.reason = reason;
    this.message = message || this.#terminationMessage();
    this.pod.machine.use(-this.memory);
    this.memory = 0;
    if (this.#timers) for (const timer of this.#timers) this.clock.cancel(timer);
    this.clock.cancel(this.#killTimer);
    this.#timers = undefined;
    this.#listeners = undefined;
    this.pod.changed();
  }

  #terminationMessage(): string {
    const path = this.config.terminationMessagePath;
    return path && this.#files ? (this.#files.read(path) ?? '').slice(0, 4096) : '';
  }

  readLog({ tailLines, since, timestamps = false, limitBytes }: LogOptions = {}): string {
    let out: string[] = [];
    for (const { at, lines } of this.#logs ?? []) {
      if (since !== undefined && at < since) continue;
      const prefix = timestamps ? `${new Date(at).toISOString().slice(0, 23)}000000Z ` : '';
      for (const line of typeof lines === 'function' ? lines(at) : lines) out.push(prefix + line);
    }
    if (tailLines !== undefined && tailLines >= 0) out = tailLines === 0 ? [] : out.slice(-tailLines);
    const text = out.map((line) => `${line}\n`).join('');
    return limitBytes === undefined ? text : text.slice(0, limitBytes);
  }
}
