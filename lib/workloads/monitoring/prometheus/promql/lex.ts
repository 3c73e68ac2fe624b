// The words of PromQL (promql/parser/lex.go).
import { ParseError } from './ast.ts';

export interface Token {
  kind: 'name' | 'number' | 'duration' | 'string' | 'op' | 'end';
  text: string;
  at: number;
}

const patterns: [kind: Token['kind'] | 'space', RegExp][] = [
  ['space', /(?:\s+|#.*)+/y],
  ['duration', /(?:\d+(?:ms|[smhdwy]))+(?![a-zA-Z0-9_])/y],
  ['number', /0x[0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![a-zA-Z_])|(?:inf|nan)(?![a-zA-Z0-9_:])/iy],
  ['name', /[a-zA-Z_][a-zA-Z0-9_:]*/y],
  ['string', /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`/y],
  ['op', /=~|!~|==|!=|>=|<=|[-+*/%^(){}[\],=<>@]|:/y],
];

export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  const open: { letter: string; at: number }[] = [];
  let at = 0;
  outer: while (at < text.length) {
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0];
      if (found === undefined) continue;
      if (kind !== 'space') tokens.push({ kind, text: found, at });
      if (kind === 'op') nest(open, found, at, text);
      at += found.length;
      continue outer;
    }
    throw new ParseError(text, at, problemOf(text, at, open.at(-1)?.letter));
  }
  const last = open.at(-1);
  if (last) throw new ParseError(text, text.length, last.letter === '{' ? 'unexpected end of input inside braces' : last.letter === '[' ? 'unclosed left bracket' : 'unclosed left parenthesis');
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

const pairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

function nest(open: { letter: string; at: number }[], letter: string, at: number, text: string): void {
  if ('([{'.includes(letter)) open.push({ letter, at });
  else if (letter in pairs) {
    if (open.at(-1)?.letter !== pairs[letter]) throw new ParseError(text, at + 1, letter === ')' ? "unexpected right parenthesis ')'" : `unexpected right ${letter === '}' ? 'brace' : 'bracket'} '${letter}'`);
    open.pop();
  }
}

function problemOf(text: string, at: number, inside: string | undefined): string {
  const letter = text[at]!;
  if ('"\'`'.includes(letter)) return letter === '`' ? 'unterminated raw string' : 'unterminated quoted string';
  if (/\d/.test(letter)) return inside === '[' ? `bad duration syntax: ${JSON.stringify(/^\d+/.exec(text.slice(at))![0])}` : `bad number or duration syntax: ${JSON.stringify(/^\d+\w?/.exec(text.slice(at))![0])}`;
  return `unexpected character${inside === '{' ? ' inside braces' : ''}: ${letter === "'" ? "'\\''" : `'${letter}'`}`;
}

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 };

export const durationOf = (text: string): number => [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0);

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" };
export const stringOf = (text: string): string => (text.startsWith('`') ? text.slice(1, -1) : text.slice(1, -1).replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole));
