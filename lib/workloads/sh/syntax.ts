// The part of the POSIX shell's grammar that manifests and lessons use: lists, pipes, if, while, for, case, quotes, expansions.

export type Part =
  | { kind: 'text'; text: string; quoted: boolean }
  | { kind: 'variable'; name: string; operator?: string; operand?: Word; quoted: boolean }
  | { kind: 'command'; body: Node; quoted: boolean }
  | { kind: 'arithmetic'; text: string; quoted: boolean };
export type Word = readonly Part[];
export interface Redirect {
  fd: number;
  operator: '>' | '>>' | '<' | '>&' | '<<';
  target: Word;
}
export type Node =
  | { kind: 'simple'; assignments: [string, Word][]; words: Word[]; redirects: Redirect[] }
  | { kind: 'pipeline'; commands: Node[]; negated: boolean }
  | { kind: 'list'; items: { node: Node; operator: ';' | '&' | '&&' | '||' }[] }
  | { kind: 'if'; clauses: { condition: Node; body: Node }[]; otherwise?: Node }
  | { kind: 'while'; condition: Node; body: Node; until: boolean }
  | { kind: 'for'; name: string; words: Word[] | undefined; body: Node }
  | { kind: 'case'; word: Word; clauses: { patterns: Word[]; body: Node }[] }
  | { kind: 'group'; body: Node; subshell: boolean; redirects: Redirect[] }
  | { kind: 'function'; name: string; body: Node };

export class ShellSyntaxError extends Error {}

type Token = { kind: 'word'; word: Word; raw: string } | { kind: 'operator'; text: string } | { kind: 'redirect'; fd: number; operator: Redirect['operator'] };

const operators = ['&&', '||', ';;', ';', '&', '|', '(', ')', '\n'];
const closers = new Set(['then', 'fi', 'do', 'done', 'else', 'elif', 'esac', '}', ')', ';;']);

export function parseScript(text: string): Node {
  const parser = new Parser(tokenize(text));
  const list = parser.list();
  if (parser.peek()) throw new ShellSyntaxError(`syntax error: unexpected "${parser.describe()}"`);
  return list;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    if (c === ' ' || c === '\t' || c === '\r') i++;
    else if (c === '\\' && text[i + 1] === '\n') i += 2;
    else if (c === '#') while (i < text.length && text[i] !== '\n') i++;
    else {
      const redirect = /^(\d*)(>>|>&|<<|>|<)/.exec(text.slice(i, i + 4));
      const operator = operators.find((o) => text.startsWith(o, i));
      if (redirect) {
        tokens.push({ kind: 'redirect', fd: Number(redirect[1] || (redirect[2]!.startsWith('<') ? 0 : 1)), operator: redirect[2] as Redirect['operator'] });
        i += redirect[0].length;
      } else if (operator) {
        tokens.push({ kind: 'operator', text: operator === '\n' ? ';' : operator });
        i += operator.length;
      } else {
        const start = i;
        const [word, end] = readWord(text, i);
        tokens.push({ kind: 'word', word, raw: text.slice(start, end) });
        i = end;
      }
    }
  }
  return tokens;
}

function readWord(text: string, from: number): [Word, number] {
  const parts: Part[] = [];
  let i = from;
  const plain = (piece: string, quoted: boolean) => {
    const last = parts.at(-1);
    if (last?.kind === 'text' && last.quoted === quoted) last.text += piece;
    else parts.push({ kind: 'text', text: piece, quoted });
  };
  while (i < text.length && !/[\s;&|()<>]/.test(text[i]!)) {
    const c = text[i]!;
    if (c === "'") {
      const end = text.indexOf("'", i + 1);
      if (end < 0) throw new ShellSyntaxError('syntax error: unterminated quoted string');
      plain(text.slice(i + 1, end), true);
      i = end + 1;
    } else if (c === '"') {
      i = readDoubleQuoted(text, i + 1, parts, plain);
    } else if (c === '\\') {
      plain(text[i + 1] ?? '', true);
      i += 2;
    } else if (c === '$' || c === '`') {
      i = readExpansion(text, i, false, parts, plain);
    } else {
      plain(c, false);
      i++;
    }
  }
  return [parts, i];
}

type Plain = (piece: string, quoted: boolean) => void;

