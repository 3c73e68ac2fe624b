// rate, increase, delta, irate, idelta: how much a stretch of a series went up (promql/functions.go).
import type { Stretch } from './values.ts';

export interface RateOptions {
  /** It only ever goes up; where it does not, it began anew. */
  counter: boolean;
  /** By seconds. */
  rate: boolean;
  /** Since release 3.0 a far end of the stretch is seen to before the zero of a counter. */
  modern: boolean;
}

/** What the samples say, drawn out to both ends of the stretch. Undefined: too few of them. */
export function extrapolated({ samples, from, to }: Stretch, { counter, rate, modern }: RateOptions): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || samples.length < 2) return undefined;
  let result = last.v - first.v;
  if (counter) for (let i = 1; i < samples.length; i++) if (samples[i]!.v < samples[i - 1]!.v) result += samples[i - 1]!.v;
  const sampled = (last.t - first.t) / 1000;
  const average = sampled / (samples.length - 1);
  const threshold = average * 1.1;
  let [toStart, toEnd] = [(first.t - from) / 1000, (to - last.t) / 1000];
  if (modern && toStart >= threshold) toStart = average / 2;
  // A counter cannot have been less than zero.
  if (counter && result > 0 && first.v >= 0) toStart = Math.min(toStart, sampled * (first.v / result));
  if (!modern && toStart >= threshold) toStart = average / 2;
  if (toEnd >= threshold) toEnd = average / 2;
  const factor = (sampled + toStart + toEnd) / sampled;
  return result * (rate ? factor / ((to - from) / 1000) : factor);
}

/** By the last two samples. */
export function instant({ samples }: Stretch, { rate }: Pick<RateOptions, 'rate'>): number | undefined {
  const [before, last] = [samples.at(-2), samples.at(-1)];
  if (!before || !last || last.t === before.t) return undefined;
  const difference = rate && last.v < before.v ? last.v : last.v - before.v;
  return rate ? difference / ((last.t - before.t) / 1000) : difference;
}

/** Slope and value by least squares at a moment. */
export function regression({ samples }: Stretch, at: number): { slope: number; value: number } | undefined {
  if (samples.length < 2) return undefined;
  let [n, sumX, sumY, sumXY, sumXX] = [0, 0, 0, 0, 0];
  for (const { t, v } of samples) {
    const x = (t - at) / 1000;
    n++;
    sumX += x;
    sumY += v;
    sumXY += x * v;
    sumXX += x * x;
  }
  const slope = (sumXY - (sumX * sumY) / n) / (sumXX - (sumX * sumX) / n);
  return { slope, value: sumY / n - (slope * sumX) / n };
}
