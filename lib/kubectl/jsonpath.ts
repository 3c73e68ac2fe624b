// JSONPath templates as `-o jsonpath=` takes them (k8s.io/client-go/util/jsonpath).
import { CommandError } from './errors.ts';

type Node =
  | { type: 'text'; text: string }
  | { type: 'path'; steps: Step[] }
  | { type: 'range'; steps: Step[]; body: Node[] }
  | { type: 'literal'; value: unknown };

type Step =
  | { type: 'root' }
  | { type: 'field'; name: string }
  | { type: 'wildcard' }
  | { type: 'recursive' }
  | { type: 'slice'; start?: number; end?: number; step?: number }
  | { type: 'index'; at: number }
  | { type: 'filter'; left: Step[] | unknown; operator: string; right: Step[] | unknown }
  | { type: 'union'; choices: Step[][] };

export class JsonPathError extends CommandError {}

/** Parses `{.metadata.name}{"\n"}`; `relaxed` also takes `.metadata.name` and `metadata.name`, as --sort-by does. */
export function parseTemplate(template: string): Node[] {
  const root: Node[] = [];
  const stack: { node: Extract<Node, { type: 'range' }>; into: Node[] }[] = [];
  let into = root;
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{', at);
    if (open < 0) {
      into.push({ type: 'text', text: template.slice(at) });
      break;
    }
    if (open > at) into.push({ type: 'text', text: template.slice(at, open) });
    const close = closing(template, open);
    const inside = template.slice(open + 1, close).trim();
    at = close + 1;
    if (inside === 'end') {
      const top = stack.pop();
      if (!top) throw new JsonPathError('not in range, nothing to end');
      into = top.into;
    } else if (/^range(\s|[.[]|$)/.test(inside)) {
      const node: Extract<Node, { type: 'range' }> = { type: 'range', steps: parseSteps(inside.slice(5).trim()), body: [] };
      into.push(node);
      stack.push({ node, into });
      into = node.body;
    } else if (inside.startsWith('"') || inside.startsWith("'")) into.push({ type: 'text', text: unquote(inside) });
    else {
      for (const part of splitBlanks(inside)) into.push({ type: 'path', steps: parseSteps(part) });
    }
  }
  if (stack.length > 0) throw new JsonPathError('unclosed action');
  return root;
}

function closing(text: string, open: number): number {
  let quote = '';
  let brackets = 0;
  for (let i = open + 1; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '[') brackets++;
    else if (c === ']') brackets--;
    else if (c === '}') {
      if (brackets > 0) throw new JsonPathError('unterminated array');
      return i;
    }
  }
  if (quote) throw new JsonPathError('unterminated quoted string');
  throw new JsonPathError(brackets > 0 ? 'unterminated array' : 'unclosed action');
}

function unquote(text: string): string {
  const inner = text.slice(1, text.endsWith(text[0]!) && text.length > 1 ? -1 : undefined);
  const codes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" };
  return inner.replace(/\\(.)/gs, (_, c: string) => codes[c] ?? c);
}

function splitBlanks(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const c of text) {
    if (c === '[' || c === '(') depth++;
    if (c === ']' || c === ')') depth--;
    if (/\s/.test(c) && depth === 0) {
      if (part) parts.push(part);
      part = '';
    } else part += c;
  }
  if (part) parts.push(part);
  return parts;
}

function parseSteps(text: string): Step[] {
  const steps: Step[] = [];
  let at = 0;
  if (text.startsWith('$')) {
    steps.push({ type: 'root' });
    at = 1;
  } else if (text.startsWith('@')) at = 1;
  while (at < text.length) {
    if (text.startsWith('..', at)) {
      steps.push({ type: 'recursive' });
      at += text[at + 2] === '[' ? 2 : 1;
      continue;
    }
    if (text[at] === '[') {
      const end = matching(text, at);
      steps.push(bracket(text.slice(at + 1, end)));
      at = end + 1;
      continue;
    }
    if (text[at] === '.') at++;
    const name = /^(?:\\.|[^.[\]\\\s])*/s.exec(text.slice(at))![0];
    at += name.length;
    if (name === '*') steps.push({ type: 'wildcard' });
    else if (name) steps.push({ type: 'field', name: name.replace(/\\(.)/gs, '$1') });
    else if (at < text.length && text[at] !== '[' && text[at] !== '.') throw new JsonPathError(`unrecognized character in action: U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')} '${text[at]}'`);
  }
  return steps;
}

