// What the library found wrong with an expression, in the words and with the place that cel-go gives.

/** As much of an error of the library as is used here. */
export interface Found {
  code?: string;
  summary?: string;
  message: string;
  range?: { start: number; end: number };
  node?: { op?: string; args?: unknown };
}

interface Place {
  start: number;
  end: number;
}

/** `ERROR: <input>:1:5: undefined field 'foo'` with the line and a caret below it. */
export function compileError(expression: string, error: Found): string {
  const { text, at } = worded(expression, error);
  const before = expression.slice(0, at);
  const line = before.split('\n').length;
  const column = at - (before.lastIndexOf('\n') + 1);
  return `ERROR: <input>:${line}:${column + 1}: ${text}\n | ${expression.split('\n')[line - 1] ?? ''}\n | ${'.'.repeat(column)}^`;
}

const tokens = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

function worded(expression: string, { code, summary = '', message, range, node }: Found): { text: string; at: number } {
  const start = range?.start ?? 0;
  const after = (pattern: RegExp) => pattern.exec(summary)?.[1] ?? '';
  if (code === 'unknown_variable') return { text: `undeclared reference to '${after(/: (.*)$/)}' (in container '')`, at: start };
  // The place of a selection is its dot.
  if (code === 'no_such_key') return { text: `undefined field '${after(/: (.*)$/)}'`, at: Math.max(0, expression.lastIndexOf('.', start)) };
  if (code === 'no_such_overload') return operatorError(expression, summary, { start, node });
  if (code === 'no_matching_overload') return callError(expression, summary, start, node);
  if (code === 'invalid_logical_operand') return { text: `expected type 'bool' but found '${after(/got '(.*)'/)}'`, at: start };
  if (code === 'unexpected_token') {
    const [found, at] = start >= expression.length ? ['<EOF>', expression.length] : [expression.slice(start, range?.end ?? start + 1) || expression[start]!, start];
    return { text: `Syntax error: mismatched input '${found}' expecting ${tokens}`, at };
  }
  if (code === 'unexpected_character') return { text: `Syntax error: token recognition error at: '${expression[start] ?? ''}'`, at: start };
  return { text: (summary || message).split('\n')[0]!, at: start };
}

const operators: Record<string, string> = { '==': '_==_', '!=': '_!=_', '<': '_<_', '<=': '_<=_', '>': '_>_', '>=': '_>=_', '+': '_+_', '-': '_-_', '*': '_*_', '/': '_/_', '%': '_%_', in: '@in' };

/** `no such overload: int == string`: the place is that of the operator. */
function operatorError(expression: string, summary: string, { start, node }: { start: number; node: Found['node'] }): { text: string; at: number } {
  const [, left = '', operator = '', right = ''] = /: (.*) (==|!=|<=|>=|<|>|\+|-|\*|\/|%|in) (.*)$/.exec(summary) ?? [];
  const first = (node?.args as Place[] | undefined)?.[0];
  const at = operator ? expression.indexOf(operator, first?.end ?? start) : start;
  return { text: `found no matching overload for '${operators[operator] ?? operator}' applied to '(${left}, ${right})'`, at: at < 0 ? start : at };
}

/** `found no matching overload for 'string.find(string)'`: the place of a call is its parenthesis. */
function callError(expression: string, summary: string, start: number, node: Found['node']): { text: string; at: number } {
  const [, receiver, name = '', args = ''] = /'(?:([^']*)\.)?([\w.]+)\((.*)\)'/.exec(summary) ?? [];
  const from = (node?.op === 'rcall' && (node.args as [string, Place])[1]?.end) || start;
  const paren = expression.indexOf('(', from);
  const at = paren < 0 ? start : paren;
  if (!known.has(name)) return { text: `undeclared reference to '${name}' (in container '')`, at };
  return { text: receiver ? `found no matching overload for '${name}' applied to '${receiver}.(${args})'` : `found no matching overload for '${name}' applied to '(${args})'`, at };
}

/** Functions that there are, for some other arguments. */
const known = new Set(
  'size contains startsWith endsWith matches all exists exists_one filter map has int uint double string bool bytes type timestamp duration dyn getDate getFullYear getHours getMinutes getSeconds isSorted sum min max indexOf lastIndexOf find findAll quantity isQuantity isInteger asInteger asApproximateFloat sign add sub isGreaterThan isLessThan compareTo url isURL getScheme getHost getHostname getPort getEscapedPath getQuery ip isIP cidr isCIDR containsIP containsCIDR family prefixLength charAt join lowerAscii upperAscii replace split substring trim format'.split(' '),
);

const wordings: Record<string, (summary: string) => string> = {
  no_such_key: (summary) => summary.replace('No such key', 'no such key'),
  index_out_of_bounds: (summary) => `index out of bounds: ${/index (\d+)/.exec(summary)?.[1] ?? ''}`,
  no_such_overload: () => 'no such overload',
  division_by_zero: () => 'division by zero',
};

/** What went wrong while an expression ran. */
export function runError({ code = '', summary, message }: Found): string {
  const text = (summary ?? message).split('\n')[0]!;
  return wordings[code]?.(text) ?? text;
}
