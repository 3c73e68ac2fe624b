import type { LogOptions } from '../machine/index.ts';
import type { Lines } from './program.ts';

interface Entry {
  at: number;
  lines: Lines;
  /** The last line has no end. */
  open: boolean;
}

/** A file of a log: the one that is written now has no suffix. */
export interface LogFile {
  /** `.20260101-000010`, and with `.gz` when it was compressed. */
  suffix: string;
  /** When it was written last. */
  at: number;
  /** How many were begun before it. */
  number: number;
  /** As `format` writes its lines. */
  text(format: LineFormat): string;
}

export type LineFormat = (line: string, at: number, whole: boolean) => string;

/** What was written of a file so far, by the way it is written: who follows a log reads it again and again. */
const written = new WeakMap<Entry[], Map<LineFormat, { first: Entry | undefined; count: number; text: string }>>();

/** More is not kept, whatever happens. */
const most = 100_000;
/** What stands before a line in the file. */
const prefixLength = 40;

/** What a container wrote: in one file, or in several when it became too much. */
export class LogBook {
  #entries: Entry[] = [];
  /** Newest first. */
  #rotated: { suffix: string; entries: Entry[]; number: number }[] | undefined;
  #number = 0;
  /** About how large the file is; lines that are made when somebody reads them are not counted. */
  bytes = 0;

  add(at: number, lines: Lines, open = false): void {
    if (this.#entries.length >= most) this.#entries.splice(0, most / 5);
    this.#entries.push({ at, lines, open });
    if (typeof lines === 'function') return;
    for (let i = 0; i < lines.length; i++) this.bytes += lines[i]!.length + prefixLength;
  }

  /** Bytes of all that is kept, as the runtime writes it. */
  get size(): number {
    return this.files().reduce((sum, file) => sum + file.text(criLine).length, 0);
  }

  /** Begins a new file; of the old ones the last is kept as it is, others compressed. */
  rotate(at: number, maxFiles: number): void {
    const suffix = `.${new Date(at).toISOString().replace(/\..*/, '').replace(/[-:]/g, '').replace('T', '-')}`;
    const old = (this.#rotated ?? []).slice(0, Math.max(0, maxFiles - 2)).map((file) => ({ ...file, suffix: file.suffix.replace(/(\.gz)?$/, '.gz') }));
    this.#rotated = [{ suffix, entries: this.#entries, number: this.#number++ }, ...old];
    this.#entries = [];
    this.bytes = 0;
  }

  /** Newest first. Differs from Kubernetes: a compressed file can be read as it was. */
  files(): LogFile[] {
    return [{ suffix: '', entries: this.#entries, number: this.#number }, ...(this.#rotated ?? [])].map(({ suffix, entries, number }) => ({ suffix, number, at: entries.at(-1)?.at ?? 0, text: (format) => textOf(entries, format) }));
  }

  /** Only the newest file is read, as by the kubelet. */
  read({ tailLines, since, timestamps = false, limitBytes }: LogOptions): string {
    const entries = since === undefined ? this.#entries : this.#entries.filter(({ at }) => at >= since);
    let out = linesOf(entries, (line, at, whole) => `${timestamps ? `${nanoseconds(at)} ` : ''}${line}${whole ? '\n' : ''}`);
    if (tailLines !== undefined && tailLines >= 0) out = tailLines === 0 ? [] : out.slice(-tailLines);
    const text = out.join('');
    return limitBytes === undefined ? text : text.slice(0, limitBytes);
  }
}

function textOf(entries: Entry[], format: LineFormat): string {
  let formats = written.get(entries);
  if (!formats) written.set(entries, (formats = new Map()));
  let known = formats.get(format);
  if (!known || known.first !== entries[0]) formats.set(format, (known = { first: entries[0], count: 0, text: '' }));
  if (known.count < entries.length) known.text += linesOf(entries.slice(known.count), format).join('');
  known.count = entries.length;
  return known.text;
}

function linesOf(entries: readonly Entry[], format: LineFormat): string[] {
  const out: string[] = [];
  for (const { at, lines, open } of entries) {
    const texts = typeof lines === 'function' ? lines(at) : lines;
    for (let i = 0; i < texts.length; i++) out.push(format(texts[i]!, at, !(open && i === texts.length - 1)));
  }
  return out;
}

const nanoseconds = (at: number) => `${new Date(at).toISOString().slice(0, 23)}000000Z`;

/** As container runtimes write a line (CRI); P is a part of one. Differs from Kubernetes: all is said to come from stdout. */
export const criLine: LineFormat = (line, at, whole) => `${nanoseconds(at)} stdout ${whole ? 'F' : 'P'} ${line}\n`;

/** As docker writes it. */
export const dockerLine: LineFormat = (line, at, whole) => `${JSON.stringify({ log: `${line}${whole ? '\n' : ''}`, stream: 'stdout', time: nanoseconds(at) })}\n`;
