// What Go's encoding/json says about a text that is no JSON. Messages of the API server carry its words.

/** Why a text is no JSON: `invalid character 'o' in literal null (expecting 'u')`; undefined for good JSON. */
export function goJSONError(text: string): string | undefined {
  const scanner = new Scanner(bytesOf(text));
  try {
    scanner.document();
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxProblem) return error.message;
    throw error;
  }
}

/** Why a text cannot be decoded into a Go map; undefined when it is an object. */
export function goMapError(text: string): string | undefined {
  const syntax = goJSONError(text);
  if (syntax) return syntax;
  const value: unknown = JSON.parse(text);
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
}

/** Go scans bytes: a character outside ASCII is several of them. */
const bytesOf = (text: string) => (/^[\x00-\xff]*$/.test(text) ? text : Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));

class SyntaxProblem extends Error {}

const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f', '\v': '\\v', '\x07': '\\a', '\\': '\\\\', "'": "\\'" };

function quoted(character: string): string {
  const code = character.charCodeAt(0);
  if (escapes[character]) return `'${escapes[character]}'`;
  if (code < 32 || code === 127) return `'\\x${code.toString(16).padStart(2, '0')}'`;
  if ((code >= 128 && code <= 160) || code === 173) return `'\\u${code.toString(16).padStart(4, '0')}'`;
  return `'${character}'`;
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('after top-level value');
  }

  #fail(where: string): never {
    if (this.#at >= this.#text.length) throw new SyntaxProblem('unexpected end of JSON input');
    throw new SyntaxProblem(`invalid character ${quoted(this.#text[this.#at]!)} ${where}`);
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  /** True, and one further, when this character comes next. */
  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #value(): void {
    this.#space();
    const next = this.#text[this.#at] ?? '';
    if (this.#take('{')) this.#object();
    else if (this.#take('[')) this.#array();
    else if (this.#take('"')) this.#string();
    else if (/[-0-9]/.test(next)) this.#number();
    else if (next && 'tfn'.includes(next)) this.#literal(next === 't' ? 'true' : next === 'f' ? 'false' : 'null');
    else this.#fail('looking for beginning of value');
  }

  #object(): void {
    this.#space();
    if (this.#take('}')) return;
    do {
      this.#space();
      if (!this.#take('"')) this.#fail('looking for beginning of object key string');
      this.#string();
      this.#space();
      if (!this.#take(':')) this.#fail('after object key');
      this.#value();
      this.#space();
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail('after object key:value pair');
  }

  #array(): void {
    this.#space();
    if (this.#take(']')) return;
    do {
      this.#value();
      this.#space();
    } while (this.#take(','));
    if (!this.#take(']')) this.#fail('after array element');
  }

  #string(): void {
    for (;;) {
      const character = this.#text[this.#at] ?? '';
      if (character < ' ') this.#fail('in string literal');
      if (this.#take('"')) return;
      this.#at++;
      if (character === '\\') this.#escape();
    }
  }

  #escape(): void {
    if (this.#take('u')) {
      for (let i = 0; i < 4; i++) this.#one(/[0-9a-fA-F]/, 'in \\u hexadecimal character escape');
    } else this.#one(/["\\/bfnrt]/, 'in string escape code');
  }

  #number(): void {
    this.#take('-');
    if (!this.#take('0')) {
      this.#one(/[1-9]/, 'in numeric literal');
      this.#digits();
    }
    if (this.#take('.')) {
      this.#one(/[0-9]/, 'after decimal point in numeric literal');
      this.#digits();
    }
    if (this.#take('e') || this.#take('E')) {
      if (!this.#take('+')) this.#take('-');
      this.#one(/[0-9]/, 'in exponent of numeric literal');
      this.#digits();
    }
  }

  #literal(word: string): void {
    for (const letter of word) if (!this.#take(letter)) this.#fail(`in literal ${word} (expecting '${letter}')`);
  }

  #one(wanted: RegExp, where: string): void {
    if (!wanted.test(this.#text[this.#at] ?? '')) this.#fail(where);
    this.#at++;
  }

  #digits(): void {
    while (/[0-9]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }
}
