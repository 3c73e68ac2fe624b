// Samples in memory: series by their labels, each a row of times and values.
import { keyOf, type Labels } from './labels.ts';

export interface Sample {
  /** Milliseconds. */
  t: number;
  v: number;
}

export interface Series {
  readonly labels: Labels;
  readonly samples: Sample[];
}

/** Says that a series has ended: it was there at the last scrape and is not at this one. */
export const stale = Symbol('stale');
interface Row extends Series {
  /** Times at which the series ended. */
  readonly ends: number[];
}

export type Matcher = (labels: Labels) => boolean;

export class Tsdb {
  readonly #series = new Map<string, Row>();
  readonly #byName = new Map<string, Row[]>();

  /** Whether the series is new. */
  append(labels: Labels, t: number, v: number | typeof stale): boolean {
    const key = keyOf(labels);
    let row = this.#series.get(key);
    const isNew = row === undefined;
    if (!row) {
      row = { labels, samples: [], ends: [] };
      this.#series.set(key, row);
      const name = labels['__name__'] ?? '';
      const rows = this.#byName.get(name);
      if (rows) rows.push(row);
      else this.#byName.set(name, [row]);
    }
    if (v === stale) row.ends.push(t);
    else if ((row.samples.at(-1)?.t ?? -Infinity) < t) row.samples.push({ t, v });
    return isNew;
  }

  /** `name`: of this metric only. */
  select(matches: Matcher, name?: string): Series[] {
    const rows = name === undefined ? [...this.#series.values()] : (this.#byName.get(name) ?? []);
    return rows.filter(({ labels }) => matches(labels));
  }

  get size(): number {
    return this.#series.size;
  }
}

/** The newest sample that is no older than `lookback`; none when the series has ended since. `open`: so old is too old. */
export function latest(series: Series, at: number, { lookback, open }: { lookback: number; open: boolean }): Sample | undefined {
  const { samples } = series;
  const sample = samples[lastBefore(samples, at)];
  if (!sample || (open ? sample.t <= at - lookback : sample.t < at - lookback)) return undefined;
  return (series as Row).ends.some((end) => end > sample.t && end <= at) ? undefined : sample;
}

/** Samples of a stretch of time. `open`: without its first moment. */
export function within(series: Series, from: number, to: number, open: boolean): Sample[] {
  const { samples } = series;
  const last = lastBefore(samples, to);
  let first = last;
  while (first >= 0 && (open ? samples[first]!.t > from : samples[first]!.t >= from)) first--;
  return samples.slice(first + 1, last + 1);
}

function lastBefore(samples: readonly Sample[], at: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle]!.t <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
