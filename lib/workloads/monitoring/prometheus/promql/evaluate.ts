// What an expression is at one moment (promql/engine.go).
import { nameless, scalar, type Stretch, type Value, vector } from './values.ts';
import { latest, type Series, type Tsdb, within } from '../tsdb.ts';
import type { MatcherSpec, Node } from './ast.ts';
import { aggregate } from './aggregate.ts';
import { binary } from './binary.ts';
import { functions } from './functions.ts';
import { matcherOf } from './parse.ts';

export interface Evaluation {
  tsdb: Tsdb;
  /** Milliseconds. */
  at: number;
  /** Release 3: samples at the very beginning of a stretch do not count. */
  modern: boolean;
  /** Of a subquery that names no step. */
  step: number;
}

/** A sample that is older is no answer any more. */
const lookback = 300_000;

/** Throws a QueryError. */
export function evaluate(node: Node, evaluation: Evaluation): Value {
  switch (node.kind) {
    case 'number':
      return scalar(node.value);
    case 'string':
      return { type: 'string', value: node.value };
    case 'paren':
      return evaluate(node.inner, evaluation);
    case 'selector':
      return node.range === undefined ? instantOf(node, evaluation) : rangeOf(node, evaluation);
    case 'subquery':
      return subquery(node, evaluation);
    case 'call':
      return call(node, evaluation);
    case 'aggregate': {
      const inner = evaluate(node.inner, evaluation);
      return vector(aggregate(node, inner.type === 'vector' ? inner.points : [], node.param && evaluate(node.param, evaluation)));
    }
    case 'unary': {
      const inner = evaluate(node.inner, evaluation);
      if (node.op === '+') return inner;
      if (inner.type === 'scalar') return scalar(-inner.value);
      return inner.type === 'vector' ? vector(inner.points.map(({ labels, v }) => ({ labels: nameless(labels), v: -v }))) : inner;
    }
    case 'binary':
      return binary(node, evaluate(node.left, evaluation), evaluate(node.right, evaluation));
  }
}

type Selector = Extract<Node, { kind: 'selector' }>;

/** Kept beside the expression: it is asked at many moments. */
const compiled = new WeakMap<readonly MatcherSpec[], { test: (series: Series['labels']) => boolean; name: string | undefined }>();

function seriesOf({ matchers }: Selector, tsdb: Tsdb): Series[] {
  let found = compiled.get(matchers);
  if (!found) {
    const tests = matchers.map((one) => ({ name: one.name, test: matcherOf(one) }));
    compiled.set(matchers, (found = { test: (labels) => tests.every(({ name, test }) => test(labels[name] ?? '')), name: matchers.find(({ name, op }) => name === '__name__' && op === '=')?.value }));
  }
  return tsdb.select(found.test, found.name);
}

function instantOf(node: Selector, { tsdb, at, modern }: Evaluation): Value {
  return vector(
    seriesOf(node, tsdb).flatMap((series) => {
      const sample = latest(series, at - node.offset, { lookback, open: modern });
      return sample ? [{ labels: series.labels, v: sample.v }] : [];
    }),
  );
}

function rangeOf(node: Selector, { tsdb, at, modern }: Evaluation): Value {
  const to = at - node.offset;
  const from = to - node.range!;
  const stretches = seriesOf(node, tsdb).map((series): Stretch => ({ labels: series.labels, samples: within(series, from, to, modern), from, to }));
  return { type: 'matrix', stretches: stretches.filter(({ samples }) => samples.length > 0) };
}

/** The inner expression at every step, steps being counted from 1970. */
function subquery(node: Extract<Node, { kind: 'subquery' }>, evaluation: Evaluation): Value {
  const step = node.step ?? evaluation.step;
  const to = evaluation.at - node.offset;
  const from = to - node.range;
  const rows = new Map<string, { labels: Stretch['labels']; samples: { t: number; v: number }[] }>();
  let first = Math.floor(from / step) * step;
  while (evaluation.modern ? first <= from : first < from) first += step;
  for (let t = first; t <= to; t += step) {
    const value = evaluate(node.inner, { ...evaluation, at: t });
    for (const { labels, v } of value.type === 'vector' ? value.points : []) {
      const key = JSON.stringify(Object.entries(labels).sort());
      if (!rows.has(key)) rows.set(key, { labels, samples: [] });
      rows.get(key)!.samples.push({ t, v });
    }
  }
  return { type: 'matrix', stretches: [...rows.values()].map((row) => ({ ...row, from, to })) };
}

function call(node: Extract<Node, { kind: 'call' }>, evaluation: Evaluation): Value {
  const [first] = node.args;
  if (node.name === 'timestamp' && first?.kind === 'selector') {
    return vector(
      seriesOf(first, evaluation.tsdb).flatMap((series) => {
        const sample = latest(series, evaluation.at - first.offset, { lookback, open: evaluation.modern });
        return sample ? [{ labels: nameless(series.labels), v: sample.t / 1000 }] : [];
      }),
    );
  }
  const value = functions[node.name]!.call(node.args.map((one) => evaluate(one, evaluation)), evaluation);
  if ((node.name === 'absent' || node.name === 'absent_over_time') && value.type === 'vector') return vector(value.points.map((point) => ({ ...point, labels: first?.kind === 'selector' ? absentLabels(first.matchers) : {} })));
  return value;
}

/** What is absent is told by what one asked for. */
function absentLabels(matchers: readonly MatcherSpec[]): Record<string, string> {
  const names = matchers.map(({ name }) => name);
  return Object.fromEntries(matchers.filter(({ name, op, value }) => op === '=' && value && name !== '__name__' && names.filter((one) => one === name).length === 1).map(({ name, value }) => [name, value]));
}

