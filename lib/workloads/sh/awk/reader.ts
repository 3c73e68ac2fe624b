// Reads the words of an awk program one by one.
import { type AwkToken, unexpected } from './tokens.ts';

export class Reader {
  protected at = 0;
  protected readonly tokens: readonly AwkToken[];

  constructor(tokens: readonly AwkToken[]) {
    this.tokens = tokens;
  }

  protected get token(): AwkToken {
    return this.tokens[this.at]!;
  }

  protected is(...texts: string[]): boolean {
    return (this.token.kind === 'sign' || this.token.kind === 'word') && texts.includes(this.token.text);
  }

  protected take(...texts: string[]): string | undefined {
    return this.is(...texts) ? this.tokens[this.at++]!.text : undefined;
  }

  protected expect(text: string): void {
    if (!this.take(text)) throw unexpected();
  }
}
