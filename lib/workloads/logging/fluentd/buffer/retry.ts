// When a failed write is tried again (lib/fluent/plugin_helper/retry_state.rb).
import type { Clock, Random } from '../../../../sim/index.ts';

export interface RetryOptions {
  type: 'exponential_backoff' | 'periodic';
  /** All in milliseconds. */
  wait: number;
  timeout: number;
  forever: boolean;
  maxTimes: number | undefined;
  base: number;
  maxInterval: number | undefined;
  randomize: boolean;
  /** With a <secondary>: from this part of the timeout on it is used. */
  secondary: number | undefined;
}

const spread = 0.125;

export class Retry {
  steps = 0;
  next: number;
  readonly #options: RetryOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #timeoutAt: number;
  readonly #secondaryAt: number;
  #secondaryStep: number | undefined;
  #reached = false;
  #timedOut = false;

  constructor(options: RetryOptions, { clock, random }: { clock: Clock; random: Random }) {
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.next = clock.now + options.wait;
    this.#timeoutAt = clock.now + options.timeout;
    const longest = options.maxTimes === undefined ? options.timeout : Math.min(options.timeout, this.#allOf(options.maxTimes));
    this.#secondaryAt = options.secondary === undefined || options.forever ? Infinity : clock.now + longest * options.secondary;
  }

  get secondary(): boolean {
    return this.#secondaryStep !== undefined || this.#clock.now >= this.#secondaryAt;
  }

  /** There is no further try. */
  get over(): boolean {
    const { forever, maxTimes } = this.#options;
    return !forever && (this.#timedOut || (maxTimes !== undefined && this.steps >= maxTimes));
  }

  /** One more has failed. */
  step(): void {
    this.steps++;
    if (this.#secondaryStep === undefined && this.#clock.now >= this.#secondaryAt) this.#secondaryStep = this.steps;
    this.next = this.#nextTime();
    if (this.#reached) this.#timedOut = this.next >= this.#timeoutAt;
    else this.#reached = this.next >= this.#timeoutAt;
  }

  #nextTime(): number {
    const naive = this.#clock.now + this.#randomized(this.#interval(this.steps - (this.#secondaryStep ?? 0)));
    if (this.#options.forever) return naive;
    return Math.min(naive, this.#secondaryStep === undefined ? Math.min(this.#secondaryAt, this.#timeoutAt) : this.#timeoutAt);
  }

  #interval(step: number): number {
    const { type, wait, base, maxInterval = Infinity } = this.#options;
    return type === 'periodic' ? wait : Math.min(wait * base ** step, maxInterval);
  }

  #randomized(interval: number): number {
    if (!this.#options.randomize) return interval;
    return Math.round(interval + interval * spread * (2 * (this.#random.int(1_000_000) / 1_000_000) - 1));
  }

  #allOf(times: number): number {
    return Array.from({ length: times }, (_, i) => this.#interval(i)).reduce((all, one) => all + one, 0);
  }
}
