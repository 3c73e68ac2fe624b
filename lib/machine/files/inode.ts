// What a file system is made of. An inode may be seen at several places: a volume in the containers of a pod, a
// directory of the host in all of them.
import { sizeOf } from './bytes.ts';

/** What all kinds have: permission bits (with setuid, setgid and sticky), owner, time of the last change. */
interface Attributes {
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
}

export interface FileNode extends Attributes {
  readonly kind: 'file';
  content: string;
  /** Size of a file that is larger than what is written down of it. Differs from Kubernetes: reading it gives that only. */
  bytes?: number;
  /** Files whose content is made when somebody reads them, as those of /proc. */
  read?(): string;
  /** Its number, where somebody tells files by it. */
  inode?: number;
}

export interface LinkNode extends Attributes {
  readonly kind: 'link';
  target: string;
}

/** Devices, sockets and pipes: seen, and for `null` and its like read and written. */
export interface SpecialNode extends Attributes {
  readonly kind: 'char' | 'block' | 'socket' | 'fifo';
  readonly device?: 'null' | 'zero' | 'random' | 'terminal';
}

export type Inode = FileNode | DirectoryNode | LinkNode | SpecialNode;
type Owned = Partial<Attributes>;

/** A directory; one made from a template copies what is in that when somebody looks into it. */
export class DirectoryNode implements Attributes {
  readonly kind = 'directory';
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
  /** Told after something in it came, went or was written, as by inotify. */
  onChange: (() => void) | undefined;
  #entries: Map<string, Inode> | undefined;
  readonly #template: DirectoryNode | undefined;

  constructor({ mode = 0o755, uid = 0, gid = 0, mtime = 0 }: Owned = {}, template?: DirectoryNode) {
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.mtime = mtime;
    this.onChange = undefined;
    this.#template = template;
  }

  get entries(): Map<string, Inode> {
    if (!this.#entries) {
      this.#entries = new Map();
      for (const [name, inode] of this.#template?.entries ?? []) this.#entries.set(name, copyOf(inode));
    }
    return this.#entries;
  }
}

export const file = (content: string, { mode = 0o644, uid = 0, gid = 0, mtime = 0 }: Owned = {}): FileNode => ({ kind: 'file', content, mode, uid, gid, mtime });
export const link = (target: string, { uid = 0, gid = 0, mtime = 0 }: Owned = {}): LinkNode => ({ kind: 'link', target, mode: 0o777, uid, gid, mtime });
export const special = (kind: SpecialNode['kind'], { mode = 0o666, uid = 0, gid = 0, mtime = 0, device }: Owned & Pick<SpecialNode, 'device'> = {}): SpecialNode => ({ kind, mode, uid, gid, mtime, ...(device && { device }) });

/** A copy that can change without the original. */
export const copyOf = (inode: Inode): Inode => (inode.kind === 'directory' ? new DirectoryNode(inode, inode) : { ...inode });

export const contentOf = (node: FileNode): string => (node.read ? node.read() : node.content);

/** Bytes of a file, of the target of a link; a directory is a block. */
export function nodeSize(inode: Inode): number {
  if (inode.kind === 'file') return inode.bytes ?? sizeOf(contentOf(inode));
  return inode.kind === 'link' ? inode.target.length : inode.kind === 'directory' ? 4096 : 0;
}

/** Bytes of all files in it. */
export function usageOf(inode: Inode): number {
  if (inode.kind !== 'directory') return inode.kind === 'file' ? nodeSize(inode) : 0;
  let sum = 0;
  for (const entry of inode.entries.values()) sum += usageOf(entry);
  return sum;
}

const letters: Record<Inode['kind'], string> = { file: '-', directory: 'd', link: 'l', char: 'c', block: 'b', socket: 's', fifo: 'p' };

/** `drwxr-xr-x`, as `ls -l` shows it. */
export function modeText({ kind, mode }: Inode): string {
  let out = letters[kind];
  for (const [shift, special, letter] of [[6, 0o4000, 's'], [3, 0o2000, 's'], [0, 0o1000, 't']] as const) {
    const bits = (mode >> shift) & 7;
    const last = mode & special ? (bits & 1 ? letter : letter.toUpperCase()) : bits & 1 ? 'x' : '-';
    out += (bits & 4 ? 'r' : '-') + (bits & 2 ? 'w' : '-') + last;
  }
  return out;
}
