// Following paths: through directories, links, and what is mounted over them.
import { checkAccess, type Credentials, search } from './credentials.ts';
import { FileError } from './error.ts';
import { DirectoryNode, file, type Inode } from './inode.ts';
import type { Mount } from './mount.ts';
import { joinPath, resolvePath } from './path.ts';

/** Where a path leads. */
export interface Place {
  path: string;
  node: Inode | undefined;
  parent: DirectoryNode | undefined;
  mount: Mount | undefined;
  /** Set at the very place where something is mounted. */
  mountPoint: boolean;
}

export class MountTree {
  readonly root: DirectoryNode;
  readonly #mounts = new Map<string, Mount>();
  readonly #credentials: Credentials;

  constructor(root: DirectoryNode, mounts: readonly Mount[], credentials: Credentials) {
    this.root = root;
    this.#credentials = credentials;
    // What is mounted inside of something mounted comes after it.
    for (const mount of [...mounts].sort((a, b) => a.path.length - b.path.length)) this.#mount(mount);
  }

  get mounts(): Iterable<Mount> {
    return this.#mounts.values();
  }

  /** Follows a path; only what comes last may be missing. */
  walk(path: string, follow: boolean, links = 0): Place {
    const over = this.#mounts.get('/');
    let place: Place = { path: '/', node: over?.source() ?? this.root, parent: undefined, mount: over, mountPoint: over !== undefined };
    const parts = resolvePath(path).split('/').filter(Boolean);
    for (const [i, part] of parts.entries()) {
      const { node } = place;
      if (!node) throw new FileError('ENOENT');
      if (node.kind !== 'directory') throw new FileError('ENOTDIR');
      checkAccess(this.#credentials, node, search);
      const next = joinPath(place.path, part);
      const mount = this.#mounts.get(next);
      const child: Inode | undefined = mount ? mount.source() : node.entries.get(part);
      if (child?.kind === 'link' && (follow || i < parts.length - 1)) {
        if (links > 40) throw new FileError('ELOOP');
        return this.walk([resolvePath(child.target, place.path), ...parts.slice(i + 1)].join('/'), follow, links + 1);
      }
      place = { path: next, node: child, parent: node, mount: mount ?? place.mount, mountPoint: mount !== undefined };
    }
    return place;
  }

  #mount(mount: Mount): void {
    const path = resolvePath(mount.path);
    let directory: DirectoryNode | undefined = this.root;
    const parts = path.split('/').slice(1);
    // Runtimes make the place for what they mount, whoever the container is.
    for (const [i, part] of parts.entries()) {
      const last = i === parts.length - 1;
      const over = this.#mounts.get(`/${parts.slice(0, i + 1).join('/')}`);
      let entry: Inode | undefined = over ? over.source() : directory.entries.get(part);
      if (!entry) directory.entries.set(part, (entry = last && mount.file ? file('') : new DirectoryNode()));
      if (last || entry.kind !== 'directory') break;
      directory = entry;
    }
    this.#mounts.set(path, mount);
  }
}
