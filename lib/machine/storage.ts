import { copyOf, DirectoryNode } from './files/index.ts';

/** The state of a disk at one moment. */
export interface StoredSnapshot {
  readonly files: DirectoryNode;
  /** Bytes that a disk made of it needs. */
  readonly size: number;
  /** Milliseconds of virtual time. */
  readonly createdAt: number;
}

/** Where what a CSI driver keeps lies, by the handles that it gave out. */
export const csiVolume = (driver: string, handle: string): string => `csi://${driver}/${handle}`;
export const csiSnapshot = (driver: string, handle: string): string => `csi-snapshot://${driver}/${handle}`;

/** Disks and shares that machines reach over the network: their files outlive every machine. */
export class NetworkStorage {
  #directories = new Map<string, DirectoryNode>();
  #snapshots = new Map<string, StoredSnapshot>();

  /** The root of a share or disk, by its address. Differs from Kubernetes: one that nobody made is made empty. */
  directory(address: string): DirectoryNode {
    let found = this.#directories.get(address);
    if (!found) this.#directories.set(address, (found = new DirectoryNode({ mode: 0o777 })));
    return found;
  }

  /** A disk with the files of another, or of a snapshot; what is written to either later is not in the other. */
  fill(address: string, files: DirectoryNode): void {
    this.#directories.set(address, deepCopy(files));
  }

  remove(address: string): void {
    this.#directories.delete(address);
  }

  snapshot(address: string): StoredSnapshot | undefined {
    return this.#snapshots.get(address);
  }

  /** Keeps what the disk `of` holds now. */
  takeSnapshot(address: string, { of, size, now }: { of: string; size: number; now: number }): StoredSnapshot {
    const taken = { files: deepCopy(this.directory(of)), size, createdAt: now };
    this.#snapshots.set(address, taken);
    return taken;
  }

  removeSnapshot(address: string): void {
    this.#snapshots.delete(address);
  }
}

/** A directory copies what lies in it when somebody looks, which here would be too late. */
function deepCopy(directory: DirectoryNode): DirectoryNode {
  const copy = copyOf(directory) as DirectoryNode;
  for (const [name, inode] of directory.entries) copy.entries.set(name, inode.kind === 'directory' ? deepCopy(inode) : copyOf(inode));
  return copy;
}
