// A service that a unit file describes: its commands one after the other, and what systemd does when they end.
import type { Timer } from '../../sim/index.ts';
import { Unit } from '../unit.ts';
import { type CommandLine, expandArguments } from './command-line.ts';
import type { RestartSetting, ServiceSettings, UnitDefinition } from './definition.ts';
import { type Ending, endingText, type Executed, isClean } from './execution.ts';
import type { LoadedUnit } from './unit-files.ts';
import type { Systemd } from './systemd.ts';

export type SubState = 'dead' | 'start-pre' | 'start' | 'start-post' | 'running' | 'exited' | 'stop-sigterm' | 'failed' | 'auto-restart';
export type Result = 'success' | 'exit-code' | 'signal' | 'timeout' | 'start-limit-hit' | 'resources';

/** A command that ran, or runs. */
export interface Ran {
  directive: 'ExecStartPre' | 'ExecStart' | 'ExecStartPost';
  argv: readonly string[];
  pid: number;
  ending?: Ending;
}

/** Differs from systemd: a stop sends SIGTERM and waits for as long as the program takes; ExecStop is not run. */
export class FileUnit extends Unit {
  loaded: LoadedUnit;
  sub: SubState = 'dead';
  result: Result = 'success';
  /** Of the last start. */
  ran: Ran[] = [];
  main: Ran | undefined;
  restarts = 0;
  /** Its processes, by pid. */
  readonly #alive = new Map<number, Executed>();
  #starts: number[] = [];
  #timers: Timer[] = [];
  #done: ((worked: boolean) => void) | undefined;
  #stopped: (() => void) | undefined;
  readonly #systemd: Systemd;

  constructor(name: string, loaded: LoadedUnit, systemd: Systemd) {
    super(name, systemd.machine.clock, { enabled: false });
    this.loaded = loaded;
    this.#systemd = systemd;
  }

  get definition(): UnitDefinition {
    return this.loaded.definition;
  }

  get settings(): ServiceSettings {
    return this.definition.service;
  }

  get fullName(): string {
    return `${this.name}.service`;
  }

  /** As systemd 255 calls it in its messages; older ones say the description alone. */
  get title(): string {
    const { description } = this.definition;
    if (!this.#systemd.isNew) return description ?? this.fullName;
    return description === undefined ? this.fullName : `${this.fullName} - ${description}`;
  }

  override get restarting(): boolean {
    return this.sub === 'auto-restart';
  }

  /** By hand: with all that it requires. */
  override start(): void {
    this.#systemd.start(this.fullName);
  }

  override stop(): void {
    this.#systemd.stop(this.fullName);
  }

  override restart(): void {
    this.#systemd.restart(this.fullName);
  }

  /** The main process is killed. */
  override crash(): void {
    if (this.main) this.#alive.get(this.main.pid)?.kill();
  }

  override lost(): void {
    this.#forgetTimers();
    this.#killAll();
    this.#done = this.#stopped = undefined;
    this.#starts = [];
    this.#enter('inactive', 'dead');
  }

  /** A start job: `done` is told once when it is over. */
  run(done: (worked: boolean) => void): void {
    if (this.state === 'active') return done(true);
    this.#forgetTimers();
    this.#done = done;
    if (!this.#mayStart()) return this.#refuse();
    [this.ran, this.main, this.result] = [[], undefined, 'success'];
    const { startPre, type, startTimeout } = this.settings;
    this.#enter('activating', startPre.length > 0 ? 'start-pre' : 'start');
    if (startPre.length > 0 || !['simple', 'exec', 'idle'].includes(type)) this.#say(`Starting ${this.title}...`);
    if (Number.isFinite(startTimeout)) this.#later(startTimeout, () => this.#startedTooLate());
    this.#chain('ExecStartPre', startPre, () => this.#main());
  }

  /** A stop job. */
  end(done: () => void): void {
    this.#forgetTimers();
    if (this.state !== 'active' && this.state !== 'activating') {
      if (this.sub === 'auto-restart') this.#enter('inactive', 'dead');
      return done();
    }
    this.#finish(false);
    this.#say(`Stopping ${this.title}...`);
    this.#stopped = done;
    this.#enter('deactivating', 'stop-sigterm');
    if (this.#alive.size === 0) return this.#stoppedNow();
    for (const process of [...this.#alive.values()]) process.terminate();
  }

  /** `systemctl reset-failed` */
  forgive(): void {
    this.#starts = [];
    if (this.state === 'failed') this.#enter('inactive', 'dead');
  }

  #mayStart(): boolean {
    const { burst, interval } = this.settings.limit;
    this.#starts = this.#starts.filter((at) => at > this.clock.now - interval);
    if (interval > 0 && this.#starts.length >= burst) return false;
    this.#starts.push(this.clock.now);
    return true;
  }

  #refuse(): void {
    this.#say(`${this.fullName}: Start request repeated too quickly.`);
    this.#fail('start-limit-hit');
  }

  #chain(directive: Ran['directive'], lines: readonly CommandLine[], then: () => void): void {
    const [first, ...rest] = lines;
    if (!first) return then();
    this.#spawn(directive, first, (ending) => {
      if (!isClean(ending) && !first.ignoreFailure) {
        this.#say(`${this.fullName}: Control process exited, ${endingText(ending)}`);
        return this.#fail(ending.by === 'exited' ? 'exit-code' : 'signal');
      }
      this.#chain(directive, rest, then);
    });
  }

  #main(): void {
    const { type, start } = this.settings;
    this.#enter('activating', 'start');
    if (type === 'oneshot') return this.#oneshot(start);
    const ran = this.#spawn('ExecStart', start[0]!, (ending) => this.#mainEnded(ending));
    this.main = ran;
    // A service of type `forking` is there when its first process has gone, one of type `notify` when it says so.
    if (type !== 'notify' && type !== 'forking') this.#started();
  }

