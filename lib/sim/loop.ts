import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** Something that takes steps: an informer, a controller's worker, a scheduler, a kubelet. */
export interface Actor {
  readonly name: string;
  /** True while there is something to do at this instant. */
  ready(): boolean;
  /** Does one piece of work; it must leave nothing half done. */
  step(): void;
}

/** Thrown when one instant takes more steps than its budget; `actor` is the one that stepped most. */
export class LoopBudgetError extends Error {
  constructor(
    readonly actor: string,
    readonly steps: number,
  ) {
    super(`${actor} did not settle: ${steps} steps at one instant`);
    this.name = 'LoopBudgetError';
  }
}

export interface LoopOptions {
  clock: Clock;
  random: Random;
  /** Steps that one actor may take at one instant. */
  budget?: number;
  /** Called after every step and timer: hands new log entries to those who wait for them. */
  pump?: () => void;
}

/** Picks what happens next: by time, and among what is due now by the seed. */
export class Loop {
  readonly clock: Clock;
  /** Steps taken since the cluster began: the loop's own count of time, used by journals. */
  steps = 0;
  pump: () => void;
  /** Set by a search: how long (milliseconds) an actor that has work waits first, as a slow process or connection does. */
  delay: ((actor: Actor) => number) | undefined;
  #random: Random;
  #budget: number;
  #ready: Actor[] = [];
  #waiting = new Set<Actor>();
  #running = false;

  constructor({ clock, random, budget = 200_000, pump = () => {} }: LoopOptions) {
    this.clock = clock;
    this.#random = random;
    this.#budget = budget;
    this.pump = pump;
  }

  /** Tells the loop that this actor has work now. Waking an actor twice is the same as once. */
  wake(actor: Actor): void {
    if (this.#waiting.has(actor)) return;
    this.#waiting.add(actor);
    const delay = this.delay?.(actor) ?? 0;
    if (delay > 0) this.clock.after(delay, () => this.#waiting.has(actor) && !this.#ready.includes(actor) && this.#ready.push(actor));
    else this.#ready.push(actor);
  }

  /** An actor that crashed takes no more steps until it is woken again. */
  forget(actor: Actor): void {
    if (!this.#waiting.delete(actor)) return;
    const at = this.#ready.indexOf(actor);
    if (at >= 0) this.#ready.splice(at, 1);
  }

  /** Runs until nothing is due at this instant. */
  settle(): void {
    if (this.#running) throw new Error('the loop is already running: a component must not advance the clock');
    this.#running = true;
    const taken = new Map<Actor, number>();
    try {
      for (;;) {
        this.clock.runDue();
        this.pump();
        if (this.#ready.length === 0) break;
        this.#stepOne(taken);
      }
    } finally {
      this.#running = false;
    }
  }

  /** Runs until `until` (milliseconds of virtual time), or until `stop` says so after an instant. */
  runUntil(until: number, stop: () => boolean = () => false): void {
    this.settle();
    while (!stop()) {
      const next = this.clock.next();
      if (next === undefined || next > until) {
        this.clock.now = Math.max(this.clock.now, until);
        return;
      }
      this.clock.now = Math.max(this.clock.now, next);
      this.settle();
    }
  }

  #stepOne(taken: Map<Actor, number>): void {
    const ready = this.#ready;
    const i = ready.length === 1 ? 0 : this.#random.int(ready.length);
    const actor = ready[i]!;
    if (actor.ready()) {
      this.steps++;
      const steps = (taken.get(actor) ?? 0) + 1;
      taken.set(actor, steps);
      if (steps > this.#budget) throw new LoopBudgetError(actor.name, steps);
      actor.step();
      if (actor.ready()) return;
    }
    // Stepping may have changed the list: find the actor again before taking it out.
    const at = ready[i] === actor ? i : ready.indexOf(actor);
    if (at < 0) return;
    const last = ready.pop()!;
    if (at < ready.length) ready[at] = last;
    this.#waiting.delete(actor);
  }
}
