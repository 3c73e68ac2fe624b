// How long answers took, as a distribution: of many requests that were never made one by one.

/** Answers of one server at one time: so many, that took at least about `base` milliseconds, and waited `wait` more on average. */
export interface Answers {
  count: number;
  base: number;
  wait: number;
}

/** Of the time that an answer takes anyway, the part that is never the same. */
const uneven = 0.1;

/** Differs from Kubernetes: waiting times are taken to be exponential, as in an M/M/1 queue. */
export class Latency {
  readonly #answers = new Map<string, Answers>();
  count = 0;

  add(answers: readonly Answers[]): void {
    for (const one of answers) {
      const key = `${one.base.toFixed(2)} ${one.wait.toFixed(2)}`;
      const same = this.#answers.get(key);
      if (same) same.count += one.count;
      else this.#answers.set(key, { ...one });
      this.count += one.count;
    }
  }

  get mean(): number {
    let sum = 0;
    for (const { count, base, wait } of this.#answers.values()) sum += count * (base + wait);
    return this.count === 0 ? 0 : sum / this.count;
  }

  /** The part of the answers that took at most so many milliseconds. */
  within(time: number): number {
    let sum = 0;
    for (const { count, base, wait } of this.#answers.values()) {
      const over = time - base * (1 - uneven);
      if (over > 0) sum += count * (1 - Math.exp(-over / (base * uneven + wait)));
    }
    return this.count === 0 ? 1 : sum / this.count;
  }

  /** Milliseconds that this part of the answers (0 to 1) took at most. */
  quantile(part: number): number {
    let [low, high] = [0, 1];
    while (this.within(high) < part && high < 1e9) high *= 2;
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (this.within(middle) < part) low = middle;
      else high = middle;
    }
    return high;
  }
}