  #oneshot(lines: readonly CommandLine[]): void {
    const [first, ...rest] = lines;
    this.main = this.#spawn('ExecStart', first!, (ending) => {
      if (!isClean(ending) && !first!.ignoreFailure) return this.#mainEnded(ending);
      if (rest.length > 0) return this.#oneshot(rest);
      if (this.settings.remainAfterExit) return this.#started('exited');
      this.#say(`${this.fullName}: ${this.#systemd.isNew ? 'Deactivated successfully' : 'Succeeded'}.`);
      this.#enter('inactive', 'dead');
      this.#say(`Finished ${this.title}.`);
      this.#finish(true);
    });
  }

  #started(sub: 'running' | 'exited' = 'running'): void {
    this.#forgetTimers();
    this.#chain('ExecStartPost', this.settings.startPost, () => {
      this.#enter('active', sub);
      this.#say(`${sub === 'exited' ? 'Finished' : 'Started'} ${this.title}.`);
      this.#finish(true);
    });
  }

  #startedTooLate(): void {
    this.#say(`${this.fullName}: ${this.sub === 'start-pre' ? 'start-pre' : 'start'} operation timed out. Terminating.`);
    this.result = 'timeout';
    if (this.#alive.size === 0) return this.#fail('timeout');
    for (const process of [...this.#alive.values()]) process.terminate();
  }

  /** Runs one command; `ended` hears how it went, unless the unit has gone another way by then. */
  #spawn(directive: Ran['directive'], { argv: words }: CommandLine, ended: (ending: Ending) => void): Ran {
    const { machine, journal } = this.#systemd;
    const environment = this.#environment();
    const argv = expandArguments(words, { environment, unit: this.fullName, hostname: machine.hostname });
    const ran: Ran = { directive, argv, pid: 0 };
    this.ran.push(ran);
    const identifier = argv[0]!.replace(/.*\//, '').slice(0, 15);
    const finish = (ending: Ending) => {
      if (!this.#alive.delete(ran.pid)) return;
      ran.ending = ending;
      if (this.state === 'deactivating') return this.#alive.size === 0 ? this.#stoppedNow() : undefined;
      if (this.state === 'activating' && this.result === 'timeout') return this.#fail('timeout');
      if (this.state === 'activating' || this.state === 'active') ended(ending);
    };
    const executed = machine.execute({ argv, environment, workingDirectory: this.settings.workingDirectory ?? '/', out: (line) => journal.write(identifier, line, { unit: this.fullName, pid: ran.pid }), ready: () => this.settings.type === 'notify' && this.state === 'activating' && this.#started(), ended: finish });
    if (typeof executed === 'object') {
      ran.pid = executed.pid;
      this.#alive.set(ran.pid, executed);
      return ran;
    }
    ran.pid = machine.newPid();
    // The fork succeeds, what it should become is not there.
    journal.write(this.#systemd.isNew ? `(${identifier})` : 'systemd', `${this.fullName}: Failed at step EXEC spawning ${argv[0]}: ${executed}`, { unit: this.fullName, pid: ran.pid });
    this.#alive.set(ran.pid, { pid: ran.pid, terminate: () => finish({ by: 'killed', status: 15 }), kill: () => finish({ by: 'killed', status: 9 }) });
    this.clock.after(1, () => finish({ by: 'exited', status: 203 }));
    return ran;
  }

  #environment(): Record<string, string> {
    const { environment, environmentFiles } = this.settings;
    const out: Record<string, string> = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', ...environment };
    for (const path of environmentFiles) {
      for (const line of (this.#systemd.machine.files.read(path.replace(/^-/, '')) ?? '').split('\n')) {
        const [, name, value = ''] = /^\s*(?!#)(\w+)=(.*)$/.exec(line) ?? [];
        if (name) out[name] = value.trim().replace(/^(["'])(.*)\1$/, '$2');
      }
    }
    return out;
  }

  #mainEnded(ending: Ending): void {
    const { type } = this.settings;
    const clean = isClean(ending);
    const starting = this.state === 'activating';
    if (!clean) this.#say(`${this.fullName}: Main process exited, ${endingText(ending)}`);
    if (starting && clean && type === 'forking') return this.#started('exited');
    if (starting && clean && type === 'notify') return this.#fail('resources');
    if (!clean) return this.#fail(ending.by === 'exited' ? 'exit-code' : 'signal');
    if (this.settings.remainAfterExit) return this.#enter('active', 'exited');
    this.#say(`${this.fullName}: ${this.#systemd.isNew ? 'Deactivated successfully' : 'Succeeded'}.`);
    this.#over('inactive', 'success');
  }

  #fail(result: Result): void {
    this.result = result;
    this.#killAll();
    this.#say(`${this.fullName}: Failed with result '${result}'.`);
    if (this.state === 'activating' || result === 'start-limit-hit') this.#say(`Failed to start ${this.title}.`);
    this.#over('failed', result);
  }

  /** It has ended by itself: started again or not. */
  #over(state: 'inactive' | 'failed', result: Result): void {
    this.#forgetTimers();
    const again = result !== 'start-limit-hit' && restarts(this.settings.restart, result);
    this.#enter(again ? 'activating' : state, again ? 'auto-restart' : state === 'failed' ? 'failed' : 'dead');
    this.#finish(false);
    if (!again) return this.#systemd.goneByItself(this);
    this.#later(this.settings.restartAfter, () => {
      this.restarts++;
      this.#say(`${this.fullName}: Scheduled restart job, restart counter is at ${this.restarts}.`);
      this.#enter('inactive', 'dead');
      this.#systemd.start(this.fullName);
    });
  }

  #stoppedNow(): void {
    this.#say(`${this.fullName}: ${this.#systemd.isNew ? 'Deactivated successfully' : 'Succeeded'}.`);
    this.#say(`Stopped ${this.title}.`);
    this.restarts = 0;
    this.#enter('inactive', 'dead');
    const stopped = this.#stopped;
    this.#stopped = undefined;
    stopped?.();
  }

  #killAll(): void {
    const all = [...this.#alive.values()];
    this.#alive.clear();
    for (const process of all) process.kill();
  }

  #finish(worked: boolean): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(worked);
  }

  #enter(state: Unit['state'], sub: SubState): void {
    this.sub = sub;
    if (this.state !== state) this.become(state);
  }

  #say(text: string): void {
    this.#systemd.journal.write('systemd', text, { unit: this.fullName });
  }

  #later(milliseconds: number, run: () => void): void {
    this.#timers.push(this.clock.after(milliseconds, run));
  }

  #forgetTimers(): void {
    for (const timer of this.#timers.splice(0)) this.clock.cancel(timer);
  }
}

function restarts(setting: RestartSetting, result: Result): boolean {
  switch (setting) {
    case 'always':
      return true;
    case 'on-success':
      return result === 'success';
    case 'on-failure':
      return result !== 'success';
    case 'on-abnormal':
      return result === 'signal' || result === 'timeout';
    case 'on-abort':
      return result === 'signal';
    default:
      return false;
  }
}
