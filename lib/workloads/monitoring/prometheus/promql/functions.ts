// The functions of PromQL. Differs from Prometheus: not all of them; who asks for another is told that it is unknown.
import { keyOf, nonEmpty, wholeRegExp } from '../labels.ts';
import { numberOf } from '../text-format.ts';
import type { ValueType } from './ast.ts';
import { extrapolated, instant, type RateOptions, regression } from './rates.ts';
import { nameless, type Point, QueryError, scalar, type Stretch, type Value, vector } from './values.ts';

export interface Moment {
  /** Milliseconds. */
  at: number;
  modern: boolean;
}

export interface PromFunction {
  args: readonly ValueType[];
  returns: ValueType;
  /** How many of the last may be left out. */
  optional?: number;
  /** The last may come several times. */
  variadic?: boolean;
  call(args: readonly Value[], moment: Moment): Value;
}

const points = (value: Value | undefined): Point[] => (value?.type === 'vector' ? value.points : []);
const number = (value: Value | undefined): number => (value?.type === 'scalar' ? value.value : Number.NaN);
const text = (value: Value | undefined): string => (value?.type === 'string' ? value.value : '');

/** Of each series one number; without its name, as it is another thing now. */
const overTime = (of: (stretch: Stretch, moment: Moment) => number | undefined, keepName = false): PromFunction => ({
  args: ['matrix'],
  returns: 'vector',
  call: ([matrix], moment) => vector(stretches(matrix).flatMap((one) => pointOf(one, of(one, moment), keepName))),
});

const stretches = (value: Value | undefined) => (value?.type === 'matrix' ? value.stretches : []);
const pointOf = ({ labels }: Stretch, v: number | undefined, keepName = false): Point[] => (v === undefined ? [] : [{ labels: keepName ? labels : nameless(labels), v }]);
const values = ({ samples }: Stretch) => samples.map(({ v }) => v);
const ofValues = (of: (values: number[]) => number) => overTime((stretch) => (stretch.samples.length === 0 ? undefined : of(values(stretch))));

const rateLike = (options: Omit<RateOptions, 'modern'>) => overTime((stretch, { modern }) => extrapolated(stretch, { ...options, modern }));
const each = (of: (v: number) => number): PromFunction => ({ args: ['vector'], returns: 'vector', call: ([given]) => vector(points(given).map(({ labels, v }) => ({ labels: nameless(labels), v: of(v) }))) });
const withNumbers = (count: number, of: (v: number, numbers: number[]) => number, optional = 0): PromFunction => ({
  args: ['vector', ...Array.from({ length: count }, () => 'scalar' as const)],
  returns: 'vector',
  optional,
  call: ([given, ...rest]) => vector(points(given).map(({ labels, v }) => ({ labels: nameless(labels), v: of(v, rest.map(number)) }))),
});
const ofDate = (of: (date: Date) => number): PromFunction => ({
  args: ['vector'],
  returns: 'vector',
  optional: 1,
  call: (args, { at }) => vector((args.length > 0 ? points(args[0]) : [{ labels: {}, v: at / 1000 }]).map(({ labels, v }) => ({ labels: nameless(labels), v: of(new Date(v * 1000)) }))),
});

const mean = (all: number[]) => all.reduce((sum, v) => sum + v, 0) / all.length;
export const variance = (all: number[]): number => mean(all.map((v) => (v - mean(all)) ** 2));

