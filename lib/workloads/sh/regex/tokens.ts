// The words of a POSIX regular expression, basic or extended: both become the same tokens.
import { PatternError } from './error.ts';

/** Whether a character is meant. */
export type Test = (character: string) => boolean;
export type Edge = 'start' | 'end' | 'word' | 'wordStart' | 'wordEnd' | 'inside';
export type Token =
  | { kind: 'set'; has: Test; literal?: string }
  | { kind: 'edge'; edge: Edge }
  | { kind: '(' | ')' | '|' }
  | { kind: 'repeat'; min: number; max: number };

const word: Test = (c) => /\w/.test(c);
const space: Test = (c) => /\s/.test(c);
const classes: Record<string, Test> = { w: word, W: (c) => !word(c), s: space, S: (c) => !space(c) };
const edges: Record<string, Edge> = { b: 'word', B: 'inside', '<': 'wordStart', '>': 'wordEnd' };
const letters: Record<string, string> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' };
const stars: Record<string, Token> = {
  '*': { kind: 'repeat', min: 0, max: Infinity },
  '+': { kind: 'repeat', min: 1, max: Infinity },
  '?': { kind: 'repeat', min: 0, max: 1 },
};
const named: Record<string, RegExp> = { alpha: /[A-Za-z]/, digit: /\d/, alnum: /[A-Za-z\d]/, upper: /[A-Z]/, lower: /[a-z]/, space: /\s/, blank: /[ \t]/, punct: /[!-/:-@[-`{-~]/, xdigit: /[\dA-Fa-f]/, print: /[ -~]/, graph: /[!-~]/, cntrl: /[\0-\x1f\x7f]/ };

const literal = (c: string): Token => ({ kind: 'set', has: (other) => other === c, literal: c });

/** `[a-z]`, `[^[:space:]]`: from after the bracket. */
function bracket(source: string, from: number): { has: Test; next: number } {
  let at = from;
  const negated = source[at] === '^';
  if (negated) at++;
  const tests: Test[] = [];
  for (let first = true; first || source[at] !== ']'; first = false) {
    const c = source[at];
    if (c === undefined) throw new PatternError('Unmatched [, [^, [:, [., or [=');
    const [whole, name = ''] = /^\[:(\w+):\]/.exec(source.slice(at, at + 12)) ?? [];
    if (whole) {
      const expression = named[name];
      if (!expression) throw new PatternError('Invalid character class name');
      tests.push((other) => expression.test(other));
      at += whole.length;
    } else if (source[at + 1] === '-' && source[at + 2] !== ']' && source[at + 2] !== undefined) {
      const last = source[at + 2]!;
      if (last < c) throw new PatternError('Invalid range end');
      tests.push((other) => other >= c && other <= last);
      at += 3;
    } else {
      // Differs from POSIX, as awk and sed differ: \n and \t are what they are outside.
      const escaped = c === '\\' ? (letters[source[at + 1] ?? ''] ?? (/[\\\]\/]/.test(source[at + 1] ?? '') && source.includes(']', at + 2) ? source[at + 1] : undefined)) : undefined;
      tests.push((other) => other === (escaped ?? c));
      at += escaped ? 2 : 1;
    }
  }
  return { has: (c) => tests.some((test) => test(c)) !== negated, next: at + 1 };
}

function interval(source: string, from: number, extended: boolean): { token: Token; next: number } {
  const [whole, low = '', comma, high] = (extended ? /^(\d*)(,?)(\d*)\}/ : /^(\d*)(,?)(\d*)\\\}/).exec(source.slice(from)) ?? [];
  const min = Number(low);
  const max = !comma ? min : high ? Number(high) : Infinity;
  if (whole === undefined || max < min || min > 255 || (max > 255 && max < Infinity)) throw new PatternError(whole === undefined ? 'Unmatched { or \\{' : 'Invalid content of \\{\\}');
  return { token: { kind: 'repeat', min, max }, next: from + whole.length };
}

function escaped(c: string | undefined, extended: boolean): Token | undefined {
  if (c === undefined) throw new PatternError('Trailing backslash');
  if (/[1-9]/.test(c)) throw new PatternError('Invalid back reference'); // Differs from POSIX: a pattern cannot ask for what it found before.
  if (!extended && '()|'.includes(c)) return { kind: c as '(' };
  if (!extended && (c === '+' || c === '?')) return stars[c];
  if (classes[c]) return { kind: 'set', has: classes[c] };
  if (edges[c]) return { kind: 'edge', edge: edges[c] };
  return literal(letters[c] ?? c);
}

export function tokensOf(source: string, extended: boolean): Token[] {
  const tokens: Token[] = [];
  const atStart = () => tokens.length === 0 || /^[(|]$/.test(tokens.at(-1)!.kind);
  const repeatable = () => !atStart() && (extended || !isStart(tokens.at(-1)!));
  for (let at = 0; at < source.length; ) {
    const c = source[at++]!;
    if (c === '[') {
      const { has, next } = bracket(source, at);
      tokens.push({ kind: 'set', has });
      at = next;
    } else if ((extended ? c === '{' && /\d|,/.test(source[at] ?? '') : c === '\\' && source[at] === '{') && repeatable()) {
      const { token, next } = interval(source, extended ? at : at + 1, extended);
      tokens.push(token);
      at = next;
    } else if (c === '\\') tokens.push(escaped(source[at++], extended)!);
    else if (c === '.') tokens.push({ kind: 'set', has: () => true });
    else if (stars[c] && (extended || c === '*')) tokens.push(repeatable() ? stars[c] : literal(c));
    else if (extended && '()|'.includes(c)) tokens.push({ kind: c as '(' });
    else if (c === '^' && (extended || atStart())) tokens.push({ kind: 'edge', edge: 'start' });
    else if (c === '$' && (extended || /^($|\\[)|])/.test(source.slice(at, at + 2)))) tokens.push({ kind: 'edge', edge: 'end' });
    else tokens.push(literal(c));
  }
  return tokens;
}

const isStart = (token: Token) => token.kind === 'edge' && token.edge === 'start';
