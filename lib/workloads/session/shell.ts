// A shell that somebody types into, or whose script comes line by line.
import type { Clock } from '../../sim/index.ts';
import { type Io, parseScript, type Shell, ShellSyntaxError } from '../sh/index.ts';
import { type Drive, drive } from './drive.ts';

export interface ShellSessionOptions {
  clock: Clock;
  io: Io;
  /** Shown before each line; nothing without a terminal. */
  prompt(more: boolean): void;
  ended(status: number): void;
}

const unfinished = /end of file|unterminated|EOF/;

export class ShellSession {
  readonly #shell: Shell;
  readonly #options: ShellSessionOptions;
  #lines: string[] = [];
  /** The beginning of a command that goes on in the next line. */
  #begun = '';
  #running: Drive | undefined;
  #closing = false;
  #over = false;

  constructor(shell: Shell, options: ShellSessionOptions) {
    this.#shell = shell;
    this.#options = options;
    options.prompt(false);
  }

  line(text: string): void {
    this.#lines.push(text);
    this.#next();
  }

  /** No more lines: the shell ends with the last of them. */
  close(): void {
    this.#closing = true;
    this.#next();
  }

  interrupt(): void {
    this.#running?.interrupt();
    this.#running = undefined;
    this.#lines = [];
    this.#begun = '';
    this.#shell.status = 130;
    this.#options.prompt(false);
  }

  stop(): void {
    this.#over = true;
    this.#running?.stop();
  }

  #next(): void {
    while (!this.#running && !this.#over) {
      const line = this.#lines.shift();
      if (line === undefined) {
        if (this.#closing) this.#end(this.#shell.status);
        return;
      }
      this.#run(`${this.#begun}${line}\n`);
    }
  }

  #run(text: string): void {
    const { io, clock, prompt } = this.#options;
    try {
      const script = parseScript(text);
      this.#begun = '';
      let done = false;
      const running = drive(this.#shell.run(script, { ...io }), {
        clock,
        ended: (status, left) => {
          done = true;
          this.#running = undefined;
          if (left) return this.#end(status);
          prompt(false);
          this.#next();
        },
      });
      if (!done) this.#running = running;
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error;
      this.#begun = unfinished.test(error.message) && !this.#closing ? text : '';
      if (this.#begun === '') io.err(`${this.#shell.name}: ${error.message}\n`);
      prompt(this.#begun !== '');
    }
  }

  #end(status: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.ended(status);
  }
}
