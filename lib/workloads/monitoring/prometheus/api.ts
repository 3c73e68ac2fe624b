// The answers of /api/v1: queries and what there is to ask for (web/api/v1).
import type { HttpResponse } from '../../../machine/index.ts';
import { keyOf, type Labels } from './labels.ts';
import { type Node, ParseError } from './promql/ast.ts';
import { typeOf } from './promql/check.ts';
import { evaluate } from './promql/evaluate.ts';
import { matcherOf, parse } from './promql/parse.ts';
import { QueryError, type Value } from './promql/values.ts';
import { numberText } from './text-format.ts';
import type { Tsdb } from './tsdb.ts';

export interface Asked {
  tsdb: Tsdb;
  now: number;
  modern: boolean;
}

/** A request that cannot be answered. */
export class ApiError extends Error {
  readonly type: 'bad_data' | 'execution';
  constructor(type: 'bad_data' | 'execution', message: string) {
    super(message);
    this.type = type;
  }
}

const headers = { 'Content-Type': 'application/json' };
export const success = (data: unknown): HttpResponse => ({ status: 200, headers, body: JSON.stringify({ status: 'success', data }) });

export function answered(ask: () => unknown): HttpResponse {
  try {
    return success(ask());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.type === 'bad_data' ? 400 : 422, headers, body: JSON.stringify({ status: 'error', errorType: error.type, error: error.message }) };
  }
}

export function query(parameters: URLSearchParams, { tsdb, now, modern }: Asked): unknown {
  const at = timeOf(parameters, 'time', now);
  const node = parsed(parameters.get('query') ?? '');
  return { resultType: typeOf(node), result: resultOf(run(() => evaluate(node, { tsdb, at, modern, step: 60_000 })), at) };
}

export function queryRange(parameters: URLSearchParams, { tsdb, now, modern }: Asked): unknown {
  const [start, end] = [timeOf(parameters, 'start', now), timeOf(parameters, 'end', now)];
  const step = durationOf(parameters.get('step') ?? '');
  if (step === undefined) throw invalid('step', `cannot parse ${JSON.stringify(parameters.get('step') ?? '')} to a valid duration`);
  if (end < start) throw invalid('end', 'end timestamp must not be before start time');
  if (step <= 0) throw invalid('step', 'zero or negative query resolution step widths are not accepted. Try a positive integer');
  if ((end - start) / step > 11_000) throw new ApiError('bad_data', 'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)');
  const node = parsed(parameters.get('query') ?? '');
  const type = typeOf(node);
  if (type !== 'vector' && type !== 'scalar') throw invalid('query', `invalid expression type ${JSON.stringify(type === 'string' ? 'string' : 'range vector')} for range query, must be Scalar or instant Vector`);
  const rows = new Map<string, { metric: Labels; values: [number, string][] }>();
  for (let at = start; at <= end; at += step) {
    const value = run(() => evaluate(node, { tsdb, at, modern, step: 60_000 }));
    for (const { labels, v } of value.type === 'vector' ? value.points : value.type === 'scalar' ? [{ labels: {}, v: value.value }] : []) {
      const key = keyOf(labels);
      if (!rows.has(key)) rows.set(key, { metric: sorted(labels), values: [] });
      rows.get(key)!.values.push([at / 1000, numberText(v)]);
    }
  }
  return { resultType: 'matrix', result: [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row) };
}

/** /api/v1/series, /labels, /label/NAME/values. */
export function series(parameters: URLSearchParams, { tsdb }: Asked): Labels[] {
  const selectors = parameters.getAll('match[]');
  return selectors.flatMap((text) => {
    const node = parsed(text);
    if (node.kind !== 'selector') throw invalid('match[]', `${text}: no series selector`);
    const tests = node.matchers.map((one) => ({ name: one.name, test: matcherOf(one) }));
    return tsdb.select((labels) => tests.every(({ name, test }) => test(labels[name] ?? ''))).map(({ labels }) => sorted(labels));
  });
}

function parsed(text: string): Node {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ParseError) throw invalid('query', error.message);
    throw error;
  }
}

function run(evaluation: () => Value): Value {
  try {
    return evaluation();
  } catch (error) {
    if (error instanceof QueryError) throw new ApiError('execution', error.message);
    throw error;
  }
}

const invalid = (name: string, why: string) => new ApiError('bad_data', `invalid parameter ${JSON.stringify(name)}: ${why}`);

function timeOf(parameters: URLSearchParams, name: string, now: number): number {
  const text = parameters.get(name);
  if (!text) return now;
  const at = /^[\d.]+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(at)) throw invalid(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
  return Math.round(at);
}

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 };

/** Milliseconds: `15`, `1m30s`. */
export function durationOf(text: string): number | undefined {
  if (/^[\d.]+$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(ms|[smhdwy]))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0);
}

const sorted = (labels: Labels): Labels => Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

function resultOf(value: Value, at: number): unknown {
  if (value.type === 'scalar') return [at / 1000, numberText(value.value)];
  if (value.type === 'string') return [at / 1000, value.value];
  if (value.type === 'matrix') return value.stretches.map(({ labels, samples }) => ({ metric: sorted(labels), values: samples.map(({ t, v }) => [t / 1000, numberText(v)]) }));
  return value.points.map(({ labels, v }) => ({ metric: sorted(labels), value: [at / 1000, numberText(v)] }));
}
