// How far what was committed has been kept, and who waits for it.
import type { StatusError } from '../../api/index.ts';

interface Waiting {
  revision: number;
  resolve(): void;
  reject(problem: StatusError): void;
}

export class Progress {
  /** Everything up to this revision is kept. */
  kept: number;
  /** Why nothing more can be kept at the moment. */
  problem: StatusError | undefined;
  /** In the order of their revisions. */
  #waiting: Waiting[] = [];
  #listeners = new Set<() => void>();

  constructor(kept: number) {
    this.kept = kept;
  }

  /** Undefined when the revision is kept already. The promise is broken when it cannot be kept at the moment. */
  reached(revision: number): Promise<void> | undefined {
    if (revision <= this.kept) return undefined;
    if (this.problem) return Promise.reject(this.problem);
    return new Promise((resolve, reject) => this.#waiting.push({ revision, resolve, reject }));
  }

  advance(revision: number): void {
    this.kept = revision;
    this.problem = undefined;
    let n = 0;
    while (n < this.#waiting.length && this.#waiting[n]!.revision <= revision) this.#waiting[n++]!.resolve();
    this.#waiting.splice(0, n);
    for (const listener of this.#listeners) listener();
  }

  fail(problem: StatusError): void {
    this.problem = problem;
    for (const { reject } of this.#waiting.splice(0)) reject(problem);
  }

  /** Called whenever more is kept. Returns how to stop being called. */
  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
