// The tokens that libyaml (and go-yaml after it) cuts a text into. We need it for its errors: kubectl prints them
// word for word, and learners meet them. Values are read by the yaml package.

export type TokenType =
  | 'document-start'
  | 'document-end'
  | 'stream-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'flow-entry'
  | 'block-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export interface Token {
  type: TokenType;
  /** Line of its first character, from 0. */
  line: number;
  value?: string;
}

interface SimpleKey {
  possible: boolean;
  required: boolean;
  token: number;
  line: number;
  column: number;
  index: number;
}

/** A problem as libyaml words it. `line` counts from 0. */
export class YamlProblem extends Error {
  constructor(
    message: string,
    readonly line: number,
    readonly fromScanner: boolean,
  ) {
    super(message);
  }
}

const isBreak = (c: string) => c === '\n' || c === '\r';
const isBlank = (c: string) => c === ' ' || c === '\t';
const isEnd = (c: string) => c === '';
const isBlankOrEnd = (c: string) => isBlank(c) || isBreak(c) || isEnd(c);

export class Scanner {
  #text: string;
  #at = 0;
  #line = 0;
  #column = 0;
  #flow = 0;
  #indent = -1;
  #indents: number[] = [];
  #keys: SimpleKey[] = [{ possible: false, required: false, token: 0, line: 0, column: 0, index: 0 }];
  #keyAllowed = true;
  #queue: Token[] = [];
  #taken = 0;
  #ended = false;

  constructor(text: string) {
    this.#text = text.replace(/\r\n?/g, '\n').replace(/^\ufeff/, '');
  }

