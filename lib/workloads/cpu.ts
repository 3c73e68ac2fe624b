// CPU time of a container under its quota (CFS bandwidth control, Documentation/scheduler/sched-bwc.rst).

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

/**
 * How much a container wants and what it gets, added up when somebody looks.
 * Differs from Kubernetes: containers do not take CPU time from each other; the machine's number of CPUs is the only other bound.
 */
export class CpuAccount {
  readonly #limit: number | undefined;
  readonly #cpus: number;
  #demand = 0;
  #since: number;
  #stat: CpuStat = { usage: 0, periods: 0, throttled: 0, throttledTime: 0 };

  /** `limit` in CPUs; `now` in milliseconds. */
  constructor({ limit, cpus, now }: { limit?: number | undefined; cpus: number; now: number }) {
    this.#limit = limit;
    this.#cpus = cpus;
    this.#since = now;
  }

  /** CPUs that it gets at the moment. */
  get rate(): number {
    return Math.min(this.#demand, this.#limit ?? Infinity);
  }

  /** From now on so many threads want to run. */
  want(cpus: number, now: number): void {
    this.stat(now);
    this.#demand = Math.min(cpus, this.#cpus);
  }

  stat(now: number): CpuStat {
    const elapsed = now - this.#since;
    if (elapsed <= 0 || this.#demand === 0) {
      this.#since = now;
      return this.#stat;
    }
    const { usage, periods, throttled, throttledTime } = this.#stat;
    const due = this.#limit === undefined ? 0 : Math.floor((now * 1000) / cpuPeriod) - Math.floor((this.#since * 1000) / cpuPeriod);
    const over = this.#limit !== undefined && this.#demand > this.#limit;
    // Every thread stands still from the moment the quota is used up to the end of the period.
    const lost = over ? (this.#demand - this.#limit!) * elapsed * 1000 : 0;
    this.#since = now;
    this.#stat = { usage: usage + Math.round(this.rate * elapsed * 1000), periods: periods + due, throttled: throttled + (over ? due : 0), throttledTime: throttledTime + Math.round(lost) };
    return this.#stat;
  }
}
