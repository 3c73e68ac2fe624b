import { DirectoryNode } from './files/index.ts';

/** Disks and shares that machines reach over the network: their files outlive every machine. */
export class NetworkStorage {
  #directories = new Map<string, DirectoryNode>();

  /** The root of a share or disk, by its address. Differs from Kubernetes: one that nobody made is made empty. */
  directory(address: string): DirectoryNode {
    let found = this.#directories.get(address);
    if (!found) this.#directories.set(address, (found = new DirectoryNode({ mode: 0o777 })));
    return found;
  }
}
