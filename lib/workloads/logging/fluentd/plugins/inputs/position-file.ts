// pos_file: how far each file was read, so that the next Fluentd goes on from there (lib/fluent/plugin/in_tail/position_file.rb).
import { type FileView, splitPath } from '../../../../../machine/index.ts';

export interface Position {
  /** Bytes. */
  at: number;
  inode: number;
}

const hex = (n: number) => n.toString(16).padStart(16, '0');
const unwatched = 'ffffffffffffffff';

export class PositionFile {
  readonly #files: FileView;
  readonly #path: string | undefined;
  /** Undefined: nobody follows the file any more. */
  readonly #positions = new Map<string, Position | undefined>();

  /** Without a path nothing outlives the process. Throws a FileError. */
  constructor(files: FileView, path: string | undefined, exists: (path: string) => boolean) {
    this.#files = files;
    this.#path = path;
    if (path === undefined) return;
    files.makeDirectories(splitPath(path)[0]);
    for (const line of (files.read(path) ?? '').split('\n')) {
      const [, name, at, inode] = /^([^\t]+)\t([0-9a-f]+)\t([0-9a-f]+)/.exec(line) ?? [];
      if (name !== undefined && at !== unwatched && exists(name)) this.#positions.set(name, { at: Number.parseInt(at!, 16), inode: Number.parseInt(inode!, 16) });
    }
    this.#save();
  }

  get(path: string): Position | undefined {
    return this.#positions.get(path);
  }

  set(path: string, position: Position): void {
    this.#positions.set(path, position);
    this.#save();
  }

  unwatch(path: string): void {
    if (!this.#positions.has(path)) return;
    this.#positions.set(path, undefined);
    this.#save();
  }

  #save(): void {
    if (this.#path === undefined) return;
    const lines = [...this.#positions].map(([path, position]) => `${path}\t${position ? hex(position.at) : unwatched}\t${hex(position?.inode ?? 0)}\n`);
    this.#files.write(this.#path, lines.join(''), 0o644);
  }
}