export function quantile(q: number, all: readonly number[]): number {
  if (all.length === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const sorted = [...all].sort((a, b) => a - b);
  const rank = q * (sorted.length - 1);
  const [lower, upper] = [Math.max(0, Math.floor(rank)), Math.min(sorted.length - 1, Math.floor(rank) + 1)];
  return sorted[lower]! * (1 - (rank - Math.floor(rank))) + sorted[upper]! * (rank - Math.floor(rank));
}

const round = (v: number, [to = 1]: number[]) => Math.floor(v * (1 / to) + 0.5) / (1 / to);
const order = (a: number, b: number) => (Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : a - b);

export const functions: Record<string, PromFunction> = {
  rate: rateLike({ counter: true, rate: true }),
  increase: rateLike({ counter: true, rate: false }),
  delta: rateLike({ counter: false, rate: false }),
  irate: overTime((stretch) => instant(stretch, { rate: true })),
  idelta: overTime((stretch) => instant(stretch, { rate: false })),
  deriv: overTime((stretch) => regression(stretch, stretch.samples[0]?.t ?? 0)?.slope),
  resets: ofValues((all) => all.filter((v, i) => i > 0 && v < all[i - 1]!).length),
  changes: ofValues((all) => all.filter((v, i) => i > 0 && v !== all[i - 1]! && !(Number.isNaN(v) && Number.isNaN(all[i - 1]!))).length),
  avg_over_time: ofValues(mean),
  sum_over_time: ofValues((all) => all.reduce((sum, v) => sum + v, 0)),
  min_over_time: ofValues((all) => Math.min(...all)),
  max_over_time: ofValues((all) => Math.max(...all)),
  count_over_time: ofValues((all) => all.length),
  last_over_time: overTime((stretch) => stretch.samples.at(-1)?.v, true),
  present_over_time: ofValues(() => 1),
  stddev_over_time: ofValues((all) => Math.sqrt(variance(all))),
  stdvar_over_time: ofValues(variance),
  quantile_over_time: { args: ['scalar', 'matrix'], returns: 'vector', call: ([q, matrix]) => vector(stretches(matrix).flatMap((one) => (one.samples.length === 0 ? [] : pointOf(one, quantile(number(q), values(one)))))) },
  predict_linear: {
    args: ['matrix', 'scalar'],
    returns: 'vector',
    call: ([matrix, later], { at }) =>
      vector(
        stretches(matrix).flatMap((one) => {
          const found = regression(one, at);
          return pointOf(one, found && found.slope * number(later) + found.value);
        }),
      ),
  },
  abs: each(Math.abs),
  ceil: each(Math.ceil),
  floor: each(Math.floor),
  sqrt: each(Math.sqrt),
  exp: each(Math.exp),
  ln: each(Math.log),
  log2: each(Math.log2),
  log10: each(Math.log10),
  sgn: each(Math.sign),
  round: withNumbers(1, round, 1),
  clamp: withNumbers(2, (v, [low = 0, high = 0]) => Math.max(low, Math.min(high, v))),
  clamp_min: withNumbers(1, (v, [low = 0]) => Math.max(low, v)),
  clamp_max: withNumbers(1, (v, [high = 0]) => Math.min(high, v)),
  minute: ofDate((date) => date.getUTCMinutes()),
  hour: ofDate((date) => date.getUTCHours()),
  day_of_week: ofDate((date) => date.getUTCDay()),
  day_of_month: ofDate((date) => date.getUTCDate()),
  month: ofDate((date) => date.getUTCMonth() + 1),
  year: ofDate((date) => date.getUTCFullYear()),
  sort: { args: ['vector'], returns: 'vector', call: ([given]) => vector([...points(given)].sort((a, b) => order(a.v, b.v))) },
  sort_desc: { args: ['vector'], returns: 'vector', call: ([given]) => vector([...points(given)].sort((a, b) => (Number.isNaN(a.v) || Number.isNaN(b.v) ? order(a.v, b.v) : b.v - a.v))) },
  time: { args: [], returns: 'scalar', call: (_, { at }) => scalar(at / 1000) },
  vector: { args: ['scalar'], returns: 'vector', call: ([value]) => vector([{ labels: {}, v: number(value) }]) },
  scalar: { args: ['vector'], returns: 'scalar', call: ([given]) => scalar(points(given).length === 1 ? points(given)[0]!.v : Number.NaN) },
  absent: { args: ['vector'], returns: 'vector', call: ([given]) => vector(points(given).length > 0 ? [] : [{ labels: {}, v: 1 }]) },
  absent_over_time: { args: ['matrix'], returns: 'vector', call: ([matrix]) => vector(stretches(matrix).some(({ samples }) => samples.length > 0) ? [] : [{ labels: {}, v: 1 }]) },
  // Evaluated where the samples are seen.
  timestamp: { args: ['vector'], returns: 'vector', call: ([given]) => vector(points(given)) },
  label_replace: { args: ['vector', 'string', 'string', 'string', 'string'], returns: 'vector', call: (args) => labelReplace(args) },
  label_join: { args: ['vector', 'string', 'string', 'string'], returns: 'vector', optional: 1, variadic: true, call: ([given, target, between, ...sources]) => vector(points(given).map(({ labels, v }) => ({ labels: nonEmpty({ ...labels, [text(target)]: sources.map((one) => labels[text(one)] ?? '').join(text(between)) }), v }))) },
  histogram_quantile: { args: ['scalar', 'vector'], returns: 'vector', call: ([q, given]) => histogramQuantile(number(q), points(given)) },
};

function labelReplace([given, target, replacement, source, expression]: readonly Value[]): Value {
  let pattern: RegExp;
  try {
    pattern = wholeRegExp(text(expression));
  } catch {
    throw new QueryError(`invalid regular expression in label_replace(): ${text(expression)}`);
  }
  return vector(
    points(given).map(({ labels, v }) => {
      const found = pattern.exec(labels[text(source)] ?? '');
      if (!found) return { labels, v };
      const value = text(replacement).replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced: string | undefined, bare: string | undefined) => found[Number(braced ?? bare)] ?? found.groups?.[braced ?? bare ?? ''] ?? '');
      return { labels: nonEmpty({ ...labels, [text(target)]: value }), v };
    }),
  );
}

/** By the buckets of a histogram: those with a label `le`. */
function histogramQuantile(q: number, given: readonly Point[]): Value {
  const groups = new Map<string, { labels: Point['labels']; buckets: { le: number; count: number }[] }>();
  for (const { labels, v } of given) {
    const le = numberOf(labels['le'] ?? '');
    if (le === undefined) continue;
    const { le: _, __name__: __, ...rest } = labels;
    const key = keyOf(rest);
    if (!groups.has(key)) groups.set(key, { labels: rest, buckets: [] });
    groups.get(key)!.buckets.push({ le, count: v });
  }
  return vector([...groups.values()].map(({ labels, buckets }) => ({ labels, v: bucketQuantile(q, buckets.sort((a, b) => a.le - b.le)) })));
}

function bucketQuantile(q: number, buckets: { le: number; count: number }[]): number {
  if (Number.isNaN(q)) return Number.NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  if (buckets.length < 2 || buckets.at(-1)!.le !== Infinity) return Number.NaN;
  // Scraped at slightly different times a bucket may be smaller than the one before.
  for (let i = 1; i < buckets.length; i++) buckets[i]!.count = Math.max(buckets[i]!.count, buckets[i - 1]!.count);
  const total = buckets.at(-1)!.count;
  if (total === 0) return Number.NaN;
  const rank = q * total;
  const at = buckets.slice(0, -1).findIndex(({ count }) => count >= rank);
  if (at < 0) return buckets.at(-2)!.le;
  const { le: end, count } = buckets[at]!;
  if (at === 0 && end <= 0) return end;
  const [start, before] = at === 0 ? [0, 0] : [buckets[at - 1]!.le, buckets[at - 1]!.count];
  return start + (end - start) * ((rank - before) / (count - before));
}
