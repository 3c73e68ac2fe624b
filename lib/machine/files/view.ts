// A file system as one process sees it: a root, what is mounted over it, and who is asking.
import { checkAccess, type Credentials, read, search, superuser, write } from './credentials.ts';
import { FileError } from './error.ts';
import { contentOf, DirectoryNode, file, type Inode, link, type SpecialNode } from './inode.ts';
import type { Mount } from './mount.ts';
import { splitPath } from './path.ts';
import { MountTree, type Place } from './tree.ts';

export interface FileViewOptions {
  root: DirectoryNode;
  mounts?: readonly Mount[];
  credentials?: Credentials;
  readOnly?: boolean;
  clock: { readonly now: number };
}

export class FileView {
  readonly #tree: MountTree;
  readonly #credentials: Credentials;
  readonly #readOnly: boolean;
  readonly #clock: { readonly now: number };
  umask = 0o022;

  constructor({ root, mounts = [], credentials = superuser, readOnly = false, clock }: FileViewOptions) {
    this.#tree = new MountTree(root, mounts, credentials);
    this.#credentials = credentials;
    this.#readOnly = readOnly;
    this.#clock = clock;
  }

  /** The same files for somebody else. */
  as(credentials: Credentials): FileView {
    return new FileView({ root: this.root, mounts: [...this.mounts], credentials, readOnly: this.#readOnly, clock: this.#clock });
  }

  /** What all is mounted over. */
  get root(): DirectoryNode {
    return this.#tree.root;
  }

  get mounts(): Iterable<Mount> {
    return this.#tree.mounts;
  }

  /** What is mounted where this path lies; undefined: the root. */
  mountOf(path: string): Mount | undefined {
    return this.#tree.walk(path, true).mount;
  }

  /** The inode a path leads to, through links. */
  find(path: string): Inode | undefined {
    return this.#found(path, true);
  }

  /** As `find`, but a link at the end is the answer itself. */
  findLink(path: string): Inode | undefined {
    return this.#found(path, false);
  }

  isDirectory(path: string): boolean {
    return this.find(path)?.kind === 'directory';
  }

  /** The path without links. */
  realPath(path: string): string {
    return this.#tree.walk(path, true).path;
  }

  /** Whether who asks may read (or write) what is there. */
  may(path: string, wanted: typeof read | typeof write): boolean {
    const node = this.find(path);
    try {
      if (node) checkAccess(this.#credentials, node, wanted);
    } catch {
      return false;
    }
    return node !== undefined;
  }

  /** The content of a file; undefined for whatever cannot be read. */
  read(path: string): string | undefined {
    try {
      return this.readFile(path);
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  readFile(path: string): string {
    const { node } = this.#tree.walk(path, true);
    if (!node) throw new FileError('ENOENT');
    checkAccess(this.#credentials, node, read);
    if (node.kind === 'file') return contentOf(node);
    if (node.kind === 'char') return '';
    throw new FileError(node.kind === 'directory' ? 'EISDIR' : 'EINVAL');
  }

  /** Names in a directory, sorted. */
  list(path: string): string[] {
    const { node } = this.#tree.walk(path, true);
    if (!node) throw new FileError('ENOENT');
    if (node.kind !== 'directory') throw new FileError('ENOTDIR');
    checkAccess(this.#credentials, node, read);
    return [...node.entries.keys()].sort();
  }

  write(path: string, content: string, mode = 0o666): void {
    const place = this.#tree.walk(path, true);
    const { node } = place;
    if (!node) return this.#create(place, file(content, { mode: mode & ~this.umask }));
    if (node.kind === 'directory') throw new FileError('EISDIR');
    if (node.kind !== 'file') return;
    this.#writable(place);
    checkAccess(this.#credentials, node, write);
    node.content = content;
    delete node.bytes;
    node.mtime = this.#clock.now;
    place.parent?.onChange?.();
  }

  makeDirectory(path: string, mode = 0o777): void {
    const place = this.#tree.walk(path, false);
    if (place.node) throw new FileError('EEXIST');
    this.#create(place, new DirectoryNode({ mode: mode & ~this.umask }));
  }

  /** A directory and those that it lies in. */
  makeDirectories(path: string, mode = 0o777): void {
    if (path === '/' || this.isDirectory(path)) return;
    this.makeDirectories(splitPath(path)[0]);
    this.makeDirectory(path, mode);
  }

  /** A device, a socket or a pipe. */
  makeSpecial(path: string, node: SpecialNode): void {
    const place = this.#tree.walk(path, false);
    if (place.node) throw new FileError('EEXIST');
    if ((node.kind === 'char' || node.kind === 'block') && this.#credentials.uid !== 0) throw new FileError('EPERM');
    this.#create(place, node);
  }

  makeLink(target: string, path: string): void {
    const place = this.#tree.walk(path, false);
    if (place.node) throw new FileError('EEXIST');
    this.#create(place, link(target));
  }

  /** Removes a file, or a directory that is empty. */
  remove(path: string): void {
    const place = this.#tree.walk(path, false);
    if (!place.node) throw new FileError('ENOENT');
    if (place.mountPoint || !place.parent) throw new FileError('EBUSY');
    if (place.node.kind === 'directory' && place.node.entries.size > 0) throw new FileError('ENOTEMPTY');
    this.#take(place);
  }

  rename(from: string, to: string): void {
    const [source, target] = [this.#tree.walk(from, false), this.#tree.walk(to, false)];
    if (!source.node) throw new FileError('ENOENT');
    if (source.mountPoint || target.mountPoint || !source.parent) throw new FileError('EBUSY');
    if (source.path === target.path) return;
    if (target.path.startsWith(`${source.path}/`)) throw new FileError('EINVAL');
    if (target.node?.kind === 'directory') {
      if (source.node.kind !== 'directory') throw new FileError('EISDIR');
      if (target.node.entries.size > 0) throw new FileError('ENOTEMPTY');
    }
    this.#into(target);
    this.#take(source);
    target.parent!.entries.set(splitPath(target.path)[1], source.node);
    target.parent!.onChange?.();
  }

  changeMode(path: string, mode: number): void {
    const place = this.#changeable(path);
    if (this.#credentials.uid !== 0 && place.node!.uid !== this.#credentials.uid) throw new FileError('EPERM');
    place.node!.mode = mode;
  }

  changeOwner(path: string, { uid, gid }: { uid?: number; gid?: number }): void {
    const { node } = this.#changeable(path);
    if (this.#credentials.uid !== 0) throw new FileError('EPERM');
    if (uid !== undefined) node!.uid = uid;
    if (gid !== undefined) node!.gid = gid;
  }

  /** As `touch` does. */
  changeTime(path: string): void {
    this.#changeable(path).node!.mtime = this.#clock.now;
  }

  #changeable(path: string): Place {
    const place = this.#tree.walk(path, true);
    if (!place.node) throw new FileError('ENOENT');
    this.#writable(place);
    return place;
  }

  #found(path: string, follow: boolean): Inode | undefined {
    try {
      return this.#tree.walk(path, follow).node;
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  #create(place: Place, node: Inode): void {
    this.#into(place);
    const parent = place.parent!;
    node.uid = this.#credentials.uid;
    node.gid = parent.mode & 0o2000 ? parent.gid : this.#credentials.gid;
    if (parent.mode & 0o2000 && node.kind === 'directory') node.mode |= 0o2000;
    node.mtime = parent.mtime = this.#clock.now;
    parent.entries.set(splitPath(place.path)[1], node);
    parent.onChange?.();
  }

  #take(place: Place): void {
    this.#into(place);
    const { uid } = this.#credentials;
    if (place.parent!.mode & 0o1000 && uid !== 0 && uid !== place.node!.uid && uid !== place.parent!.uid) throw new FileError('EPERM');
    place.parent!.entries.delete(splitPath(place.path)[1]);
    place.parent!.mtime = this.#clock.now;
    place.parent!.onChange?.();
  }

  #into(place: Place): void {
    this.#writable(place);
    checkAccess(this.#credentials, place.parent!, write | search);
  }

  #writable({ mount }: Place): void {
    if (mount ? mount.readOnly : this.#readOnly) throw new FileError('EROFS');
  }
}
