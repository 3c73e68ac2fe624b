// CPU time of a container under its quota (CFS bandwidth control, Documentation/scheduler/sched-bwc.rst).
import type { CpuUser, Processor } from '../machine/index.ts';
import type { Clock, Timer } from '../sim/index.ts';

export interface CpuStat {
  /** Microseconds of CPU time. */
  usage: number;
  /** Periods in which something wanted to run, and those in which the quota was used up. */
  periods: number;
  throttled: number;
  /** Microseconds that its threads stood still, summed. */
  throttledTime: number;
}

/** Microseconds: how often the quota is refilled. */
export const cpuPeriod = 100_000;

/** A piece of work that is over when it has had its CPU time. */
interface Work {
  threads: number;
  /** Milliseconds of CPU time that are left. */
  left: number;
  done(): void;
}

export interface CpuOptions {
  processor: Processor;
  clock: Clock;
  /** As they are at the moment: CPUs (missing: no quota), and the weight against others. */
  config: { readonly cpuLimit?: number; readonly cpuShares?: number };
}

/** How much a container wants and what it gets, added up when somebody looks. */
export class CpuAccount implements CpuUser {
  readonly processor: Processor;
  readonly #config: CpuOptions['config'];
  readonly #clock: Clock;
  #threads = 0;
  readonly #works = new Set<Work>();
  #timer: Timer | undefined;
  /** Milliseconds of CPU time that single requests have asked for and not yet had. */
  #backlog = 0;
  #since: number;
  #usage = 0;
  #lost = 0;
  #periods = 0;
  #throttled = 0;
  /** False when its container has ended. */
  alive = true;
  given = 0;
  /** Steady requests (load/load.ts): CPUs that they want and use, and how much longer than alone each takes. */
  readonly served = { wants: 0, uses: 0 };
  stretch = 1;
  rebalance: ((now: number) => void) | undefined;

  constructor({ processor, clock, config }: CpuOptions) {
    this.processor = processor;
    this.#clock = clock;
    this.#config = config;
    this.#since = clock.now;
  }

  get limit(): number {
    return this.#config.cpuLimit ?? Infinity;
  }

  get weight(): number {
    return this.#config.cpuShares ?? 1024;
  }

  /** CPUs that its own threads want. */
  get #own(): number {
    let threads = this.#threads;
    for (const work of this.#works) threads += work.threads;
    return threads;
  }

  get wants(): number {
    return Math.min(this.#own + this.served.wants, this.processor.cpus);
  }

  /** CPUs that it uses at the moment. */
  get rate(): number {
    return this.#ownRate + this.served.uses;
  }

  get #ownRate(): number {
    const own = this.#own;
    return own === 0 ? 0 : (this.given * own) / (own + this.served.wants);
  }

  /** CPUs that are there for steady requests. */
  get room(): number {
    const { processor, served } = this;
    const most = Math.min(this.limit, processor.cpus, processor.level * this.weight);
    const own = this.#own;
    return own === 0 ? most : Math.max(most - own, (most * served.wants) / (own + served.wants));
  }

  /** How much longer a thread of it takes that runs beside those of others: it shares a CPU with them when all are busy. */
  get slowness(): number {
    return Math.max(1, 1 / (this.processor.level * this.weight));
  }

  /** From now on so many threads want to run. */
  want(cpus: number, now: number): void {
    if (cpus === this.#threads) return;
    this.settle(now);
    this.#threads = cpus;
    this.processor.changed(this, now);
  }

  /** Threads that run until they have had `cpu` milliseconds of CPU time together. */
  work(cpu: number, { threads = 1, done }: { threads?: number; done(): void }): void {
    this.settle(this.#clock.now);
    this.#works.add({ threads, left: cpu, done });
    this.processor.changed(this, this.#clock.now);
  }

  /**
   * A single request took so many milliseconds of CPU time; they are used as soon as there is room.
   * Differs from Kubernetes: it takes no CPU time from others.
   */
  burst(cpu: number): void {
    this.settle(this.#clock.now);
    this.#backlog += cpu;
  }

  /** Its processes are gone. */
  end(now: number): void {
    this.settle(now);
    this.alive = false;
    [this.#threads, this.#backlog] = [0, 0];
    this.#works.clear();
    this.#clock.cancel(this.#timer);
    Object.assign(this.served, { wants: 0, uses: 0 });
    this.processor.changed(this, now);
  }

  /** Its quota or weight is another from now on. */
  reconfigured(): void {
    this.settle(this.#clock.now);
    if (this.wants > 0) this.processor.changed(this, this.#clock.now);
  }

  granted(now: number): void {
    this.#clock.cancel(this.#timer);
    if (this.#works.size === 0) return;
    const share = this.#ownRate / this.#own;
    const next = Math.ceil(Math.min(...[...this.#works].map(({ left, threads }) => left / (threads * share))) - 1e-6);
    if (Number.isFinite(next)) this.#timer = this.#clock.after(next, () => this.#finish(now + next));
  }

  #finish(now: number): void {
    this.settle(now);
    const over = [...this.#works].filter(({ left }) => left < 1e-3);
    for (const work of over) this.#works.delete(work);
    this.processor.changed(this, now);
    for (const { done } of over) if (this.alive) done();
  }

  settle(now: number): void {
    const elapsed = now - this.#since;
    if (elapsed <= 0) return;
    const wants = this.wants;
    if (wants > 0) this.#addRate(elapsed, wants, now);
    this.#since = now;
    if (this.#backlog === 0) return;
    const made = Math.min(this.#backlog, Math.max(0, Math.min(this.limit, this.processor.cpus) - this.rate) * elapsed);
    this.#backlog -= made;
    this.#usage += made;
  }

  #addRate(elapsed: number, wants: number, now: number): void {
    const { limit, rate } = this;
    this.#usage += rate * elapsed;
    const own = this.#own;
    const share = own === 0 ? 0 : this.#ownRate / own;
    for (const work of this.#works) work.left -= share * work.threads * elapsed;
    if (limit === Infinity) return;
    const due = Math.floor((now * 1000) / cpuPeriod) - Math.floor((this.#since * 1000) / cpuPeriod);
    this.#periods += due;
    if (wants <= limit) return;
    this.#throttled += due;
    // Every thread stands still from the moment the quota is used up to the end of the period.
    this.#lost += (wants - limit) * elapsed;
  }

  stat(now: number): CpuStat {
    this.settle(now);
    return { usage: Math.round(this.#usage * 1000), periods: this.#periods, throttled: this.#throttled, throttledTime: Math.round(this.#lost * 1000) };
  }
}
