// The CPUs of a machine, shared among those who want to run: by weight where there is not enough, up to a quota where somebody has one.

/** Who uses CPU time: a control group. */
export interface CpuUser {
  /** As cpu.shares: 1024 is the usual. */
  readonly weight: number;
  /** CPUs at most; Infinity without a quota. */
  readonly limit: number;
  /** CPUs that its threads would use if they were alone. */
  readonly wants: number;
  /** CPUs that it may use. */
  given: number;
  /** Adds up what it used until now. */
  settle(now: number): void;
  /** What it is given may have changed. */
  granted(now: number): void;
  /** Works out again what it wants, where that depends on what it gets. */
  readonly rebalance?: ((now: number) => void) | undefined;
}

/** Nobody waits here: only who wants to run is known, and shares change when what somebody wants does. */
export class Processor {
  readonly cpus: number;
  /** CPUs for each unit of weight of those who get less than they want; Infinity while there is enough for all. */
  level = Infinity;
  readonly #users = new Set<CpuUser>();

  constructor(cpus: number) {
    this.cpus = cpus;
  }

  /** Somebody wants more or less than before. */
  changed(user: CpuUser, now: number): void {
    this.settle(now);
    this.enlist(user);
    this.plan();
    const rebalance = [...this.#users].find((one) => one.rebalance)?.rebalance;
    if (rebalance) rebalance(now);
    else this.grant(now);
  }

  settle(now: number): void {
    for (const user of this.#users) user.settle(now);
  }

  enlist(user: CpuUser): void {
    this.#users.add(user);
  }

  /** Tells them, and forgets who wants nothing more. */
  grant(now: number): void {
    for (const user of this.#users) {
      user.granted(now);
      if (user.wants === 0) this.#users.delete(user);
    }
  }

  /**
   * Whoever wants less than its share gets that, and what is left is shared by the others' weights.
   * Differs from Kubernetes: all control groups stand side by side (no groups of QoS classes and pods above them), and threads move between CPUs at once.
   */
  plan(): void {
    const most = (user: CpuUser) => Math.min(user.wants, user.limit);
    this.level = Infinity;
    let [left, weights, sum] = [this.cpus, 0, 0];
    for (const user of this.#users) {
      user.given = most(user);
      sum += user.given;
      if (user.wants > 0) weights += user.weight;
    }
    if (sum <= this.cpus) return;
    const thirsty = [...this.#users].filter(({ wants }) => wants > 0).sort((a, b) => most(a) / a.weight - most(b) / b.weight);
    for (const user of thirsty) {
      const fair = (left * user.weight) / weights;
      if (user.given > fair) {
        user.given = fair;
        this.level = fair / user.weight;
      }
      left -= user.given;
      weights -= user.weight;
    }
  }
}