function matching(text: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let i = open; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '[') depth++;
    else if (c === ']' && --depth === 0) return i;
  }
  throw new JsonPathError('unterminated array');
}

function bracket(inside: string): Step {
  const text = inside.trim();
  if (text === '*') return { type: 'wildcard' };
  const filter = /^\?\((.*)\)$/s.exec(text);
  if (filter) return parseFilter(filter[1]!.trim());
  if (/^(['"]).*\1$/s.test(text) && !text.includes(',')) return { type: 'field', name: unquote(text) };
  if (text.includes(',')) return { type: 'union', choices: text.split(',').map((part) => [bracket(part)]) };
  const slice = /^(-?\d*):(-?\d*)(?::(-?\d*))?$/.exec(text);
  if (slice) {
    const n = (digits: string | undefined) => (digits ? Number(digits) : undefined);
    return { type: 'slice', ...defined({ start: n(slice[1]), end: n(slice[2]), step: n(slice[3]) }) };
  }
  if (/^-?\d+$/.test(text)) return { type: 'index', at: Number(text) };
  throw new JsonPathError(`invalid array index ${text}`);
}

const defined = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;

function parseFilter(text: string): Step {
  const match = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/s.exec(text);
  if (!match) return { type: 'filter', left: operand(text), operator: 'exists', right: undefined };
  return { type: 'filter', left: operand(match[1]!), operator: match[2]!, right: operand(match[3]!) };
}

function operand(text: string): Step[] | unknown {
  if (/^['"]/.test(text)) return { literal: unquote(text) };
  if (/^-?[\d.]+$/.test(text)) return { literal: Number(text) };
  if (text === 'true' || text === 'false') return { literal: text === 'true' };
  return parseSteps(text);
}

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
      return isObject ? Object.values(Array.isArray(value) ? value : sorted(value as Record<string, unknown>)) : [];
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

const sorted = (value: Record<string, unknown>) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

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

/** Go's json.Marshal: sorted keys, and <, >, & escaped. */
export function goJson(value: unknown, indent = ''): string {
  return JSON.stringify(sortKeys(value), null, indent)
    .replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/: \{\}/g, ': {}');
}

export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) out[key] = sortKeys(item);
  }
  return out;
}

function printed(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? goJson(value) : String(value);
}

/** A value as Go's %#v shows it. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const fields = Object.entries(sorted(value as Record<string, unknown>)).map(([name, field]) => `${JSON.stringify(name)}:${goSyntax(field)}`);
  return `map[string]interface {}{${fields.join(', ')}}`;
}

/** The text that a template makes of an object. A missing field is nothing, unless `allowMissing` is false. */
export function evaluate(nodes: readonly Node[], object: unknown, { allowMissing = true, root = object } = {}): string {
  let out = '';
  for (const node of nodes) {
    if (node.type === 'text') out += node.text;
    else if (node.type === 'literal') out += printed(node.value);
    else if (node.type === 'path') out += walk([object], node.steps, root, allowMissing).map(printed).join(' ');
    else for (const item of walk([object], node.steps, root, allowMissing)) out += evaluate(node.body, item, { allowMissing, root });
  }
  return out;
}

/** The values behind a relaxed expression: `.spec.replicas`, `{.spec.replicas}` or `spec.replicas`. */
export function valuesAt(object: unknown, expression: string): unknown[] {
  return walk([object], parseSteps(relaxed(expression)), object, true);
}

/** What stands in the braces of an expression that may be written without them. */
export function relaxed(expression: string): string {
  const inner = /^\{(.*)\}$/s.exec(expression.trim())?.[1] ?? expression.trim();
  if (inner.includes('{') || inner.includes('}')) throw new JsonPathError(`unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`);
  return inner.startsWith('.') || inner.startsWith('$') || inner.startsWith('[') ? inner : `.${inner}`;
}
