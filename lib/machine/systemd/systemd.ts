// The first process of a machine: it knows its units, pulls in what one requires, and starts them in their order.
import type { Machine } from '../machine.ts';
import { Unit } from '../unit.ts';
import type { Relation } from './definition.ts';
import { FileUnit } from './file-unit.ts';
import { Job } from './job.ts';
import { Journal } from './journal.ts';
import { changedOnDisk, linkedFrom, loadUnit } from './unit-files.ts';

export const shortName = (name: string): string => name.replace(/\.service$/, '');
export const fullName = (name: string): string => (/\.(service|target|socket|mount|timer|path|slice)$/.test(name) ? name : `${name}.service`);

/** What a boot has reached before somebody logs in. */
const reached = new Set(['basic', 'local-fs', 'multi-user', 'network', 'network-online', 'network-pre', 'nss-lookup', 'paths', 'remote-fs', 'sockets', 'sysinit', 'time-sync', 'timers'].map((name) => `${name}.target`));

/** Why nothing was asked of any unit. */
export class TransactionError extends Error {
  readonly unit: string;
  constructor(unit: string, message: string) {
    super(message);
    this.unit = unit;
  }
}

export class Systemd {
  readonly machine: Machine;
  readonly journal: Journal;
  #jobs: Job[] = [];
  #told = new Set<string>();

  constructor(machine: Machine) {
    this.machine = machine;
    this.journal = new Journal(machine);
  }

  /** systemd 255 of Ubuntu 24.04; else 245 of 20.04. */
  get isNew(): boolean {
    return this.machine.os.cgroup === 2;
  }

  /** A unit, read from its file where it has one and nobody has asked for it yet. */
  find(name: string): Unit | undefined {
    const short = shortName(name);
    const known = this.machine.units.get(short);
    if (known) return known;
    const loaded = this.machine.filesUsed ? loadUnit(this.machine.files, fullName(name)) : undefined;
    if (!loaded) return undefined;
    const unit = new FileUnit(short, loaded, this);
    this.machine.units.set(short, unit);
    this.#complain(unit);
    return unit;
  }

  /** `daemon-reload`: files are read again; what runs goes on. */
  reload(): void {
    this.#told.clear();
    for (const unit of this.fileUnits) {
      const loaded = loadUnit(this.machine.files, unit.fullName);
      if (loaded) unit.loaded = loaded;
      else if (unit.state === 'inactive' || unit.state === 'failed') this.machine.units.delete(unit.name);
      if (loaded) this.#complain(unit);
    }
  }

  needsReload(unit: Unit): boolean {
    return unit instanceof FileUnit && changedOnDisk(this.machine.files, unit.fullName, unit.loaded);
  }

  get fileUnits(): FileUnit[] {
    return [...this.machine.units.values()].filter((unit) => unit instanceof FileUnit);
  }

  /** Throws a TransactionError where it cannot even be tried. */
  start(name: string): Job {
    const jobs = new Map<Unit, Job>();
    const anchor = this.#wanted(name);
    this.#pullIn(anchor, jobs, fullName(name));
    const cycle = this.#cycle([...jobs.values()].filter(({ type }) => type === 'start'));
    if (cycle) {
      this.journal.write('systemd', `${fullName(name)}: Found ordering cycle on ${fullName(cycle.name)}/start`, { unit: fullName(name) });
      throw new TransactionError(fullName(name), `Failed to start ${fullName(name)}: Transaction order is cyclic. See system logs for details.\nSee system logs and 'systemctl status ${fullName(name)}' for details.`);
    }
    return this.#enqueue([...jobs.values()], anchor);
  }

  /** Stops whoever requires it, too. */
  stop(name: string): Job {
    const unit = this.#wanted(name, 'stop');
    const jobs = new Map<Unit, Job>();
    this.#tearDown(unit, jobs);
    return this.#enqueue([...jobs.values()], unit);
  }

  restart(name: string): Job {
    const unit = this.#wanted(name);
    const running = [...this.#dependents(unit)].filter((one) => one.state === 'active' || one.state === 'activating');
    const stopped = this.stop(name);
    const again = new Job(unit, 'start');
    const begin = () => {
      try {
        this.start(name).then((result) => again.finish(result));
        for (const one of running) this.start(one.name);
      } catch (error) {
        if (!(error instanceof TransactionError)) throw error;
        again.finish('failed');
      }
    };
    stopped.then(begin);
    return again;
  }

  /** At boot: what is wanted by multi-user.target. */
  boot(): void {
    if (!this.machine.filesUsed) return;
    for (const name of linkedFrom(this.machine.files, 'multi-user.target')) {
      const unit = this.find(name);
      if (!(unit instanceof FileUnit) || unit.definition.refused) continue;
      try {
        this.start(name);
      } catch (error) {
        if (!(error instanceof TransactionError)) throw error;
      }
    }
  }

  /** The power is gone, and all that was asked for with it. */
  lost(): void {
    this.#jobs = [];
  }

  /** A service ended without being asked to: those bound to it go with it. */
  goneByItself(unit: Unit): void {
    for (const other of this.fileUnits) if (this.#names(other, 'BindsTo').includes(unit) && other.state === 'active') this.stop(other.name);
  }

  relations(unit: Unit, relation: Relation): readonly string[] {
    return unit instanceof FileUnit ? unit.definition.relations[relation].map(fullName) : [];
  }

  #names(unit: Unit, ...relations: Relation[]): Unit[] {
    return relations.flatMap((relation) => this.relations(unit, relation)).flatMap((name) => this.machine.units.get(shortName(name)) ?? []);
  }

  #wanted(name: string, verb = 'start'): Unit {
    const unit = this.find(name);
    if (!unit) throw new TransactionError(fullName(name), `Failed to ${verb} ${fullName(name)}: Unit ${fullName(name)} not ${verb === 'stop' ? 'loaded' : 'found'}.`);
    if (verb === 'start' && unit instanceof FileUnit && unit.definition.refused) throw new TransactionError(fullName(name), `Failed to start ${fullName(name)}: Unit ${fullName(name)} has a bad unit file setting.\nSee system logs and 'systemctl status ${fullName(name)}' for details.`);
    return unit;
  }

