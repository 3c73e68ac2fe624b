// Whether a server that was heard of regularly is lost: the "phi accrual failure detector" (lib/fluent/plugin/out_forward/failure_detector.rb).

export interface DetectorOptions {
  /** Milliseconds. */
  interval: number;
  hardTimeout: number;
  threshold: number;
}

const samples = 1000;

export class FailureDetector {
  readonly #options: DetectorOptions;
  /** Milliseconds between two signs of life, the newest last. */
  #gaps: number[];
  #last: number;

  constructor(options: DetectorOptions, now: number) {
    this.#options = options;
    this.#gaps = [options.interval];
    this.#last = now;
  }

  /** A sign of life; whether there were enough of them to believe it. */
  heard(now: number, needed: number): boolean {
    this.#gaps.push(this.#gaps.length === 0 ? this.#options.interval : now - this.#last);
    if (this.#gaps.length > samples) this.#gaps.shift();
    this.#last = now;
    return this.#gaps.length > needed;
  }

  /** Why it counts as lost from now on. */
  check(now: number, available: boolean): { hard_timeout: true } | { phi: number; phi_threshold: number } | undefined {
    const late = now - this.#last > this.#options.hardTimeout;
    const phi = available ? this.#phi(now) : 0;
    if (!available) {
      if (late) this.#clear();
      return undefined;
    }
    if (!late && phi <= this.#options.threshold) return undefined;
    this.#clear();
    return late ? { hard_timeout: true } : { phi, phi_threshold: this.#options.threshold };
  }

  /** The longer the silence, measured by what was usual of late. */
  #phi(now: number): number {
    if (this.#gaps.length === 0) return 0;
    let [sum, weight] = [0, 0];
    for (const [i, gap] of this.#gaps.entries()) {
      sum += gap * (i + 1);
      weight += i + 1;
    }
    const mean = (sum / weight - this.#options.interval) / 1000 + 1;
    return ((now - this.#last - this.#options.interval) / 1000 + 1) / mean / Math.log(10);
  }

  #clear(): void {
    this.#gaps = [];
    this.#last = 0;
  }
}