function readDoubleQuoted(text: string, from: number, parts: Part[], plain: Plain): number {
  let i = from;
  plain('', true);
  while (text[i] !== '"') {
    if (i >= text.length) throw new ShellSyntaxError('syntax error: unterminated quoted string');
    if (text[i] === '\\' && /["$`\\\n]/.test(text[i + 1] ?? '')) {
      if (text[i + 1] !== '\n') plain(text[i + 1]!, true);
      i += 2;
    } else if (text[i] === '$' || text[i] === '`') i = readExpansion(text, i, true, parts, plain);
    else plain(text[i++]!, true);
  }
  return i + 1;
}

function readExpansion(text: string, i: number, quoted: boolean, parts: Part[], plain: Plain): number {
  if (text[i] === '`') {
    const end = text.indexOf('`', i + 1);
    if (end < 0) throw new ShellSyntaxError('syntax error: EOF in backquote substitution');
    parts.push({ kind: 'command', body: parseScript(text.slice(i + 1, end)), quoted });
    return end + 1;
  }
  if (text.startsWith('$((', i)) {
    const end = matching(text, i + 1, '(', ')');
    parts.push({ kind: 'arithmetic', text: text.slice(i + 3, end - 1), quoted });
    return end + 1;
  }
  if (text[i + 1] === '(') {
    const end = matching(text, i + 1, '(', ')');
    parts.push({ kind: 'command', body: parseScript(text.slice(i + 2, end)), quoted });
    return end + 1;
  }
  if (text[i + 1] === '{') {
    const end = matching(text, i + 1, '{', '}');
    const inner = /^(#?\w+|[?@*#$!])(?:(:?[-=+?]|##?|%%?)(.*))?$/s.exec(text.slice(i + 2, end));
    if (!inner) throw new ShellSyntaxError('syntax error: bad substitution');
    const operand = inner[3] !== undefined ? readWordAll(inner[3]) : undefined;
    parts.push({ kind: 'variable', name: inner[1]!, ...(inner[2] && { operator: inner[2], operand }), quoted });
    return end + 1;
  }
  const name = /^(\w+|[?@*#$!])/.exec(text.slice(i + 1))?.[1];
  if (!name) {
    plain('$', quoted);
    return i + 1;
  }
  const short = /^\d/.test(name) ? name[0]! : name;
  parts.push({ kind: 'variable', name: short, quoted });
  return i + 1 + short.length;
}

function readWordAll(text: string): Word {
  const parts: Part[] = [];
  const plain: Plain = (piece, quoted) => parts.push({ kind: 'text', text: piece, quoted });
  for (let i = 0; i < text.length; ) {
    if (text[i] === '"') i = readDoubleQuoted(text, i + 1, parts, plain);
    else if (text[i] === '$' || text[i] === '`') i = readExpansion(text, i, false, parts, plain);
    else plain(text[i++]!, false);
  }
  return parts;
}

function matching(text: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "'") i = text.indexOf("'", i + 1);
    else if (text[i] === '\\') i++;
    else if (text[i] === open) depth++;
    else if (text[i] === close && --depth === 0) return i;
    if (i < 0) break;
  }
  throw new ShellSyntaxError(`syntax error: unterminated "${open}"`);
}

class Parser {
  #tokens: Token[];
  #at = 0;
  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }
  describe(): string {
    const token = this.peek();
    return !token ? 'end of file' : token.kind === 'word' ? token.raw : token.kind === 'operator' ? token.text : token.operator;
  }
  #is(text: string): boolean {
    const token = this.peek();
    return token?.kind === 'operator' ? token.text === text : token?.kind === 'word' ? token.raw === text : false;
  }
  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }
  #expect(text: string): void {
    if (!this.#take(text)) throw new ShellSyntaxError(`syntax error: unexpected ${this.peek() ? `"${this.describe()}"` : 'end of file'} (expecting "${text}")`);
  }
  #newlines(): void {
    while (this.#take(';'));
  }

  list(): Node {
    const items: { node: Node; operator: ';' | '&' | '&&' | '||' }[] = [];
    this.#newlines();
    while (this.peek() && !this.#closes()) {
      const node = this.#pipeline();
      const token = this.peek();
      const operator = token?.kind === 'operator' && (token.text === '&&' || token.text === '||' || token.text === '&' || token.text === ';') ? token.text : ';';
      items.push({ node, operator });
      if (token?.kind !== 'operator' || (token.text !== operator)) break;
      this.#at++;
      this.#newlines();
    }
    return { kind: 'list', items };
  }

  #closes(): boolean {
    const token = this.peek();
    return token?.kind === 'operator' ? closers.has(token.text) : token?.kind === 'word' ? closers.has(token.raw) : false;
  }

  #pipeline(): Node {
    const negated = this.#take('!');
    const commands = [this.#command()];
    while (this.#take('|')) {
      this.#newlines();
      commands.push(this.#command());
    }
    return commands.length === 1 && !negated ? commands[0]! : { kind: 'pipeline', commands, negated };
  }

  #command(): Node {
    if (this.#take('if')) return this.#if();
    if (this.#is('while') || this.#is('until')) {
      const until = this.#is('until');
      this.#at++;
      const condition = this.list();
      return { kind: 'while', condition, body: this.#do(), until };
    }
    if (this.#take('for')) return this.#for();
    if (this.#take('case')) return this.#case();
    if (this.#take('(')) return this.#group(')', true);
    if (this.#take('{')) return this.#group('}', false);
    return this.#simple();
  }

  #group(close: string, subshell: boolean): Node {
    const body = this.list();
    this.#expect(close);
    return { kind: 'group', body, subshell, redirects: this.#redirects() };
  }

  #do(): Node {
    this.#newlines();
    this.#expect('do');
    const body = this.list();
    this.#expect('done');
    return body;
  }

  #if(): Node {
    const clauses: { condition: Node; body: Node }[] = [];
    for (;;) {
      const condition = this.list();
      this.#expect('then');
      clauses.push({ condition, body: this.list() });
      if (this.#take('elif')) continue;
      const otherwise = this.#take('else') ? this.list() : undefined;
      this.#expect('fi');
      return { kind: 'if', clauses, ...(otherwise && { otherwise }) };
    }
  }

  #for(): Node {
    const name = this.#word();
    let words: Word[] | undefined;
    if (this.#take('in')) {
      words = [];
      for (let token = this.peek(); token?.kind === 'word'; token = this.peek()) words.push(this.#word().word);
    }
    return { kind: 'for', name: name.raw, words, body: this.#do() };
  }

  #case(): Node {
    const { word } = this.#word();
    this.#newlines();
    this.#expect('in');
    this.#newlines();
    const clauses: { patterns: Word[]; body: Node }[] = [];
    while (!this.#take('esac')) {
      this.#take('(');
      const patterns = [this.#word().word];
      while (this.#take('|')) patterns.push(this.#word().word);
      this.#expect(')');
      clauses.push({ patterns, body: this.list() });
      this.#take(';;');
      this.#newlines();
    }
    return { kind: 'case', word, clauses };
  }

  #word(): { word: Word; raw: string } {
    const token = this.peek();
    if (token?.kind !== 'word') throw new ShellSyntaxError(`syntax error: unexpected "${this.describe()}"`);
    this.#at++;
    return token;
  }

  #redirects(): Redirect[] {
    const out: Redirect[] = [];
    for (let token = this.peek(); token?.kind === 'redirect'; token = this.peek()) {
      this.#at++;
      out.push({ fd: token.fd, operator: token.operator, target: this.#word().word });
    }
    return out;
  }

  #simple(): Node {
    const assignments: [string, Word][] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (let token = this.peek(); token; token = this.peek()) {
      if (token.kind === 'redirect') redirects.push(...this.#redirects());
      else if (token.kind === 'word') {
        const assignment = words.length === 0 ? /^([A-Za-z_]\w*)=/.exec(token.raw) : null;
        this.#at++;
        if (assignment) assignments.push([assignment[1]!, readWord(token.raw, assignment[0].length)[0]]);
        else words.push(token.word);
      } else if (token.text === '(' && words.length === 1 && this.#function()) {
        return { kind: 'function', name: (words[0]![0] as { text: string }).text, body: this.#command() };
      } else break;
    }
    if (words.length === 0 && assignments.length === 0 && redirects.length === 0) {
      throw new ShellSyntaxError(`syntax error: unexpected ${this.peek() ? `"${this.describe()}"` : 'end of file'}`);
    }
    return { kind: 'simple', assignments, words, redirects };
  }

  #function(): boolean {
    const next = this.#tokens[this.#at + 1];
    if (next?.kind !== 'operator' || next.text !== ')') return false;
    this.#at += 2;
    this.#newlines();
    return true;
  }
}
