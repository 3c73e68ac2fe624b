// -o go-template=: text/template of Go over the data of an object.
import { goPrint } from '../custom-columns.ts';
import { CommandError } from '../errors.ts';
import { functions, truthy } from './functions.ts';
import { plain } from './number.ts';
import { type Node, type Operand, parseTemplate, type Pipeline, TemplateError } from './parse.ts';

/** Prints an object through a template. Differs from Kubernetes: {{define}}, {{template}} and {{block}} are not known. */
export function goTemplate(template: string, object: unknown): string {
  let nodes: Node[];
  try {
    nodes = parseTemplate(template);
  } catch (error) {
    if (error instanceof TemplateError) throw new CommandError(`error parsing template ${template}, ${error.message}`);
    throw error;
  }
  const scope: Scope = { values: new Map([['$', object]]) };
  try {
    return render(nodes, object, scope).text;
  } catch (error) {
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    throw new CommandError(`error executing template ${JSON.stringify(template)}: template: output: ${(error as Error).message}`);
  }
}

/** Variables; those of a block are gone after it. */
interface Scope {
  values: Map<string, unknown>;
  around?: Scope;
}

const holder = (scope: Scope | undefined, name: string): Scope | undefined => (!scope || scope.values.has(name) ? scope : holder(scope.around, name));

interface Rendered {
  text: string;
  left?: 'break' | 'continue';
}

function render(nodes: readonly Node[], dot: unknown, scope: Scope): Rendered {
  let text = '';
  for (const node of nodes) {
    if (node.type === 'leave') return { text, left: node.word };
    if (node.type === 'text') text += node.text;
    else if (node.type === 'print') {
      const value = valueOf(node.pipeline, dot, scope);
      if (node.pipeline.sets.length === 0) text += value === undefined || value === null ? '<no value>' : goPrint(plain(value));
    } else {
      const block = renderBlock(node, dot, scope);
      text += block.text;
      if (block.left) return { text, left: block.left };
    }
  }
  return { text };
}

function renderBlock({ word, pipeline, body, otherwise }: Extract<Node, { type: 'block' }>, dot: unknown, around: Scope): Rendered {
  const scope: Scope = { values: new Map(), around };
  const value = word === 'range' ? valueOf({ ...pipeline, sets: [] }, dot, scope) : valueOf(pipeline, dot, scope);
  if (word !== 'range') return truthy(value) ? render(body, word === 'with' ? value : dot, scope) : render(otherwise, dot, scope);
  const entries = entriesOf(value);
  if (entries.length === 0) return render(otherwise, dot, scope);
  let text = '';
  for (const [key, item] of entries) {
    const inner: Scope = { values: new Map(pipeline.sets.length > 1 ? [[pipeline.sets[0]!, key], [pipeline.sets[1]!, item]] : pipeline.sets.map((name) => [name, item])), around: scope };
    const turn = render(body, item, inner);
    text += turn.text;
    if (turn.left === 'break') break;
  }
  return { text };
}

function entriesOf(value: unknown): [unknown, unknown][] {
  if (Array.isArray(value)) return value.map((item, i) => [i, item]);
  if (typeof value === 'number') return Array.from({ length: value }, (_, i) => [i, i]);
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') throw new Error(`range can't iterate over ${goPrint(value)}`);
  return Object.keys(value).sort().map((key) => [key, (value as Record<string, unknown>)[key]]);
}

function valueOf({ sets, declares, commands }: Pipeline, dot: unknown, scope: Scope): unknown {
  let value: unknown;
  commands.forEach((command, i) => {
    value = run(command, { dot, scope, ...(i > 0 && { last: [value] }) });
  });
  for (const name of sets) ((declares ? undefined : holder(scope, name)) ?? scope).values.set(name, value);
  return value;
}

interface Run {
  dot: unknown;
  scope: Scope;
  /** What the command before it in the pipeline gave: its last argument. */
  last?: [unknown];
}

function run([first, ...rest]: readonly Operand[], { dot, scope, last = [] as never }: Run): unknown {
  if (first!.type !== 'function') {
    if (rest.length > 0 || last.length > 0) throw new Error("can't give argument to non-function");
    return operand(first!, dot, scope);
  }
  const { name } = first as { name: string };
  if (name === 'and' || name === 'or') return decide(name, rest.map((arg) => () => operand(arg, dot, scope)).concat(last.map((value) => () => value)));
  const args = [...rest.map((arg) => operand(arg, dot, scope)), ...last];
  try {
    return functions[name]!(...args);
  } catch (error) {
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    throw new Error(`error calling ${name}: ${(error as Error).message}`);
  }
}

function decide(name: 'and' | 'or', args: readonly (() => unknown)[]): unknown {
  let value: unknown;
  for (const arg of args) if (truthy((value = arg())) === (name === 'or')) return value;
  return value;
}

function operand(node: Operand, dot: unknown, scope: Scope): unknown {
  switch (node.type) {
    case 'value':
      return node.value;
    case 'dot':
      return dot;
    case 'variable':
      return holder(scope, node.name)?.values.get(node.name);
    case 'function':
      return run([node], { dot, scope });
    case 'pipeline':
      return valueOf(node.pipeline, dot, scope);
    case 'fields':
      return node.path.reduce(field, operand(node.of, dot, scope));
  }
}

function field(value: unknown, name: string): unknown {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`can't evaluate field ${name} in type interface {}`);
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
