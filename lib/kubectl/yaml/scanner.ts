// The tokens that libyaml (and go-yaml after it) cuts a text into. We need it for its errors: kubectl prints them
// word for word, and learners meet them. Values are read by the yaml package.
import { Cursor, isBlank, isBlankOrEnd, isBreak, isEnd } from './cursor.ts';
import { anchorName, blockScalar, plainScalar, quotedScalar } from './scalars.ts';

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

export class Scanner {
  #cursor: Cursor;
  #flow = 0;
  #indent = -1;
  #indents: number[] = [];
  #keys: SimpleKey[] = [{ possible: false, required: false, token: 0, line: 0, column: 0, index: 0 }];
  #keyAllowed = true;
  #queue: Token[] = [];
  #taken = 0;
  #ended = false;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
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

  #push(type: TokenType): void {
    this.#queue.push({ type, line: this.#cursor.line });
  }

  #keyMayStartAt(token: number): boolean {
    return this.#keys.some((key) => key.token === token && this.#stillValid(key));
  }

  #stillValid(key: SimpleKey): boolean {
    if (!key.possible) return false;
    if (key.line < this.#cursor.line || key.index + 1024 < this.#cursor.at) {
      if (key.required) this.#cursor.fail("could not find expected ':'");
      key.possible = false;
    }
    return key.possible;
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return;
    const required = this.#flow === 0 && this.#indent === this.#cursor.column;
    this.#removeKey();
    this.#keys[this.#keys.length - 1] = { possible: true, required, token: this.#taken + this.#queue.length, line: this.#cursor.line, column: this.#cursor.column, index: this.#cursor.at };
  }

  #removeKey(): void {
    const key = this.#keys.at(-1)!;
    if (key.possible && key.required) this.#cursor.fail("could not find expected ':'");
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
      while (this.#cursor.char() === ' ' || ((this.#flow > 0 || !this.#keyAllowed) && this.#cursor.char() === '\t')) this.#cursor.skip();
      if (this.#cursor.char() === '#') this.#cursor.toLineEnd();
      if (!isBreak(this.#cursor.char())) return;
      this.#cursor.skip();
      if (this.#flow === 0) this.#keyAllowed = true;
    }
  }

  #fetch(): void {
    this.#toNextToken();
    this.#unrollIndent(this.#cursor.column);
    const [c, next] = [this.#cursor.char(), this.#cursor.char(1)];
    if (isEnd(c)) return this.#streamEnd();
    if (this.#cursor.column === 0 && c === '%') return this.#directive();
    if (this.#cursor.atDocumentIndicator()) return this.#documentIndicator(c === '-' ? 'document-start' : 'document-end');
    if (c === '[' || c === '{') return this.#flowStart(c === '[' ? 'flow-sequence-start' : 'flow-mapping-start');
    if (c === ']' || c === '}') return this.#flowEnd(c === ']' ? 'flow-sequence-end' : 'flow-mapping-end');
    if (c === ',') return this.#indicator('flow-entry', true);
    if (c === '-' && isBlankOrEnd(next)) return this.#blockEntry();
    if (c === '?' && (this.#flow > 0 || isBlankOrEnd(next))) return this.#key();
    if (c === ':' && (this.#flow > 0 || isBlankOrEnd(next))) return this.#value();
    if (c === '*' || c === '&') return this.#anchor(c === '*' ? 'alias' : 'anchor');
    if (c === '!') return this.#tag();
    if ((c === '|' || c === '>') && this.#flow === 0) return this.#blockScalar();
    if (c === "'" || c === '"') return this.#quotedScalar(c);
    const startsPlain = !isBlankOrEnd(c) && !'-?:,[]{}#&*!|>\'"%@`'.includes(c);
    if (startsPlain || (c === '-' && !isBlank(next)) || (this.#flow === 0 && (c === '?' || c === ':') && !isBlankOrEnd(next))) return this.#plainScalar();
    this.#cursor.fail('found character that cannot start any token');
  }

  #streamEnd(): void {
    if (this.#cursor.column !== 0) {
      this.#cursor.column = 0;
      this.#cursor.line++;
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
    const name = /^%([A-Za-z0-9_-]*)/.exec(this.#cursor.text.slice(this.#cursor.at))![1]!;
    if (name === '') this.#cursor.fail('could not find expected directive name');
    if (name !== 'YAML' && name !== 'TAG') this.#cursor.fail('found unknown directive name');
    this.#cursor.toLineEnd();
  }

  #documentIndicator(type: TokenType): void {
    this.#unrollIndent(-1);
    this.#removeKey();
    this.#keyAllowed = false;
    this.#push(type);
    for (let i = 0; i < 3; i++) this.#cursor.skip();
  }

  #flowStart(type: TokenType): void {
    this.#saveKey();
    this.#keys.push({ possible: false, required: false, token: -1, line: this.#cursor.line, column: 0, index: 0 });
    this.#flow++;
    this.#keyAllowed = true;
    this.#push(type);
    this.#cursor.skip();
  }

  #flowEnd(type: TokenType): void {
    this.#removeKey();
    if (this.#flow > 0) {
      this.#flow--;
      this.#keys.pop();
    }
    this.#keyAllowed = false;
    this.#push(type);
    this.#cursor.skip();
  }

  #indicator(type: TokenType, keyAllowed: boolean): void {
    this.#removeKey();
    this.#keyAllowed = keyAllowed;
    this.#push(type);
    this.#cursor.skip();
  }

  #blockEntry(): void {
    if (this.#flow === 0) {
      if (!this.#keyAllowed) this.#cursor.fail('block sequence entries are not allowed in this context');
      this.#rollIndent(this.#cursor.column, 'block-sequence-start', this.#cursor.line);
    }
    this.#indicator('block-entry', true);
  }

  #key(): void {
    if (this.#flow === 0) {
      if (!this.#keyAllowed) this.#cursor.fail('mapping keys are not allowed in this context');
      this.#rollIndent(this.#cursor.column, 'block-mapping-start', this.#cursor.line);
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
        if (!this.#keyAllowed) this.#cursor.fail('mapping values are not allowed in this context');
        this.#rollIndent(this.#cursor.column, 'block-mapping-start', this.#cursor.line);
      }
      this.#keyAllowed = this.#flow === 0;
    }
    this.#push('value');
    this.#cursor.skip();
  }

  #anchor(type: TokenType): void {
    this.#scalarStarts();
    const { line } = this.#cursor;
    const value = anchorName(this.#cursor);
    this.#queue.push({ type, line, value });
  }

  #tag(): void {
    this.#scalarStarts();
    this.#push('tag');
    while (!isBlankOrEnd(this.#cursor.char())) this.#cursor.skip();
  }

  /** It may turn out to be a key. */
  #scalarStarts(): void {
    this.#saveKey();
    this.#keyAllowed = false;
  }

  #blockScalar(): void {
    this.#removeKey();
    this.#keyAllowed = true;
    const { line } = this.#cursor;
    blockScalar(this.#cursor, this.#indent);
    this.#queue.push({ type: 'scalar', line });
  }

  #quotedScalar(quote: string): void {
    this.#scalarStarts();
    const { line } = this.#cursor;
    quotedScalar(this.#cursor, quote);
    this.#queue.push({ type: 'scalar', line });
  }

  #plainScalar(): void {
    this.#scalarStarts();
    const { line } = this.#cursor;
    if (plainScalar(this.#cursor, { indent: this.#indent + 1, inFlow: this.#flow > 0 })) this.#keyAllowed = true;
    this.#queue.push({ type: 'scalar', line });
  }
}