  /** The next token, left where it is. */
  peek(): Token {
    while (this.#queue.length === 0 || this.#keyMayStartAt(this.#taken)) {
      if (this.#ended) break;
      this.#fetch();
    }
    return this.#queue[0]!;
  }

  take(): Token {
    const token = this.peek();
    this.#queue.shift();
    this.#taken++;
    return token;
  }

  #char(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? '';
  }
  #skip(): void {
    if (this.#char() === '\n') {
      this.#line++;
      this.#column = 0;
    } else this.#column++;
    this.#at++;
  }
  #fail(message: string): never {
    throw new YamlProblem(message, this.#line, true);
  }
  #push(type: TokenType, value?: string): void {
    this.#queue.push({ type, line: this.#line, ...(value !== undefined && { value }) });
  }

  #keyMayStartAt(token: number): boolean {
    return this.#keys.some((key) => key.token === token && this.#stillValid(key));
  }

  #stillValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line < this.#line || key.index + 1024 < this.#at) {
      if (key.required) this.#fail("could not find expected ':'");
      key.possible = false;
    }
    return key.possible;
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return;
    const required = this.#flow === 0 && this.#indent === this.#column;
    this.#removeKey();
    this.#keys[this.#keys.length - 1] = { possible: true, required, token: this.#taken + this.#queue.length, line: this.#line, column: this.#column, index: this.#at };
  }

  #removeKey(): void {
    const key = this.#keys.at(-1)!;
    if (key.possible && key.required) this.#fail("could not find expected ':'");
    key.possible = false;
  }

  #rollIndent(column: number, type: TokenType, line: number, at = this.#queue.length): void {
    if (this.#flow > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    this.#queue.splice(at, 0, { type, line });
  }

  #unrollIndent(column: number): void {
    if (this.#flow > 0) return;
    while (this.#indent > column) {
      this.#push('block-end');
      this.#indent = this.#indents.pop()!;
    }
  }

  #toNextToken(): void {
    for (;;) {
      while (this.#char() === ' ' || ((this.#flow > 0 || !this.#keyAllowed) && this.#char() === '\t')) this.#skip();
      if (this.#char() === '#') this.#toLineEnd();
      if (!isBreak(this.#char())) return;
      this.#skip();
      if (this.#flow === 0) this.#keyAllowed = true;
    }
  }

  #toLineEnd(): void {
    while (!isBreak(this.#char()) && !isEnd(this.#char())) this.#skip();
  }

  #isIndicatorLine(): boolean {
    return this.#column === 0 && /^(---|\.\.\.)$/.test(this.#text.slice(this.#at, this.#at + 3)) && isBlankOrEnd(this.#char(3));
  }

  #fetch(): void {
    this.#toNextToken();
    this.#unrollIndent(this.#column);
    const [c, next] = [this.#char(), this.#char(1)];
    if (isEnd(c)) return this.#streamEnd();
    if (this.#column === 0 && c === '%') return this.#directive();
    if (this.#isIndicatorLine()) return this.#documentIndicator(c === '-' ? 'document-start' : 'document-end');
    if (c === '[' || c === '{') return this.#flowStart(c === '[' ? 'flow-sequence-start' : 'flow-mapping-start');
    if (c === ']' || c === '}') return this.#flowEnd(c === ']' ? 'flow-sequence-end' : 'flow-mapping-end');
    if (c === ',') return this.#indicator('flow-entry', true);
    if (c === '-' && isBlankOrEnd(next)) return this.#blockEntry();
    if (c === '?' && (this.#flow > 0 || isBlankOrEnd(next))) return this.#key();
    if (c === ':' && (this.#flow > 0 || isBlankOrEnd(next))) return this.#value();
    if (c === '*' || c === '&') return this.#anchor(c === '*' ? 'alias' : 'anchor');
    if (c === '!') return this.#tag();
    if ((c === '|' || c === '>') && this.#flow === 0) return this.#blockScalar();
    if (c === "'" || c === '"') return this.#flowScalar(c);
    const startsPlain = !isBlankOrEnd(c) && !'-?:,[]{}#&*!|>\'"%@`'.includes(c);
    if (startsPlain || (c === '-' && !isBlank(next)) || (this.#flow === 0 && (c === '?' || c === ':') && !isBlankOrEnd(next))) return this.#plainScalar();
    this.#fail('found character that cannot start any token');
  }

  #streamEnd(): void {
    if (this.#column !== 0) {
      this.#column = 0;
      this.#line++;
    }
    this.#unrollIndent(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#ended = true;
    this.#push('stream-end');
  }

  #directive(): void {
    this.#unrollIndent(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    const name = /^%([A-Za-z0-9_-]*)/.exec(this.#text.slice(this.#at))![1]!;
    if (name === '') this.#fail('could not find expected directive name');
    if (name !== 'YAML' && name !== 'TAG') this.#fail('found unknown directive name');
    this.#toLineEnd();
  }

  #documentIndicator(type: TokenType): void {
    this.#unrollIndent(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#push(type);
    for (let i = 0; i < 3; i++) this.#skip();
  }

  #flowStart(type: TokenType): void {
    this.#saveKey();
    this.#keys.push({ possible: false, required: false, token: -1, line: this.#line, column: 0, index: 0 });
    this.#flow++;
    this.#keyAllowed = true;
    this.#push(type);
    this.#skip();
  }

  #flowEnd(type: TokenType): void {
    this.#removeKey();
    if (this.#flow > 0) {
      this.#flow--;
      this.#keys.pop();
    }
    this.#keyAllowed = false;
    this.#push(type);
    this.#skip();
  }

  #indicator(type: TokenType, keyAllowed: boolean): void {
    this.#removeKey();
    this.#keyAllowed = keyAllowed;
    this.#push(type);
    this.#skip();
  }

  #blockEntry(): void {
    if (this.#flow === 0) {
      if (!this.#keyAllowed) this.#fail('block sequence entries are not allowed in this context');
      this.#rollIndent(this.#column, 'block-sequence-start', this.#line);
    }
    this.#indicator('block-entry', true);
  }

  #key(): void {
    if (this.#flow === 0) {
      if (!this.#keyAllowed) this.#fail('mapping keys are not allowed in this context');
      this.#rollIndent(this.#column, 'block-mapping-start', this.#line);
    }
    this.#indicator('key', this.#flow === 0);
  }

  #value(): void {
    const key = this.#keys.at(-1)!;
    if (this.#stillValid(key)) {
      const at = key.token - this.#taken;
      this.#queue.splice(at, 0, { type: 'key', line: key.line });
      this.#rollIndent(key.column, 'block-mapping-start', key.line, at);
      key.possible = false;
      this.#keyAllowed = false;
    } else {
      if (this.#flow === 0) {
        if (!this.#keyAllowed) this.#fail('mapping values are not allowed in this context');
        this.#rollIndent(this.#column, 'block-mapping-start', this.#line);
      }
      this.#keyAllowed = this.#flow === 0;
    }
    this.#push('value');
    this.#skip();
  }

  #anchor(type: TokenType): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const line = this.#line;
    this.#skip();
    let name = '';
    while (/[\w-]/.test(this.#char())) {
      name += this.#char();
      this.#skip();
    }
    if (name === '' || !(isBlankOrEnd(this.#char()) || '?:,]}%@`'.includes(this.#char()))) this.#fail('did not find expected alphabetic or numeric character');
    this.#queue.push({ type, line, value: name });
  }

  #tag(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    this.#push('tag');
    while (!isBlankOrEnd(this.#char())) this.#skip();
  }

  #blockScalar(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    const line = this.#line;
    this.#skip();
    const header = /^(?:[+-]?([0-9])?|([0-9])[+-]?)/.exec(this.#text.slice(this.#at, this.#at + 2))!;
    const increment = header[1] ?? header[2];
    if (increment === '0') this.#fail('found an indentation indicator equal to 0');
    for (let i = 0; i < header[0].length; i++) this.#skip();
    while (isBlank(this.#char())) this.#skip();
    if (this.#char() === '#') this.#toLineEnd();
    if (!isBreak(this.#char()) && !isEnd(this.#char())) this.#fail('did not find expected comment or line break');
    if (isBreak(this.#char())) this.#skip();
    let indent = this.#blockScalarBreaks(increment ? Math.max(this.#indent, 0) + Number(increment) : 0);
    while (this.#column === indent && !isEnd(this.#char())) {
      this.#toLineEnd();
      if (isBreak(this.#char())) this.#skip();
      indent = this.#blockScalarBreaks(indent);
    }
    this.#queue.push({ type: 'scalar', line });
  }

  #blockScalarBreaks(indent: number): number {
    let most = 0;
    for (;;) {
      while ((indent === 0 || this.#column < indent) && this.#char() === ' ') this.#skip();
      most = Math.max(most, this.#column);
      if ((indent === 0 || this.#column < indent) && this.#char() === '\t') this.#fail('found a tab character where an indentation space is expected');
      if (!isBreak(this.#char())) break;
      this.#skip();
    }
    return indent || Math.max(most, this.#indent + 1, 1);
  }

  #flowScalar(quote: string): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const line = this.#line;
    this.#skip();
    for (;;) {
      if (this.#isIndicatorLine()) this.#fail('found unexpected document indicator');
      const c = this.#char();
      if (isEnd(c)) {
        // libyaml sees the end one line further down when the last line has no break.
        this.#fail('found unexpected end of stream');
      }
      if (c === quote && quote === "'" && this.#char(1) === "'") this.#skip();
      else if (c === quote) break;
      else if (c === '\\' && quote === '"') this.#escape();
      this.#skip();
    }
    this.#skip();
    this.#queue.push({ type: 'scalar', line });
  }

  #escape(): void {
    const code = this.#char(1);
    const digits = { x: 2, u: 4, U: 8 }[code] ?? 0;
    if (!digits && !'0abt\tnvfre "\'\\N_LP/\n'.includes(code)) this.#fail('found unknown escape character');
    this.#skip();
    for (let i = 1; i <= digits; i++) if (!/[0-9a-fA-F]/.test(this.#char(i))) this.#fail('did not find expected hexdecimal number');
  }

  #plainScalar(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const line = this.#line;
    const indent = this.#indent + 1;
    let broken = false;
    for (;;) {
      if (this.#isIndicatorLine() || this.#char() === '#') break;
      while (!isBlankOrEnd(this.#char())) {
        const c = this.#char();
        if ((c === ':' && isBlankOrEnd(this.#char(1))) || (this.#flow > 0 && ',?[]{}'.includes(c))) break;
        broken = false;
        this.#skip();
      }
      if (!isBlank(this.#char()) && !isBreak(this.#char())) break;
      while (isBlank(this.#char()) || isBreak(this.#char())) {
        if (broken && this.#column < indent && this.#char() === '\t') this.#fail('found a tab character that violates indentation');
        if (isBreak(this.#char())) broken = true;
        this.#skip();
      }
      if (this.#flow === 0 && this.#column < indent) break;
    }
    if (broken) this.#keyAllowed = true;
    this.#queue.push({ type: 'scalar', line });
  }
}
