// sum, avg, topk …: many series into fewer.
import { keyOf, type Labels, only, without } from '../labels.ts';
import { numberText } from '../text-format.ts';
import type { Node } from './ast.ts';
import { quantile, variance } from './functions.ts';
import { type Point, QueryError, type Value } from './values.ts';

type Aggregate = Extract<Node, { kind: 'aggregate' }>;

const reducers: Record<string, (values: number[], parameter: number) => number> = {
  sum: (all) => all.reduce((sum, v) => sum + v, 0),
  avg: (all) => all.reduce((sum, v) => sum + v, 0) / all.length,
  min: (all) => all.reduce((least, v) => (v < least || Number.isNaN(least) ? v : least)),
  max: (all) => all.reduce((most, v) => (v > most || Number.isNaN(most) ? v : most)),
  count: (all) => all.length,
  group: () => 1,
  stddev: (all) => Math.sqrt(variance(all)),
  stdvar: variance,
  quantile: (all, q) => quantile(q, all),
};

export function aggregate(node: Aggregate, points: readonly Point[], parameter: Value | undefined): Point[] {
  const groups = new Map<string, { labels: Labels; members: Point[] }>();
  const label = parameter?.type === 'string' ? parameter.value : undefined;
  for (const point of points) {
    const labels = { ...groupLabels(node, point.labels), ...(label !== undefined && { [label]: numberText(point.v) }) };
    const key = keyOf(labels);
    const group = groups.get(key);
    if (group) group.members.push(point);
    else groups.set(key, { labels, members: [point] });
  }
  const number = parameter?.type === 'scalar' ? parameter.value : Number.NaN;
  if (node.op === 'topk' || node.op === 'bottomk') return [...groups.values()].flatMap(({ members }) => best(members, number, node.op === 'topk'));
  const reduce = reducers[node.op === 'count_values' ? 'count' : node.op];
  if (!reduce) throw new QueryError(`unknown aggregation ${node.op}`);
  return [...groups.values()].map(({ labels, members }) => ({ labels, v: reduce(members.map(({ v }) => v), number) }));
}

function groupLabels({ by, without: dropped }: Aggregate, labels: Labels): Labels {
  if (dropped) return without(labels, [...dropped, '__name__']);
  return by ? only(labels, by) : {};
}

function best(members: readonly Point[], count: number, largest: boolean): Point[] {
  const sorted = [...members].sort((a, b) => (Number.isNaN(a.v) ? 1 : Number.isNaN(b.v) ? -1 : largest ? b.v - a.v : a.v - b.v));
  return sorted.slice(0, Math.max(0, Math.trunc(count) || 0));
}
