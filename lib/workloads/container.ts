// A container and its main process: how it starts, what it uses and writes, how it ends.
import type { ContainerConfig, ContainerRecord, ContainerState, ContainerUsage, DirectoryNode, LogOptions, Session, SessionOptions } from '../machine/index.ts';
import type { Timer } from '../sim/index.ts';
import type { CommandLine } from './command-line.ts';
import { ContainerNetwork } from './container-network.ts';
import { CpuAccount } from './cpu.ts';
import { Repetition, type RepetitionOptions } from './load/repetition.ts';
import { LogBook, type LogFile } from './log-book.ts';
import { processesInside } from './processes.ts';
import type { Lines, Process, ProcessRow, Running } from './program.ts';
import type { Surroundings } from './surroundings.ts';
import { idleCores, leastMemory, startCost } from './usage.ts';

/** What a message may have: bytes of the file, bytes and lines of the log (pkg/kubelet/container). */
const [longestMessage, longestFromLog, mostLines] = [4096, 2048, 80];

export class Container extends ContainerNetwork implements ContainerRecord, Process {
  readonly id: string;
  state: ContainerState = 'created';
  readonly createdAt: number;
  startedAt = 0;
  finishedAt = 0;
  exitCode = 0;
  reason = '';
  message = '';
  stopping = false;
  #running: Running | undefined;
  #logs: LogBook | undefined;
  #timers: Timer[] | undefined;
  #killTimer: Timer | undefined;
  #cpu: CpuAccount | undefined;
  #repetitions: Repetition[] | undefined;

  constructor(id: string, config: ContainerConfig, command: CommandLine, pod: Surroundings, root?: DirectoryNode) {
    super(config, command, pod, root);
    this.id = id;
    this.createdAt = this.clock.now;
  }

  start(): void {
    this.state = 'running';
    this.startedAt = this.clock.now;
    this.pid = this.pod.machine.newPid();
    this.#running = this.command.program(this);
  }

  processes(): ProcessRow[] {
    return processesInside(this);
  }

  attach(options: SessionOptions): Session | undefined {
    return this.#running?.attach?.(options);
  }

  log(line: string): void {
    this.logLines([line]);
  }

  logLines(lines: Lines): void {
    this.#write(lines, false);
  }

  logPiece(text: string): void {
    this.#write([text], true);
  }

  #write(lines: Lines, open: boolean): void {
    const logs = (this.#logs ??= new LogBook());
    logs.add(this.clock.now, lines, open);
    if (logs.bytes >= this.pod.logLimit) this.pod.largeLog(this.id);
  }

  useMemory(bytes: number): void {
    if (this.state !== 'running') return;
    const limit = this.config.memoryLimit;
    this.pod.machine.use(bytes - this.memory);
    this.memory = bytes;
    if (limit !== undefined && bytes > limit) this.end(137, 'OOMKilled');
  }

  get cpu(): CpuAccount {
    return (this.#cpu ??= new CpuAccount({ processor: this.pod.machine.processor, clock: this.clock, config: this.config }));
  }

  useCpu(cpus: number): void {
    this.cpu.want(cpus, this.clock.now);
  }

  reconfigured(): void {
    this.#cpu?.reconfigured();
  }

  compute(cpu: number, options: { threads?: number; done(): void }): void {
    this.cpu.work(cpu, options);
  }

  repeat(options?: RepetitionOptions): Repetition {
    const repetition = new Repetition(this, options);
    this.#repetitions = [...(this.#repetitions ?? []).filter(({ over }) => !over), repetition];
    return repetition;
  }

  /** Nanoseconds of CPU time from its start to now, or to its end. */
  get cpuTime(): number {
    if (this.startedAt === 0) return 0;
    const until = this.state === 'running' ? this.clock.now : this.finishedAt;
    const worked = this.#cpu ? this.#cpu.stat(this.clock.now).usage * 1000 : 0;
    return worked + startCost + Math.round(idleCores(this.argv) * (until - this.startedAt) * 1e6);
  }

  usage(): ContainerUsage | undefined {
    if (this.state !== 'running') return undefined;
    return { cpu: this.cpuTime, cores: (this.#cpu?.rate ?? 0) + idleCores(this.argv), memory: Math.max(this.memory, leastMemory) };
  }

  after(milliseconds: number, run: () => void): void {
    const timers = (this.#timers ??= []);
    if (timers.length > 20) timers.splice(0, timers.length, ...timers.filter((t) => !t.cancelled && t.at > this.clock.now));
    timers.push(this.clock.after(milliseconds, () => this.state === 'running' && run()));
  }

  exit(code: number): void {
    this.end(code, code === 0 ? 'Completed' : 'Error');
  }

  /** SIGTERM now, SIGKILL when the grace is over. */
  stop(grace: number): void {
    if (this.state !== 'running' || (this.stopping && grace > 0)) return;
    this.stopping = true;
    const terminate = this.#running?.terminate;
    const killed = !terminate || terminate.after > grace;
    if (grace > 0) terminate?.begin?.();
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
    this.#repetitions?.forEach((one) => one.end());
    this.#cpu?.end(this.clock.now);
    if (this.#timers) for (const timer of this.#timers) this.clock.cancel(timer);
    this.clock.cancel(this.#killTimer);
    this.#timers = undefined;
    this.hangUp();
    this.pod.changed();
  }

  #terminationMessage(): string {
    const written = this.terminationLog.slice(-longestMessage);
    if (written || !this.config.messageFromLogs || this.exitCode === 0) return written;
    return this.readLog({ tailLines: mostLines }).slice(-longestFromLog);
  }

  /** Bytes beyond its image. */
  get diskUsage(): number {
    return Math.max(0, this.written) + (this.#logs?.size ?? 0);
  }

  get logFiles(): readonly LogFile[] {
    return this.#logs?.files() ?? new LogBook().files();
  }

  rotateLog(maxFiles: number): void {
    if (this.state === 'running') this.#logs?.rotate(this.clock.now, maxFiles);
  }

  readLog(options: LogOptions = {}): string {
    return this.#logs?.read(options) ?? '';
  }
}
