import type { LogOptions } from '../machine/index.ts';
import type { Lines } from './program.ts';

interface Entry {
  at: number;
  lines: Lines;
  /** The last line has no end. */
  open: boolean;
}

/** How much of a log is kept, as kubelet's rotation would. */
const most = 5_000;

/** What a container wrote. */
export class LogBook {
  #entries: Entry[] = [];

  add(at: number, lines: Lines, open = false): void {
    if (this.#entries.length >= most) this.#entries.splice(0, most / 5);
    this.#entries.push({ at, lines, open });
  }

  /** Bytes, as the runtime writes them. */
  get size(): number {
    return this.read({ timestamps: true }).length + 9 * this.#entries.length;
  }

  read({ tailLines, since, timestamps = false, limitBytes }: LogOptions): string {
    let out: string[] = [];
    for (const { at, lines, open } of this.#entries) {
      if (since !== undefined && at < since) continue;
      const prefix = timestamps ? `${new Date(at).toISOString().slice(0, 23)}000000Z ` : '';
      const texts = typeof lines === 'function' ? lines(at) : lines;
      for (const [i, line] of texts.entries()) out.push(`${prefix}${line}${open && i === texts.length - 1 ? '' : '\n'}`);
    }
    if (tailLines !== undefined && tailLines >= 0) out = tailLines === 0 ? [] : out.slice(-tailLines);
    const text = out.join('');
    return limitBytes === undefined ? text : text.slice(0, limitBytes);
  }
}
