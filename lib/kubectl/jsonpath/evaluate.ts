// What the steps of a JSONPath lead to in an object (k8s.io/client-go/util/jsonpath/jsonpath.go).
import { goJson, sortedFields } from '../go-text.ts';
import { JsonPathError, type Node, parseSteps, relaxed, type Step } from './parse.ts';

type Values = unknown[];

class Missing extends JsonPathError {}

function walk(values: Values, steps: readonly Step[], root: unknown, allowMissing: boolean): Values {
  let current = values;
  for (const step of steps) current = current.flatMap((value) => stepInto(value, step, root, allowMissing));
  return current;
}

function stepInto(value: unknown, step: Step, root: unknown, allowMissing: boolean): Values {
  const isObject = typeof value === 'object' && value !== null;
  switch (step.type) {
    case 'root':
      return [root];
    case 'field': {
      if (isObject && !Array.isArray(value) && step.name in value) return [(value as Record<string, unknown>)[step.name]];
      if (allowMissing) return [];
      throw new Missing(`${step.name} is not found`);
    }
    case 'wildcard':
      return isObject ? Object.values(Array.isArray(value) ? value : sortedFields(value as Record<string, unknown>)) : [];
    case 'recursive':
      return everything(value);
    case 'index':
      return pick(value, step.at);
    case 'slice': {
      if (!Array.isArray(value)) return [];
      const n = value.length;
      const from = step.start === undefined ? 0 : step.start < 0 ? step.start + n : step.start;
      const to = step.end === undefined ? n : step.end < 0 ? step.end + n : Math.min(step.end, n);
      return value.slice(from, to).filter((_, i) => i % (step.step ?? 1) === 0);
    }
    case 'filter':
      return Array.isArray(value) ? value.filter((item) => passes(item, step, root)) : [];
    case 'union':
      return step.choices.flatMap((choice) => walk([value], choice, root, allowMissing));
  }
}

/** A missing field is nothing, a missing place in a list is an error: kubectl tells them apart. */
function pick(value: unknown, at: number): Values {
  if (value === null) return [];
  if (!Array.isArray(value)) {
    throw new JsonPathError(`${typeof value === 'object' ? 'map[string]interface {}' : typeof value} is not array or slice`);
  }
  const i = at < 0 ? at + value.length : at;
  if (i >= 0 && i < value.length) return [value[i]];
  throw new JsonPathError(`array index out of bounds: index ${at}, length ${value.length}`);
}

function everything(value: unknown): Values {
  const out: Values = [value];
  if (typeof value !== 'object' || value === null) return out;
  for (const item of Object.values(value)) out.push(...everything(item));
  return out.filter((item) => typeof item === 'object' && item !== null);
}

function passes(item: unknown, { left, operator, right }: Extract<Step, { type: 'filter' }>, root: unknown): boolean {
  const evaluate = (side: Step[] | unknown) => (Array.isArray(side) ? walk([item], side as Step[], root, true) : [(side as { literal: unknown }).literal]);
  const a = evaluate(left);
  if (operator === 'exists') return a.length > 0;
  const b = evaluate(right);
  if (a.length === 0 || b.length === 0) return false;
  const [x, y] = [a[0] as never, b[0] as never];
  switch (operator) {
    case '==':
      return x === y;
    case '!=':
      return x !== y;
    case '<':
      return x < y;
    case '>':
      return x > y;
    case '<=':
      return x <= y;
    default:
      return x >= y;
  }
}

function printed(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? goJson(value) : String(value);
}

/** The text that a template makes of an object. A missing field is nothing, unless `allowMissing` is false. */
export function evaluate(nodes: readonly Node[], object: unknown, { allowMissing = true, root = object } = {}): string {
  let out = '';
  for (const node of nodes) {
    if (node.type === 'text') out += node.text;
    else if (node.type === 'path') out += walk([object], node.steps, root, allowMissing).map(printed).join(' ');
    else for (const item of walk([object], node.steps, root, allowMissing)) out += evaluate(node.body, item, { allowMissing, root });
  }
  return out;
}

/** The values that the expressions of a template lead to, one after the other. */
export function valuesOf(nodes: readonly Node[], object: unknown, root = object): unknown[] {
  return nodes.flatMap((node) => {
    if (node.type === 'text') return [node.text];
    const found = walk([object], node.steps, root, true);
    return node.type === 'path' ? found : found.flatMap((item) => valuesOf(node.body, item, root));
  });
}

/** The values behind a relaxed expression: `.spec.replicas`, `{.spec.replicas}` or `spec.replicas`. */
export function valuesAt(object: unknown, expression: string): unknown[] {
  return walk([object], parseSteps(relaxed(expression)), object, true);
}
