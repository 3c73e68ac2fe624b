// One program that supervisord keeps: its states, from start to end and back again (supervisor/process.py).
import type { Ending, Executed, Machine } from '../../../machine/index.ts';
import type { ProgramConfig } from './config.ts';

export type State = 'STOPPED' | 'STARTING' | 'RUNNING' | 'BACKOFF' | 'STOPPING' | 'EXITED' | 'FATAL';
export type Log = (level: 'CRIT' | 'WARN' | 'INFO', text: string) => void;

const signals: Readonly<Record<number, string>> = { 1: 'SIGHUP', 2: 'SIGINT', 9: 'SIGKILL', 15: 'SIGTERM' };
const tooQuickly = 'Exited too quickly (process log may have details)';

export class Child {
  state: State = 'STOPPED';
  readonly config: ProgramConfig;
  readonly #machine: Machine;
  readonly #log: Log;
  #executed: Executed | undefined;
  #startedAt = 0;
  #endedAt: number | undefined;
  #backoff = 0;
  /** When it is tried again. */
  #retryAt = 0;
  #exitCode: number | undefined;
  #problem = '';

  constructor(config: ProgramConfig, machine: Machine, log: Log) {
    this.config = config;
    this.#machine = machine;
    this.#log = log;
  }

  get pid(): number {
    return this.#executed?.pid ?? 0;
  }

  get running(): boolean {
    return this.state === 'RUNNING' || this.state === 'STARTING' || this.state === 'BACKOFF';
  }

  /** What `status` says behind its state. */
  get description(): string {
    const { now } = this.#machine.clock;
    if (this.state === 'RUNNING') return `pid ${this.pid}, uptime ${uptime(now - this.#startedAt)}`;
    if (this.state === 'FATAL' || this.state === 'BACKOFF') return this.#problem || 'unknown error';
    if (this.state === 'STOPPED' || this.state === 'EXITED') return this.#endedAt === undefined ? 'Not started' : shortTime(this.#endedAt);
    return '';
  }

  /** What was wrong with its command, if that could not be run at all. */
  get unusable(): boolean {
    return this.#problem.startsWith("can't find command") || this.#problem.startsWith('command at');
  }

  start(): void {
    const { name, argv, directory, environment } = this.config;
    const { clock, execute } = this.#machine;
    this.state = 'STARTING';
    this.#startedAt = clock.now;
    const mine: { executed?: Executed } = {};
    const ended = (ending: Ending) => this.#executed === mine.executed && this.#ended(ending);
    const result = execute({ argv, environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', SUPERVISOR_ENABLED: '1', SUPERVISOR_PROCESS_NAME: name, ...environment }, workingDirectory: directory, out: (line) => this.#write(line), ready: () => {}, ended });
    if (typeof result === 'string') {
      this.#problem = result === 'Permission denied' ? `command at '${argv[0]}' is not executable` : `can't find command '${argv[0]}'`;
      this.#log('INFO', `spawnerr: ${this.#problem}`);
      return this.#backOff();
    }
    this.#executed = mine.executed = result;
    this.#log('INFO', `spawned: '${name}' with pid ${result.pid}`);
  }

  #write(line: string): void {
    const { output } = this.config;
    if (output === undefined) return;
    const { files } = this.#machine;
    files.makeDirectories(output.slice(0, output.lastIndexOf('/')) || '/');
    files.write(output, `${files.read(output) ?? ''}${line}\n`);
  }

  #backOff(): void {
    this.state = 'BACKOFF';
    this.#backoff++;
    this.#retryAt = this.#machine.clock.now + this.#backoff * 1000;
  }

  #ended(ending: Ending): void {
    const { name, exitCodes, startTime } = this.config;
    const { now } = this.#machine.clock;
    this.#executed = undefined;
    this.#endedAt = now;
    const how = ending.by === 'exited' ? `exit status ${ending.status}` : `terminated by ${signals[ending.status] ?? ending.status}`;
    this.#exitCode = ending.by === 'exited' ? ending.status : -1;
    const expected = exitCodes.includes(this.#exitCode);
    if (this.state === 'STOPPING') {
      this.state = 'STOPPED';
      return this.#log(ending.by === 'exited' ? 'INFO' : 'WARN', `stopped: ${name} (${how})`);
    }
    if (now - this.#startedAt < startTime) {
      this.#problem = tooQuickly;
      this.#log('WARN', `exited: ${name} (${how}; not expected)`);
      return this.#backOff();
    }
    if (this.state === 'STARTING') this.#entered();
    this.#backoff = 0;
    this.state = 'EXITED';
    this.#log(expected ? 'INFO' : 'WARN', `exited: ${name} (${how}; ${expected ? '' : 'not '}expected)`);
  }

  #entered(): void {
    this.state = 'RUNNING';
    this.#backoff = 0;
    this.#log('INFO', `success: ${this.config.name} entered RUNNING state, process has stayed up for > than ${this.config.startTime / 1000} seconds (startsecs)`);
  }

  /** Once a second: what is due. */
  tick(): void {
    const { now } = this.#machine.clock;
    const { autorestart, exitCodes, startTime, startRetries, name } = this.config;
    if (this.state === 'STARTING' && now - this.#startedAt >= startTime) this.#entered();
    else if (this.state === 'EXITED' && (autorestart === 'true' || (autorestart === 'unexpected' && !exitCodes.includes(this.#exitCode!)))) this.start();
    else if (this.state === 'BACKOFF' && this.#backoff > startRetries) {
      this.state = 'FATAL';
      this.#backoff = 0;
      this.#log('INFO', `gave up: ${name} entered FATAL state, too many start retries too quickly`);
    } else if (this.state === 'BACKOFF' && now > this.#retryAt) this.start();
  }

  stop(): void {
    const executed = this.#executed;
    if (!executed) {
      if (this.state === 'BACKOFF') this.state = 'STOPPED';
      return;
    }
    this.state = 'STOPPING';
    this.#log('INFO', `waiting for ${this.config.name} to stop`);
    executed.terminate();
    this.#machine.clock.after(this.config.stopTime, () => {
      if (this.#executed !== executed) return;
      this.#log('WARN', `killing '${this.config.name}' (${executed.pid}) with SIGKILL`);
      executed.kill();
    });
  }

  /** From somebody else, or by `supervisorctl signal`. */
  signal(number: number): void {
    if (number === 9) this.#executed?.kill();
    else this.#executed?.terminate();
  }

  /** The power failed, or supervisord itself was killed. */
  lost(): void {
    const executed = this.#executed;
    this.#executed = undefined;
    executed?.kill();
    this.state = 'STOPPED';
  }
}


function uptime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const days = Math.floor(seconds / 86_400);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${Math.floor(seconds / 3600) % 24}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
/** `Jan 01 12:00 AM` */
function shortTime(at: number): string {
  const date = new Date(at);
  const hour = date.getUTCHours();
  return `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, '0')} ${String(hour % 12 || 12).padStart(2, '0')}:${String(date.getUTCMinutes()).padStart(2, '0')} ${hour < 12 ? 'AM' : 'PM'}`;
}
