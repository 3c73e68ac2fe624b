// Regular expressions as Go writes them (RE2), turned into those of JavaScript.

/** `[[:alpha:]]` */
const classes: Record<string, string> = { alnum: '0-9A-Za-z', alpha: 'A-Za-z', ascii: '\\x00-\\x7f', blank: '\\t ', cntrl: '\\x00-\\x1f\\x7f', digit: '0-9', graph: '!-~', lower: 'a-z', print: ' -~', punct: '!-\\/:-@\\[-`{-~', space: '\\t\\n\\v\\f\\r ', upper: 'A-Z', word: '0-9A-Za-z_', xdigit: '0-9A-Fa-f' };

const known = new Map<string, RegExp>();

/** Throws a SyntaxError for what Go does not take either. Differs from Go: an expression may take longer than its text is long. */
export function goRegExp(pattern: string): RegExp {
  let found = known.get(pattern);
  if (!found) {
    const source = new Translation(pattern).source;
    found = unicode(source) ?? new RegExp(source);
    if (known.size >= 1000) known.clear(); // a pure cache: forgetting costs time only
    known.set(pattern, found);
  }
  return found;
}

/** Where it can be read so, a letter outside the basic plane is one letter. */
function unicode(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u');
  } catch {
    return undefined;
  }
}

interface Flags {
  insensitive: boolean;
  dotAll: boolean;
}

class Translation {
  readonly source: string;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.source = this.#group({ insensitive: false, dotAll: false });
  }

  /** Up to the end of the group: flags that are set inside hold until then. */
  #group(outer: Flags): string {
    let flags = outer;
    let out = '';
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined || c === ')') return out;
      this.#at++;
      if (c === '(') {
        const set = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(this.#text.slice(this.#at, this.#at + 12));
        if (!set) out += this.#plainGroup(flags);
        else {
          this.#at += set[0].length;
          const inner = changed(flags, set[1]!, set[2] ?? '');
          if (set[3] === ')') flags = inner;
          else out += `(?:${this.#group(inner)}${this.#close()}`;
        }
      } else if (c === '[') out += this.#class(flags);
      else if (c === '\\') out += this.#escape();
      else if (c === '.' && flags.dotAll) out += '[\\s\\S]';
      else out += flags.insensitive ? bothCases(c) : c;
    }
  }

  #plainGroup(flags: Flags): string {
    if (/^\?(=|!|<=|<!)/.test(this.#text.slice(this.#at, this.#at + 3))) throw new SyntaxError('invalid or unsupported Perl syntax');
    const named = /^\?P?<(\w+)>/.exec(this.#text.slice(this.#at));
    if (named) this.#at += named[0].length;
    return `(${named ? `?<${named[1]}>` : ''}${this.#group(flags)}${this.#close()}`;
  }

  #close(): string {
    if (this.#text[this.#at] !== ')') throw new SyntaxError('missing closing )');
    this.#at++;
    return ')';
  }

  #escape(): string {
    const c = this.#text[this.#at++];
    if (c === undefined) throw new SyntaxError('trailing backslash at end of expression');
    if (/[1-9]/.test(c)) throw new SyntaxError('invalid escape sequence');
    if (c === 'A') return '^';
    if (c === 'z') return '$';
    if (c === 'a') return '\\x07';
    if (c === 'p' || c === 'P') return `\\${c}{${this.#property()}}`;
    if (c !== 'Q') return `\\${c}`;
    const end = this.#text.indexOf('\\E', this.#at);
    const literal = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 2;
    return literal.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  }

  /** `\pL`, `\p{Lu}`, `\p{Hangul}` */
  #property(): string {
    const [all, name = ''] = /^\{\^?(\w+)\}|^\w/.exec(this.#text.slice(this.#at, this.#at + 40)) ?? [''];
    this.#at += all.length;
    return name === '' ? all : name.length > 2 ? `Script=${name}` : name;
  }

  #class(flags: Flags): string {
    let out = '[';
    if (this.#text[this.#at] === '^') out += this.#text[this.#at++];
    for (let first = true; first || this.#text[this.#at] !== ']'; first = false) {
      const c = this.#text[this.#at++];
      if (c === undefined) throw new SyntaxError('missing closing ]');
      const named = c === '[' && /^:(\^?)(\w+):\]/.exec(this.#text.slice(this.#at, this.#at + 12));
      if (named && classes[named[2]!]) {
        this.#at += named[0].length;
        out += classes[named[2]!];
      } else if (c === '\\') out += this.#escape();
      else {
        const range = /^-([A-Za-z0-9])/.exec(this.#text.slice(this.#at, this.#at + 2));
        if (range) this.#at += 2;
        const piece = range ? `${c}-${range[1]}` : /[[\]]/.test(c) ? `\\${c}` : c;
        out += flags.insensitive && /^[A-Za-z]/.test(piece) ? piece.toLowerCase() + piece.toUpperCase() : piece;
      }
    }
    this.#at++;
    return `${out}]`;
  }
}

const changed = (flags: Flags, on: string, off: string): Flags => ({
  insensitive: (flags.insensitive || on.includes('i')) && !off.includes('i'),
  dotAll: (flags.dotAll || on.includes('s')) && !off.includes('s'),
});

const bothCases = (letter: string) => (letter.toLowerCase() === letter.toUpperCase() ? letter : `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
