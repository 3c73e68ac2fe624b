// The part of the POSIX shell's grammar that manifests and lessons use: lists, pipes, if, while, for, case, quotes, expansions.
import { type Token, tokenize } from './tokens.ts';
import { type Node, type Redirect, ShellSyntaxError, type Word } from './tree.ts';
import { readWord } from './words.ts';

const closers = new Set(['then', 'fi', 'do', 'done', 'else', 'elif', 'esac', '}', ')', ';;']);

export function parseScript(text: string): Node {
  const parser = new Parser(tokenize(text));
  const list = parser.list();
  if (parser.peek()) throw new ShellSyntaxError(`syntax error: unexpected "${parser.describe()}"`);
  return list;
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

  /** A command with what its streams are turned to. */
  #command(): Node {
    const body = this.#bare();
    const redirects = this.#redirects();
    return redirects.length === 0 ? body : { kind: 'group', body, subshell: false, redirects };
  }

  #bare(): Node {
    if (this.#take('if')) return this.#if();
    if (this.#is('while') || this.#is('until')) {
      const until = this.#is('until');
      this.#at++;
      const condition = this.list();
      return { kind: 'while', condition, body: this.#do(), until };
    }
    if (this.#take('function')) {
      const { raw: name } = this.#word();
      if (this.#take('(')) this.#expect(')');
      this.#newlines();
      return { kind: 'function', name, body: this.#command() };
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
    return { kind: 'group', body, subshell, redirects: [] };
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
