// Operators between vectors: which series of the left belongs to which of the right.
import { keyOf, type Labels, only, without } from '../labels.ts';
import type { Matching, Node } from './ast.ts';
import { combine, comparisons } from './operators.ts';
import { nameless, type Point, QueryError, scalar, type Value, vector } from './values.ts';

type Binary = Extract<Node, { kind: 'binary' }>;

export function binary(node: Binary, left: Value, right: Value): Value {
  const { op, bool } = node;
  if (left.type === 'scalar' && right.type === 'scalar') return scalar(combine(op, left.value, right.value, true)!);
  if (left.type === 'vector' && right.type === 'vector') return vector(op === 'and' || op === 'or' || op === 'unless' ? sets(node, left.points, right.points) : matched(node, left.points, right.points));
  const [points, number, swapped] = left.type === 'vector' ? [left.points, (right as { value: number }).value, false] : [(right as { points: Point[] }).points, (left as { value: number }).value, true];
  const keeps = comparisons.has(op) && !bool;
  return vector(
    points.flatMap(({ labels, v }) => {
      const result = swapped ? combine(op, number, v, bool) : combine(op, v, number, bool);
      // A comparison lets through what was there.
      return result === undefined ? [] : [{ labels: keeps ? labels : nameless(labels), v: keeps ? v : result }];
    }),
  );
}

const signature = ({ on, labels }: Matching, of: Labels) => keyOf(on ? only(of, labels) : without(of, [...labels, '__name__']));

function sets({ op, matching }: Binary, left: readonly Point[], right: readonly Point[]): Point[] {
  const keys = new Set((op === 'or' ? left : right).map(({ labels }) => signature(matching, labels)));
  if (op === 'or') return [...left, ...right.filter(({ labels }) => !keys.has(signature(matching, labels)))];
  return left.filter(({ labels }) => keys.has(signature(matching, labels)) === (op === 'and'));
}

function matched(node: Binary, left: readonly Point[], right: readonly Point[]): Point[] {
  const { op, bool, matching } = node;
  const swapped = matching.card === 'one-to-many';
  const [many, one] = swapped ? [right, left] : [left, right];
  const ones = new Map<string, Point>();
  for (const point of one) {
    const key = signature(matching, point.labels);
    const other = ones.get(key);
    if (other) throw duplicate(matching, point, other, swapped ? 'left' : 'right');
    ones.set(key, point);
  }
  const seen = new Set<string>();
  return many.flatMap((point) => {
    const key = signature(matching, point.labels);
    const partner = ones.get(key);
    if (!partner) return [];
    const [a, b] = swapped ? [partner.v, point.v] : [point.v, partner.v];
    const result = combine(op, a, b, bool);
    const labels = resultLabels(node, point.labels, partner.labels);
    const once = matching.card === 'one-to-one' ? key : keyOf(labels);
    if (result === undefined) return [];
    if (seen.has(once)) throw new QueryError(matching.card === 'one-to-one' ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)' : 'multiple matches for labels: grouping labels must ensure unique matches');
    seen.add(once);
    return [{ labels, v: result }];
  });
}

function resultLabels({ op, bool, matching }: Binary, many: Labels, one: Labels): Labels {
  const kept = comparisons.has(op) && !bool ? many : nameless(many);
  if (matching.card === 'one-to-one') return matching.on ? only(kept, matching.labels) : without(kept, matching.labels);
  const included = Object.fromEntries(matching.include.map((name) => [name, one[name] ?? '']));
  return Object.fromEntries(Object.entries({ ...kept, ...included }).filter(([, value]) => value !== ''));
}

const shown = (labels: Labels) => {
  const { __name__: name = '', ...rest } = labels;
  return `${name}{${Object.keys(rest).sort().map((key) => `${key}=${JSON.stringify(rest[key])}`).join(', ')}}`;
};

function duplicate(matching: Matching, point: Point, other: Point, side: string): QueryError {
  const group = matching.on ? only(point.labels, matching.labels) : without(point.labels, [...matching.labels, '__name__']);
  return new QueryError(`found duplicate series for the match group ${shown(group)} on the ${side} hand-side of the operation: [${shown(point.labels)}, ${shown(other.labels)}];many-to-many matching not allowed: matching labels must be unique on one side`);
}
