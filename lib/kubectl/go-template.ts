// -o go-template=: the part of text/template that learners use: fields, range, if/else, with, end, comparisons, printf-less.
import { CommandError } from './errors.ts';
import { goPrint } from './custom-columns.ts';

type Node =
  | { type: 'text'; text: string }
  | { type: 'print'; expression: string }
  | { type: 'block'; word: 'range' | 'if' | 'with'; expression: string; body: Node[]; otherwise: Node[] };

/** Prints an object through a template. Differs from Kubernetes: variables and user functions are not known. */
export function goTemplate(template: string, object: unknown): string {
  const tokens = template.split(/(\{\{-?\s*[\s\S]*?\s*-?\}\})/);
  const nodes = parse(tokens.map((token, i) => (i % 2 === 0 ? trimmed(token, tokens[i - 1], tokens[i + 1]) : token)));
  return render(nodes, object, object);
}

function trimmed(text: string, before: string | undefined, after: string | undefined): string {
  let out = text;
  if (before?.endsWith('-}}')) out = out.trimStart();
  if (after?.startsWith('{{-')) out = out.trimEnd();
  return out;
}

function parse(tokens: string[]): Node[] {
  const root: Node[] = [];
  const stack: { block: Extract<Node, { type: 'block' }>; outer: Node[] }[] = [];
  let into = root;
  tokens.forEach((token, i) => {
    if (i % 2 === 0) return void into.push({ type: 'text', text: token });
    const text = token.replace(/^\{\{-?\s*|\s*-?\}\}$/g, '');
    const block = /^(range|if|with)\s+(.*)$/s.exec(text);
    if (block) {
      const node: Extract<Node, { type: 'block' }> = { type: 'block', word: block[1] as 'range', expression: block[2]!, body: [], otherwise: [] };
      into.push(node);
      stack.push({ block: node, outer: into });
      into = node.body;
    } else if (text === 'else') into = stack.at(-1)?.block.otherwise ?? into;
    else if (text === 'end') {
      const top = stack.pop();
      if (!top) throw new CommandError(`error parsing template, template: output:1: unexpected {{end}}`);
      into = top.outer;
    } else if (!text.startsWith('/*')) into.push({ type: 'print', expression: text });
  });
  if (stack.length > 0) throw new CommandError('error parsing template, template: output:1: unexpected EOF');
  return root;
}

function render(nodes: readonly Node[], dot: unknown, root: unknown): string {
  return nodes.map((node) => one(node, dot, root)).join('');
}

function one(node: Node, dot: unknown, root: unknown): string {
  if (node.type === 'text') return node.text;
  if (node.type === 'print') {
    const value = evaluate(node.expression, dot, root);
    return value === undefined || value === null ? '<no value>' : goPrint(value);
  }
  const value = evaluate(node.expression, dot, root);
  if (node.word !== 'range') return truthy(value) ? render(node.body, node.word === 'with' ? value : dot, root) : render(node.otherwise, dot, root);
  const items = Array.isArray(value) ? value : typeof value === 'object' && value ? Object.keys(value).sort().map((key) => (value as Record<string, unknown>)[key]) : [];
  return items.length > 0 ? items.map((item) => render(node.body, item, root)).join('') : render(node.otherwise, dot, root);
}

function truthy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  return (Array.isArray(value) ? value : Object.keys(value)).length > 0;
}

function evaluate(expression: string, dot: unknown, root: unknown): unknown {
  const words = [...expression.matchAll(/"(?:\\.|[^"])*"|`[^`]*`|\([^)]*\)|\S+/g)].map((m) => m[0]);
  const operand = (word: string): unknown => {
    if (word.startsWith('(')) return evaluate(word.slice(1, -1), dot, root);
    if (word.startsWith('"')) return JSON.parse(word) as string;
    if (word.startsWith('`')) return word.slice(1, -1);
    if (/^-?\d+$/.test(word)) return Number(word);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'nil') return null;
    const from = word.startsWith('$') ? root : dot;
    let value = from;
    for (const key of word.replace(/^\$/, '').split('.').filter(Boolean)) value = (value as Record<string, unknown> | undefined)?.[key];
    return value;
  };
  const [head, ...rest] = words as [string, ...string[]];
  const args = rest.map(operand);
  switch (head) {
    case 'eq':
      return args.slice(1).some((value) => value === args[0]);
    case 'ne':
      return args[0] !== args[1];
    case 'not':
      return !truthy(args[0]);
    case 'and':
      return args.find((value) => !truthy(value)) ?? args.at(-1);
    case 'or':
      return args.find(truthy) ?? args.at(-1);
    case 'len':
      return Array.isArray(args[0]) ? args[0].length : Object.keys(Object(args[0])).length;
    case 'index':
      return args.slice(1).reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key as string], args[0]);
    case 'print':
      return args.map(goPrint).join('');
    default:
      return operand(head);
  }
}
