// supervisord: keeps its programs running, and writes down what happens to them.
import type { Machine } from '../../../machine/index.ts';
import { Child, type Log } from './child.ts';
import { readSupervisorConfig, type SupervisorConfig } from './config.ts';

/** One of a machine; it goes with the machine's power. */
const daemons = new WeakMap<Machine, Supervisor>();

/** Undefined: none is running. */
export function supervisorOf(machine: Machine): Supervisor | undefined {
  const found = daemons.get(machine);
  return found?.alive ? found : undefined;
}

export class Supervisor {
  readonly pid: number;
  readonly path: string;
  children: Child[] = [];
  readonly #machine: Machine;
  #config: SupervisorConfig;
  #alive = true;

  /** Throws a SupervisorConfigError. */
  constructor(machine: Machine, path: string) {
    this.#machine = machine;
    this.path = path;
    this.#config = readSupervisorConfig(machine.files, path, machine.hostname);
    this.pid = machine.newPid();
    daemons.set(machine, this);
    // The power takes it along, as it does units.
    machine.addUnit('supervisor', { description: 'Supervisor process control system for UNIX', enabled: false, service: { stop: () => this.#lost() } }).start();
    machine.processes.set(this.pid, { pid: this.pid, parent: 1, user: 'root', argv: ['/usr/bin/python3', '/usr/bin/supervisord', '-c', path] });
    this.#begin();
  }

  get alive(): boolean {
    return this.#alive;
  }

  #begin(): void {
    const log = this.log;
    log('CRIT', 'Supervisor is running as root.  Privileges were not dropped because no user is specified in the config file.  If you intend to run as root, you can set user=root in the config file to avoid this message.');
    log('INFO', "RPC interface 'supervisor' initialized");
    log('CRIT', "Server 'unix_http_server' running without any HTTP authentication checking");
    log('INFO', `supervisord started with pid ${this.pid}`);
    this.children = this.#config.programs.map((one) => new Child(one, this.#machine, log));
    this.#after(1000, () => {
      for (const child of this.children) if (child.config.autostart && child.state === 'STOPPED') child.start();
      this.#tick();
    });
  }

  #tick(): void {
    for (const child of this.children) child.tick();
    this.#after(1000, () => this.#tick());
  }

  #after(milliseconds: number, run: () => void): void {
    this.#machine.clock.after(milliseconds, () => this.#alive && run());
  }

  /** A line of its own log. */
  log: Log = (level, text) => {
    const { files, clock } = this.#machine;
    const { logfile } = this.#config;
    files.makeDirectories(logfile.slice(0, logfile.lastIndexOf('/')) || '/');
    files.write(logfile, `${files.read(logfile) ?? ''}${new Date(clock.now).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '')} ${level} ${text}\n`);
  };

  get logText(): string {
    return this.#machine.files.read(this.#config.logfile) ?? '';
  }

  /** Reads the configuration anew; gives what has come, changed and gone. Throws a SupervisorConfigError. */
  reread(): { added: string[]; changed: string[]; removed: string[] } {
    const next = readSupervisorConfig(this.#machine.files, this.path, this.#machine.hostname);
    const before = new Map(this.children.map(({ config }) => [config.name, JSON.stringify(config)]));
    const now = new Map(next.programs.map((config) => [config.name, JSON.stringify(config)]));
    return { added: [...now.keys()].filter((name) => !before.has(name)), changed: [...now.keys()].filter((name) => before.has(name) && before.get(name) !== now.get(name)), removed: [...before.keys()].filter((name) => !now.has(name)) };
  }

  /** Puts what was read into effect for one program, which has stopped by then. */
  replace(name: string): void {
    this.#config = readSupervisorConfig(this.#machine.files, this.path, this.#machine.hostname);
    const config = this.#config.programs.find((one) => one.name === name);
    this.children = this.children.filter((child) => child.config.name !== name);
    if (!config) return;
    const child = new Child(config, this.#machine, this.log);
    this.children.push(child);
    if (config.autostart) child.start();
  }

  /** After its programs have stopped. */
  end(): void {
    this.#alive = false;
    this.#machine.processes.delete(this.pid);
    this.#machine.units.get('supervisor')?.stop();
    this.#machine.units.delete('supervisor');
  }

  #lost(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#machine.processes.delete(this.pid);
    for (const child of this.children) child.lost();
  }
}