  #pullIn(unit: Unit, jobs: Map<Unit, Job>, anchor: string): void {
    if (jobs.has(unit)) return;
    jobs.set(unit, new Job(unit, 'start'));
    for (const name of [...this.relations(unit, 'Requires'), ...this.relations(unit, 'BindsTo')]) {
      if (reached.has(name)) continue;
      const needed = this.find(name);
      if (!needed) throw new TransactionError(anchor, `Failed to start ${anchor}: Unit ${name} not found.`);
      this.#pullIn(needed, jobs, anchor);
    }
    for (const name of this.relations(unit, 'Wants')) {
      const wanted = reached.has(name) ? undefined : this.find(name);
      if (!wanted || (wanted instanceof FileUnit && wanted.definition.refused)) continue;
      try {
        this.#pullIn(wanted, jobs, anchor);
      } catch (error) {
        if (!(error instanceof TransactionError)) throw error;
      }
    }
    for (const other of this.#names(unit, 'Conflicts')) this.#tearDown(other, jobs);
  }

  #tearDown(unit: Unit, jobs: Map<Unit, Job>): void {
    if (jobs.has(unit)) return;
    jobs.set(unit, new Job(unit, 'stop'));
    for (const other of this.#dependents(unit)) this.#tearDown(other, jobs);
  }

  #dependents(unit: Unit): Set<Unit> {
    return new Set(this.fileUnits.filter((other) => this.#names(other, 'Requires', 'BindsTo', 'Requisite', 'PartOf').includes(unit)));
  }

  /** Puts them into the queue; a job of the same kind that is there already is the answer. */
  #enqueue(jobs: readonly Job[], anchor: Unit): Job {
    let mine: Job | undefined;
    for (const job of jobs) {
      const old = this.#jobs.find(({ unit, state }) => unit === job.unit && state !== 'over');
      if (old && old.type !== job.type) old.finish('canceled');
      const taken = old && old.type === job.type ? old : job;
      if (taken === job) this.#jobs.push(job);
      if (job.unit === anchor) mine = taken;
    }
    this.#advance();
    return mine!;
  }

  #advance(): void {
    for (let found = true; found; ) {
      this.#jobs = this.#jobs.filter(({ state }) => state !== 'over');
      const next = this.#jobs.find((job) => job.state === 'waiting' && !this.#jobs.some((other) => other.state !== 'over' && this.#waitsFor(job, other)));
      found = next !== undefined;
      if (next) this.#run(next);
    }
  }

  /** True when `a` is ordered after `b`. */
  #after(a: Unit, b: Unit): boolean {
    return this.relations(a, 'After').includes(fullName(b.name)) || this.relations(b, 'Before').includes(fullName(a.name));
  }

  #waitsFor(job: Job, other: Job): boolean {
    if (job.unit === other.unit) return false;
    if (job.type === 'start') return other.type === 'start' ? this.#after(job.unit, other.unit) : this.#after(job.unit, other.unit) || this.#after(other.unit, job.unit);
    return other.type === 'stop' && this.#after(other.unit, job.unit);
  }

  #cycle(jobs: readonly Job[]): Unit | undefined {
    const left = new Set(jobs);
    for (let moved = true; moved; ) {
      moved = false;
      for (const job of left) {
        if ([...left].some((other) => this.#waitsFor(job, other))) continue;
        left.delete(job);
        moved = true;
      }
    }
    return [...left][0]?.unit;
  }

  #run(job: Job): void {
    job.state = 'running';
    const { unit } = job;
    if (!(unit instanceof FileUnit)) {
      job.type === 'start' ? unit.start() : unit.stop();
      return this.#finished(job, true);
    }
    if (job.type === 'stop') return unit.end(() => (this.#finished(job, true), this.#advance()));
    for (const name of this.relations(unit, 'Requisite')) if (this.find(name)?.state !== 'active') return this.#dependencyFailed(job);
    unit.run((worked) => (this.#finished(job, worked), this.#advance()));
  }

  #finished(job: Job, worked: boolean): void {
    job.finish(worked ? 'done' : 'failed');
    if (!worked && job.type === 'start') this.#failDependents(job.unit);
  }

  /** Those that wait for it because they require it will not be started. Without an order they have been already. */
  #failDependents(unit: Unit): void {
    for (const job of this.#jobs) {
      if (job.state === 'over' || job.type !== 'start' || job.state === 'running') continue;
      if (this.#names(job.unit, 'Requires', 'BindsTo', 'Requisite').includes(unit)) this.#dependencyFailed(job);
    }
  }

  #dependencyFailed(job: Job): void {
    const { unit } = job;
    const name = fullName(unit.name);
    this.journal.write('systemd', `Dependency failed for ${unit instanceof FileUnit ? unit.title : unit.description}.`, { unit: name });
    this.journal.write('systemd', `${name}: Job ${name}/start failed with result 'dependency'.`, { unit: name });
    job.finish('dependency');
    this.#failDependents(unit);
  }

  /** What is wrong in its files is said when they are read. */
  #complain(unit: FileUnit): void {
    for (const text of unit.definition.complaints) {
      if (this.#told.has(text)) continue;
      this.#told.add(text);
      this.journal.write('systemd', text, { unit: unit.fullName });
    }
  }
}
