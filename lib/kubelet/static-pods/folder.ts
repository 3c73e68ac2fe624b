// The folder of manifests: looked at when something in it changes (pkg/kubelet/config/file.go).
import { FileError, type FileView, joinPath, type Machine, type DirectoryNode, splitPath } from '../../machine/index.ts';
import type { Timer } from '../../sim/index.ts';

export interface Manifest {
  path: string;
  text: string;
}

/** Calls `changed` with all files in it, at once and after every change. While nobody uses the machine's files it costs nothing. */
export class ManifestFolder {
  readonly path: string;
  #machine: Machine;
  #changed: (manifests: Manifest[]) => void;
  #watched: DirectoryNode[] = [];
  #timer: Timer | undefined;
  #stopped = false;

  constructor(machine: Machine, { path, changed }: { path: string; changed(manifests: Manifest[]): void }) {
    this.path = path;
    this.#machine = machine;
    this.#changed = changed;
  }

  start(): void {
    this.#machine.onceFilesUsed(() => !this.#stopped && this.#look());
  }

  stop(): void {
    this.#stopped = true;
    this.#machine.clock.cancel(this.#timer);
    this.#unwatch();
  }

  #look(): void {
    this.#watch();
    this.#changed(readAll(this.#machine.files, this.path));
  }

  /** What one command does to several files is seen in one look. */
  #soon = (): void => {
    const { clock } = this.#machine;
    clock.cancel(this.#timer);
    this.#timer = clock.after(0, () => this.#look());
  };

  /** The folder, and those that it lies in: it may come and go as a whole. */
  #watch(): void {
    this.#unwatch();
    for (let path = this.path; path !== '/'; path = splitPath(path)[0]) {
      const node = this.#machine.files.find(path);
      if (node?.kind === 'directory') this.#watched.push(node);
    }
    for (const node of this.#watched) node.onChange = this.#soon;
  }

  #unwatch(): void {
    for (const node of this.#watched.splice(0)) node.onChange = undefined;
  }
}

function readAll(files: FileView, folder: string): Manifest[] {
  if (!files.isDirectory(folder)) return [];
  const paths = files.list(folder).filter((name) => !name.startsWith('.')).map((name) => joinPath(folder, name));
  return paths.flatMap((path) => {
    if (files.find(path)?.kind !== 'file') return [];
    try {
      return [{ path, text: files.readFile(path) }];
    } catch (error) {
      if (error instanceof FileError) return [];
      throw error;
    }
  });
}
