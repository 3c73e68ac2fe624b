// One file that in_tail follows: from where it was read last to its end, line by line, also behind a rotation.
// Differs from Fluentd: no inotify, it looks once a second; and reads at most so much at a time.
import { bytesOf, contentOf, type FileNode, type FileView, sizeOf, textOf } from '../../../../../machine/index.ts';

/** Characters. */
const mostAtOnce = 256 * 1024;

export interface TailedFileOptions {
  path: string;
  files: FileView;
  now(): number;
  /** Where to begin: a position in bytes, or undefined for the end of the file as it is. */
  from(file: { inode: number; size: number }): number;
  /** False: nobody could take the lines, which are read again later. */
  take(lines: readonly string[]): boolean;
  /** It was read so far. */
  reached(position: { at: number; inode: number }): void;
  /** The name stands for another file now, or for none. */
  rotated(): void;
}

export const inodeOf = (node: FileNode, path: string): number => node.inode ?? [...path].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 2 ** 32, 7);

export class TailedFile {
  readonly #options: TailedFileOptions;
  #node: FileNode | undefined;
  #inode = 0;
  /** Characters and bytes that were read and taken. */
  #at = 0;
  #bytes = 0;
  #readAt = -1;
  #gone = false;
  #unread = false;

  constructor(options: TailedFileOptions) {
    this.#options = options;
    this.#open();
  }

  get path(): string {
    return this.#options.path;
  }

  #open(): void {
    const { files, path, from } = this.#options;
    const node = files.find(path);
    if (node?.kind !== 'file') return;
    this.#node = node;
    this.#inode = inodeOf(node, path);
    const text = contentOf(node);
    const size = sizeOf(text);
    this.#bytes = Math.min(from({ inode: this.#inode, size }), size);
    this.#at = this.#bytes === size ? text.length : size === text.length ? this.#bytes : textOf(bytesOf(text).subarray(0, this.#bytes)).length;
    this.#options.reached({ at: this.#bytes, inode: this.#inode });
  }

  /** Looks whether there is more, or another file. */
  look(): void {
    const { files, path, rotated } = this.#options;
    const now = files.find(path);
    const current = now?.kind === 'file' ? now : undefined;
    if (this.#node && current && inodeOf(current, path) === this.#inode) {
      this.#node = current;
      return this.read();
    }
    if (!this.#node) {
      if (current) this.#open(), this.read();
      return;
    }
    if (this.#gone) return;
    this.read();
    this.#gone = current === undefined;
    rotated();
  }

  /** Goes on with the file that now has the name, from its beginning. */
  reopen(): TailedFile {
    return new TailedFile({ ...this.#options, from: () => 0 });
  }

  /** What is new of the file that it holds, whatever has become of its name. */
  read(): void {
    const node = this.#node;
    // What was not written since it was read needs no second look.
    if (!node || (node.mtime < this.#readAt && !this.#unread)) return;
    this.#readAt = this.#options.now();
    const text = contentOf(node);
    if (text.length < this.#at) [this.#at, this.#bytes] = [0, 0]; // it was cut
    const part = text.slice(this.#at, this.#at + mostAtOnce);
    const end = part.lastIndexOf('\n') + 1;
    this.#unread = this.#at + part.length < text.length;
    if (end === 0) return;
    const lines = part.slice(0, end);
    if (!this.#options.take(lines.slice(0, -1).split('\n'))) {
      this.#unread = true;
      return;
    }
    this.#at += end;
    this.#bytes += sizeOf(lines);
    this.#options.reached({ at: this.#bytes, inode: this.#inode });
  }
}
