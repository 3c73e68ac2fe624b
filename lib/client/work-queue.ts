// client-go's rate-limiting work queue: a name is in it at most once, failures wait longer each time.
import type { Actor, Loop } from '../sim/index.ts';

/** 5 ms, 10 ms, … up to 1000 s: the default controller rate limiter. */
const firstDelay = 5;
const longestDelay = 1_000_000;
/**
 * How long handling one name takes (milliseconds of virtual time). A name that is added meanwhile waits until it is done,
 * so that a burst of events costs one reconcile, not one each.
 */
const handlingTime = 20;

export interface QueueOptions {
  name: string;
  loop: Loop;
  /** Handles one name; a delay (milliseconds) asks for it again. Throwing backs off. */
  handle(key: string): number | void;
  /** Told about errors, which are otherwise only a reason to try again. */
  onError?(key: string, error: unknown): void;
}

export class WorkQueue implements Actor {
  readonly name: string;
  #options: QueueOptions;
  #order: string[] = [];
  #head = 0;
  #waiting = new Set<string>();
  #failures = new Map<string, number>();
  #delayed = new Map<string, number>();
  #busyUntil = new Map<string, number>();
  #stopped = false;

  constructor(options: QueueOptions) {
    this.name = options.name;
    this.#options = options;
  }

  ready(): boolean {
    return !this.#stopped && this.#head < this.#order.length;
  }

  add(key: string): void {
    if (this.#stopped || this.#waiting.has(key)) return;
    const { now } = this.#options.loop.clock;
    const busyUntil = this.#busyUntil.get(key) ?? now;
    if (busyUntil > now) return this.addAfter(key, busyUntil - now);
    this.#waiting.add(key);
    this.#order.push(key);
    this.#options.loop.wake(this);
  }

  /** Adds the name when `delay` milliseconds have passed; the earliest of several wins. */
  addAfter(key: string, delay: number): void {
    if (delay <= 0) return this.add(key);
    const { clock } = this.#options.loop;
    const due = clock.now + delay;
    const present = this.#delayed.get(key);
    if (present !== undefined && present > clock.now && present <= due) return;
    this.#delayed.set(key, due);
    clock.after(delay, () => {
      if (this.#delayed.get(key) === due) this.#delayed.delete(key);
      this.add(key);
    });
  }

  step(): void {
    const key = this.#order[this.#head++]!;
    if (this.#head > 1024 && this.#head * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#head);
      this.#head = 0;
    }
    this.#waiting.delete(key);
    this.#busy(key);
    try {
      const delay = this.#options.handle(key);
      this.#failures.delete(key);
      if (delay !== undefined) this.addAfter(key, delay);
    } catch (error) {
      this.#options.onError?.(key, error);
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      this.addAfter(key, Math.min(firstDelay * 2 ** failures, longestDelay));
    }
  }

  #busy(key: string): void {
    const { now } = this.#options.loop.clock;
    if (this.#busyUntil.size >= 4096) for (const [name, until] of this.#busyUntil) if (until <= now) this.#busyUntil.delete(name);
    this.#busyUntil.set(key, now + handlingTime);
  }

  stop(): void {
    this.#stopped = true;
    this.#options.loop.forget(this);
  }
}
