// tar archives (POSIX ustar), as `kubectl cp` sends them through a container's streams.
import { bytesOf, textOf } from './bytes.ts';

export interface ArchiveEntry {
  /** Relative; of a directory without a slash at its end. */
  name: string;
  kind: 'file' | 'directory' | 'link';
  content: string;
  target?: string;
  mode?: number;
  uid?: number;
  gid?: number;
  /** Milliseconds. */
  mtime?: number;
}

const block = 512;
const padded = (size: number) => Math.ceil(size / block) * block;
const types = { file: '0', link: '2', directory: '5' } as const;

export function pack(entries: Iterable<ArchiveEntry>): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const entry of entries) {
    const content = bytesOf(entry.content);
    pieces.push(header(entry, content.length), content, new Uint8Array(padded(content.length) - content.length));
  }
  pieces.push(new Uint8Array(2 * block));
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function header({ name, kind, target, mode = 0o644, uid = 0, gid = 0, mtime = 0 }: ArchiveEntry, size: number): Uint8Array {
  const out = new Uint8Array(block);
  const put = (at: number, text: string) => out.set(bytesOf(text), at);
  const octal = (at: number, width: number, value: number) => put(at, value.toString(8).padStart(width - 1, '0'));
  const full = kind === 'directory' ? `${name}/` : name;
  const split = full.length <= 100 ? -1 : full.indexOf('/', full.length - 101);
  put(0, full.slice(split + 1));
  octal(100, 8, mode & 0o7777);
  octal(108, 8, uid);
  octal(116, 8, gid);
  octal(124, 12, size);
  octal(136, 12, Math.floor(mtime / 1000));
  put(148, '        ');
  put(156, types[kind]);
  if (target !== undefined) put(157, target);
  put(257, 'ustar\x0000');
  if (split > 0) put(345, full.slice(0, split));
  put(148, `${out.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `);
  return out;
}

/** Stops at the first block that is no header. */
export function* unpack(bytes: Uint8Array): Generator<ArchiveEntry> {
  let longName: string | undefined;
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    const text = (from: number, length: number) => textOf(bytes.subarray(at + from, at + from + length)).replace(/\0.*$/s, '');
    const number = (from: number, length: number) => Number.parseInt(text(from, length).trim() || '0', 8);
    const [size, type, prefix, target] = [number(124, 12), text(156, 1) || '0', text(345, 155), text(157, 100)];
    const content = textOf(bytes.subarray(at + block, at + block + size));
    const name = longName ?? (prefix ? `${prefix}/${text(0, 100)}` : text(0, 100));
    const entry = { name: name.replace(/\/+$/, ''), mode: number(100, 8), mtime: number(136, 12) * 1000, content };
    at += block + padded(size);
    // A header of its own tells a name that is too long (pax and GNU).
    longName = type === 'x' ? /\d+ path=(.*)\n/.exec(content)?.[1] : type === 'L' ? content.replace(/\0.*$/s, '') : undefined;
    if (type === '5') yield { ...entry, kind: 'directory' };
    else if (type === '2') yield { ...entry, kind: 'link', target };
    else if (type === '0') yield { ...entry, kind: 'file' };
  }
}
