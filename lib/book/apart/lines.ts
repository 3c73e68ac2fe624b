// A conversation in lines of JSON between two processes, in which each waits for the other: a pipe that is read until a
// line has come. A learner's function is asked in the middle of a step of the cluster, where nothing can be awaited.
import { readSync, writeSync } from 'node:fs';

// Taken before any answer runs: an answer may replace what the global object offers.
const { parse, stringify } = JSON;
const { alloc, concat, from } = Buffer;

/** The other side sent more than it may. */
export class Oversized extends Error {}
/** What the other side sent is not what was agreed on. */
export class Malformed extends Error {}
/** The other side is gone. */
export class Ended extends Error {}

export interface Limits {
  /** Bytes of one line, and of all lines until `restart`. */
  line: number;
  total: number;
}

export interface Lines {
  write(message: object): void;
  /** Waits for the next line. */
  read(): unknown;
  /** Counts anew. */
  restart(): void;
}

const newline = 10;

export function openLines({ line, total }: Limits = { line: Infinity, total: Infinity }, [input, output]: [number, number] = [0, 1]): Lines {
  const chunk = alloc(1 << 16);
  /** Read, but not taken yet. */
  let rest = alloc(0);
  let read = 0;

  function nextLine(): string {
    const parts: Buffer[] = [];
    for (let length = 0; ; ) {
      const end = rest.indexOf(newline);
      const part = end < 0 ? rest : rest.subarray(0, end);
      parts.push(part);
      length += part.length;
      if (length > line || read > total) throw new Oversized();
      rest = end < 0 ? alloc(0) : rest.subarray(end + 1);
      if (end >= 0) return concat(parts).toString('utf8');
      const count = readSync(input, chunk);
      if (count === 0) throw new Ended();
      read += count;
      rest = from(chunk.subarray(0, count));
    }
  }

  return {
    write(message) {
      const bytes = from(`${stringify(message)}\n`);
      for (let sent = 0; sent < bytes.length; ) sent += writeSync(output, bytes, sent);
    },
    read() {
      const text = nextLine();
      try {
        return parse(text);
      } catch {
        throw new Malformed();
      }
    },
    restart() {
      read = 0;
    },
  };
}
