// Reads a configuration from its beginning to its end (lib/fluent/config/basic_parser.rb).
import { ConfigParseError } from './error.ts';

export const lineEnd = /(?:[ \t]*(?:#.*)?(?:$|[\r\n]))+/y;
export const spacing = /(?:[ \t\r\n]|$|#.*?(?:$|[\r\n]))+/y;
export const spacingWithoutComment = /(?:[ \t\r\n]|$)+/y;

export class Scanner {
  readonly text: string;
  readonly file: string;
  at = 0;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  get over(): boolean {
    return this.at >= this.text.length;
  }

  get rest(): string {
    return this.text.slice(this.at);
  }

  looksAt(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  /** What matches here, and goes behind it. */
  take(pattern: RegExp): string | undefined {
    const found = this.looksAt(pattern);
    this.at += found?.length ?? 0;
    return found;
  }

  takeText(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  fail(message: string): never {
    throw new ConfigParseError(`${message} at ${this.file} ${this.#sample()}`);
  }

  /** The line of the error, with its neighbours. */
  #sample(): string {
    const lines = this.text.split(/(?<=\n)/);
    let left = this.at;
    for (const [i, line] of lines.entries()) {
      if (line.length < left) {
        left -= line.length;
        continue;
      }
      const shown = (n: number) => (lines[n] === undefined || n < 0 ? '' : `${String(n + 1).padStart(3)}: ${lines[n]}`);
      return `line ${i + 1},${left}\n${shown(i - 1)}${shown(i)}\n     ${'-'.repeat(left)}^\n${shown(i + 1)}`;
    }
    return '';
  }
}
