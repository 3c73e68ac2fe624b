// JSONPath templates as `-o jsonpath=` takes them, read into steps (k8s.io/client-go/util/jsonpath/parser.go).
import { CommandError } from '../errors.ts';

export type Node =
  | { type: 'text'; text: string }
  | { type: 'path'; steps: Step[] }
  | { type: 'range'; steps: Step[]; body: Node[] };

export type Step =
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
      if (c === '\n') break;
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

export function parseSteps(text: string): Step[] {
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

/** What stands in the braces of an expression that may be written without them. */
export function relaxed(expression: string): string {
  const inner = /^\{(.*)\}$/s.exec(expression.trim())?.[1] ?? expression.trim();
  if (inner.includes('{') || inner.includes('}')) throw new JsonPathError(`unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`);
  return inner.startsWith('.') || inner.startsWith('$') || inner.startsWith('[') ? inner : `.${inner}`;
}
