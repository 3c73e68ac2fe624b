// text/template of Go: from text to a tree.
import { functionNames } from './functions.ts';
import { GoFloat } from './number.ts';

export class TemplateError extends Error {}

export type Operand =
  | { type: 'value'; value: unknown }
  | { type: 'dot' }
  | { type: 'variable'; name: string }
  | { type: 'function'; name: string }
  | { type: 'pipeline'; pipeline: Pipeline }
  | { type: 'fields'; of: Operand; path: string[] };

export interface Pipeline {
  /** Variables that take its value; a range may have two. */
  sets: string[];
  declares: boolean;
  commands: Operand[][];
}

export type Node =
  | { type: 'text'; text: string }
  | { type: 'print'; pipeline: Pipeline }
  | { type: 'block'; word: 'range' | 'if' | 'with'; pipeline: Pipeline; body: Node[]; otherwise: Node[] }
  | { type: 'leave'; word: 'break' | 'continue' };

const token = /\s*(?:(:=|=|\||\(|\)|,)|("(?:\\.|[^"\\])*")|`([^`]*)`|'((?:\\.|[^'\\]))'|([-+]?\d[\w.+-]*)|((?:\$\w*|\.?[A-Za-z_]\w*|\.)(?:\.[A-Za-z_]\w*)*)|(\.[\w.]*))/y;

interface Word {
  text: string;
  value?: unknown;
  /** True when nothing but its dots ties it to what stands before. */
  joined: boolean;
}

function wordsOf(action: string, fail: (why: string) => never): Word[] {
  const words: Word[] = [];
  token.lastIndex = 0;
  const end = action.trimEnd().length;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const found = token.exec(action);
    if (!found) return fail(`unexpected ${JSON.stringify(action.slice(at).trimStart()[0])} in command`);
    const joined = at > 0 && !/^\s/.test(found[0]);
    const [, sign, quoted, raw, char, number, name, rest] = found;
    if (quoted !== undefined) words.push({ text: quoted, value: JSON.parse(quoted), joined });
    else if (raw !== undefined) words.push({ text: raw, value: raw, joined });
    else if (char !== undefined) words.push({ text: char, value: char.replace('\\', '').codePointAt(0)!, joined });
    else if (number !== undefined) words.push({ text: number, value: /^[-+]?\d+$/.test(number) ? Number(number) : new GoFloat(Number(number)), joined });
    else words.push({ text: (sign ?? name ?? rest)!, joined });
  }
  return words;
}

interface Frame {
  node: Extract<Node, { type: 'block' }>;
  outer: Node[];
  variables: number;
  /** `else if` opens a block that ends with the one around it. */
  chained: boolean;
}

export function parseTemplate(template: string): Node[] {
  let line = 1;
  const fail = (why: string): never => {
    throw new TemplateError(`template: output:${line}: ${why}`);
  };
  const variables: string[] = ['$'];
  const root: Node[] = [];
  const stack: Frame[] = [];
  let into = root;

  function operand(words: Word[]): Operand {
    const word = words.shift()!;
    let out: Operand;
    let path: string[] = [];
    if (word.value !== undefined) out = { type: 'value', value: word.value };
    else if (word.text === '(') {
      out = { type: 'pipeline', pipeline: pipeline(words) };
      if (words.shift()?.text !== ')') fail('unclosed left paren');
    } else {
      const [head, ...rest] = word.text.split('.') as [string, ...string[]];
      path = rest.filter(Boolean);
      out = head === '' ? { type: 'dot' } : named(head);
    }
    if (words[0]?.joined && words[0].text.startsWith('.')) path.push(...words.shift()!.text.split('.').filter(Boolean));
    return path.length > 0 ? { type: 'fields', of: out, path } : out;
  }

  function named(name: string): Operand {
    if (name.startsWith('$')) return variables.includes(name) ? { type: 'variable', name } : fail(`undefined variable ${JSON.stringify(name)}`);
    if (name === 'true' || name === 'false') return { type: 'value', value: name === 'true' };
    if (name === 'nil') return { type: 'value', value: null };
    return functionNames.has(name) ? { type: 'function', name } : fail(`function ${JSON.stringify(name)} not defined`);
  }

  function pipeline(words: Word[]): Pipeline {
    const assigned = words.findIndex(({ text, value }) => value === undefined && (text === ':=' || text === '='));
    const before = assigned > 0 ? words.slice(0, assigned).map(({ text }) => text) : [];
    const isAssignment = before.length > 0 && before.every((text) => text.startsWith('$') || text === ',');
    const sets = isAssignment ? before.filter((text) => text !== ',') : [];
    const declares = isAssignment && words[assigned]!.text === ':=';
    if (isAssignment) words.splice(0, assigned + 1);
    const commands: Operand[][] = [[]];
    while (words.length > 0 && words[0]!.text !== ')') {
      if (words[0]!.value === undefined && words[0]!.text === '|') commands.push((words.shift(), []));
      else commands.at(-1)!.push(operand(words));
    }
    if (commands.some((command) => command.length === 0)) fail('missing value for command');
    if (declares) variables.push(...sets);
    return { sets, declares, commands };
  }

  function open(word: 'range' | 'if' | 'with', words: Word[], chained = false): void {
    const kept = variables.length;
    const node: Frame['node'] = { type: 'block', word, pipeline: pipeline(words), body: [], otherwise: [] };
    into.push(node);
    stack.push({ node, outer: into, variables: kept, chained });
    into = node.body;
  }

  function act(text: string): void {
    if (text.startsWith('/*')) return;
    const words = wordsOf(text, fail);
    const first = words[0]?.text;
    if (words.length === 0) fail('missing value for command');
    else if (first === 'range' || first === 'if' || first === 'with') open(first, words.slice(1));
    else if (first === 'else') {
      into = (stack.at(-1) ?? fail('unexpected {{else}}')).node.otherwise;
      if (words[1]) open(words[1].text as 'if', words.slice(2), true);
    } else if (first === 'end') close();
    else if (first === 'break' || first === 'continue') into.push({ type: 'leave', word: first });
    else into.push({ type: 'print', pipeline: pipeline(words) });
  }

  function close(): void {
    for (let chained = true; chained; ) {
      const top = stack.pop() ?? fail('unexpected {{end}}');
      into = top.outer;
      variables.length = top.variables;
      chained = top.chained;
    }
  }

  for (let at = 0; at < template.length; ) {
    const start = template.indexOf('{{', at);
    const text = template.slice(at, start < 0 ? undefined : start);
    const trimsAfter = start >= 0 && /^\{\{-\s/.test(template.slice(start));
    const trimsBefore = at > 0 && /\s-\}\}$/.test(template.slice(0, at));
    const shown = trimsBefore ? text.trimStart() : text;
    into.push({ type: 'text', text: trimsAfter ? shown.trimEnd() : shown });
    line += text.split('\n').length - 1;
    if (start < 0) break;
    const end = template.indexOf('}}', start);
    const action = template.slice(start + 2, end < 0 ? undefined : end);
    act(action.replace(/^-\s/, '').replace(/\s-$/, '').trim());
    if (end < 0) fail('unclosed action');
    line += action.split('\n').length - 1;
    at = end + 2;
  }
  if (stack.length > 0) fail('unexpected EOF');
  return root;
}
