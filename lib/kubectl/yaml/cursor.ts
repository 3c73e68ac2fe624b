// A place in a text of YAML.

/** A problem as libyaml words it. `line` counts from 0. */
export class YamlProblem extends Error {
  readonly line: number;
  readonly fromScanner: boolean;
  constructor(message: string, line: number, fromScanner: boolean) {
    super(message);
    this.line = line;
    this.fromScanner = fromScanner;
  }
}

export const isBreak = (c: string) => c === '\n' || c === '\r';
export const isBlank = (c: string) => c === ' ' || c === '\t';
export const isEnd = (c: string) => c === '';
export const isBlankOrEnd = (c: string) => isBlank(c) || isBreak(c) || isEnd(c);

export class Cursor {
  readonly text: string;
  at = 0;
  line = 0;
  column = 0;

  constructor(text: string) {
    this.text = text.replace(/\r\n?/g, '\n').replace(/^\ufeff/, '');
  }

  char(ahead = 0): string {
    return this.text[this.at + ahead] ?? '';
  }

  skip(): void {
    if (this.char() === '\n') {
      this.line++;
      this.column = 0;
    } else this.column++;
    this.at++;
  }

  skipBlanks(): void {
    while (isBlank(this.char())) this.skip();
  }

  toLineEnd(): void {
    while (!isBreak(this.char()) && !isEnd(this.char())) this.skip();
  }

  /** Stands before `---` or `...`. */
  atDocumentIndicator(): boolean {
    return this.column === 0 && /^(---|\.\.\.)$/.test(this.text.slice(this.at, this.at + 3)) && isBlankOrEnd(this.char(3));
  }

  fail(message: string): never {
    throw new YamlProblem(message, this.line, true);
  }
}
