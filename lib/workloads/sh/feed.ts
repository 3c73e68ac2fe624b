// The end of a pipe that is read while somebody still writes into it. Whoever reads drives the writer, as far as is needed.
import type { Running$ } from './shell.ts';

export class Feed {
  readonly #writer: Running$;
  #text: string;
  #ended = false;
  /** The writer waits for so long before it goes on. */
  #owed: number | undefined;

  /** `text` it has written before its first wait. */
  constructor(writer: Running$, text: string, firstWait: number) {
    this.#writer = writer;
    this.#text = text;
    this.#owed = firstWait;
  }

  write(piece: string): void {
    this.#text += piece;
  }

  /** Waits until there is a whole line or the end; false when nothing is left. */
  *more(): Generator<number, boolean, void> {
    while (!this.#ended && !this.#text.includes('\n')) yield* this.#advance();
    return this.#text !== '';
  }

  /** The whole lines that are there; at the end, all that is. */
  take(): string {
    const end = this.#ended ? this.#text.length : this.#text.lastIndexOf('\n') + 1;
    const taken = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return taken;
  }

  takeLine(): string {
    const end = this.#text.indexOf('\n');
    const line = this.#text.slice(0, end < 0 ? undefined : end + 1);
    this.#text = this.#text.slice(line.length);
    return line;
  }

  /** Everything until the end. */
  *rest(): Generator<number, string, void> {
    while (!this.#ended) yield* this.#advance();
    return this.take();
  }

  /** The reader has ended; the writer goes on until it is over or writes again. */
  *finish(): Running$ {
    this.#text = '';
    while (!this.#ended && this.#text === '') yield* this.#advance();
    this.close();
    return 0;
  }

  close(): void {
    if (!this.#ended) this.#writer.return(141);
    this.#ended = true;
  }

  *#advance(): Generator<number, void, void> {
    if (this.#owed !== undefined) {
      const owed = this.#owed;
      this.#owed = undefined;
      yield owed;
    }
    const step = this.#writer.next();
    if (step.done) this.#ended = true;
    else this.#owed = step.value;
  }
}
