// The append-only log. Whatever waits while the disk is busy is written as one frame and synced once (group commit).
import { frameOf } from './frames.ts';
import type { Progress } from './progress.ts';

/** The open end of a file. */
export interface LogFile {
  write(bytes: Buffer, position: number): Promise<void>;
  /** Returns when what was written is on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export interface LogWriterOptions {
  file: LogFile;
  /** Where the log ends. */
  end: number;
  progress: Progress;
  /** Milliseconds after which a failed write is tried again. */
  retryAfter?: number;
  onProblem(error: unknown): void;
  onRecovery(): void;
  /** Called when everything up to `revision` is on the disk; the log may be changed for another file meanwhile. */
  afterSync?(revision: number, end: number): Promise<void>;
}

export class LogWriter {
  #options: LogWriterOptions;
  #file: LogFile;
  #end: number;
  #waiting: { text: string; revision: number }[] = [];
  #running: Promise<void> | undefined;
  #closing = false;

  constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#file = options.file;
    this.#end = options.end;
  }

  /** `text` is what happened up to `revision`: JSON, without NUL. */
  append(text: string, revision: number): void {
    this.#waiting.push({ text, revision });
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Everything that follows goes to this file. Only within `afterSync`. */
  async changeTo(file: LogFile, end: number): Promise<void> {
    const old = this.#file;
    [this.#file, this.#end] = [file, end];
    await old.close();
  }

  /** What waits is tried once more and no longer. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#running;
    await this.#file.close();
  }

  async #run(): Promise<void> {
    // Requests of the same moment come together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const count = this.#waiting.length;
      const { revision } = this.#waiting[count - 1]!;
      if (!(await this.#write(frameOf(`[${this.#waiting.map(({ text }) => text).join(',')}]`)))) {
        if (this.#closing) return;
        continue;
      }
      this.#waiting.splice(0, count);
      this.#options.progress.advance(revision);
      await this.#options.afterSync?.(revision, this.#end);
    }
  }

  /** A frame that failed is cut off and written anew: after a failed sync nobody knows what of it is on the disk. */
  async #write(frame: Buffer): Promise<boolean> {
    const { onProblem, onRecovery, progress, retryAfter = 1000 } = this.#options;
    const failing = progress.problem !== undefined;
    try {
      if (failing) await this.#file.truncate(this.#end);
      await this.#file.write(frame, this.#end);
      await this.#file.sync();
      this.#end += frame.length;
      if (failing) onRecovery();
      return true;
    } catch (error) {
      onProblem(error);
      await this.#file.truncate(this.#end).catch(() => {});
      if (!this.#closing) await new Promise((resolve) => setTimeout(resolve, retryAfter));
      return false;
    }
  }
}
