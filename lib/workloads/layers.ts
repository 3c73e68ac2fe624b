// Layers: what a file system of several trees looks like (overlayfs), and what one tree adds to another.
import { contentOf, copyOf, DirectoryNode, file, type FileNode, type Inode, nodeSize } from '../machine/index.ts';

/** `.wh.NAME` hides NAME of the layers below, the opaque mark all that they have in a directory (OCI image specification, "Whiteouts"). */
export const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/** The trees of the layers, lowest first, as one. */
export function union(layers: Iterable<DirectoryNode>): DirectoryNode {
  const merged = new DirectoryNode();
  for (const layer of layers) lay(layer, merged);
  return merged;
}

function lay(layer: DirectoryNode, over: DirectoryNode): void {
  const { entries } = over;
  if (layer.entries.has(opaque)) entries.clear();
  for (const name of layer.entries.keys()) if (name !== opaque && name.startsWith(whiteout)) entries.delete(name.slice(whiteout.length));
  for (const [name, inode] of layer.entries) {
    if (name.startsWith(whiteout)) continue;
    const below = entries.get(name);
    if (inode.kind !== 'directory') entries.set(name, copyOf(inode));
    else if (below?.kind === 'directory') {
      Object.assign(below, attributesOf(inode));
      lay(inode, below);
    } else {
      const made = new DirectoryNode(inode);
      lay(inode, made);
      entries.set(name, made);
    }
  }
}

const attributesOf = ({ mode, uid, gid, mtime }: Inode) => ({ mode, uid, gid, mtime });

/** The layer that makes `after` of `before`; undefined when nothing changed. */
export function difference(before: DirectoryNode, after: DirectoryNode): DirectoryNode | undefined {
  const layer = new DirectoryNode(after);
  for (const name of before.entries.keys()) if (!after.entries.has(name)) layer.entries.set(whiteout + name, file('', { mode: 0 }));
  for (const [name, inode] of after.entries) {
    const old = before.entries.get(name);
    if (inode.kind === 'directory' && old?.kind === 'directory') {
      const inner = difference(old, inode);
      if (inner) layer.entries.set(name, inner);
      else if (!sameAttributes(old, inode)) layer.entries.set(name, new DirectoryNode(inode));
    } else if (!old || !sameInode(old, inode)) layer.entries.set(name, copyOf(inode));
  }
  return layer.entries.size > 0 ? layer : undefined;
}

const sameAttributes = (a: Inode, b: Inode) => a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;

function sameInode(a: Inode, b: Inode): boolean {
  if (a.kind !== b.kind || !sameAttributes(a, b) || a.mtime !== b.mtime) return false;
  if (a.kind === 'file') return a.bytes === (b as FileNode).bytes && contentOf(a) === contentOf(b as FileNode);
  return a.kind !== 'link' || a.target === (b as { target?: string }).target;
}

/** Everything in a tree, path by path and sorted: what a tar of it would hold. */
export function* walk(tree: DirectoryNode, path = ''): Iterable<[path: string, inode: Inode]> {
  for (const [name, inode] of [...tree.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield [`${path}/${name}`, inode];
    if (inode.kind === 'directory') yield* walk(inode, `${path}/${name}`);
  }
}

/** A text that is the same for the same files. */
export function contentText(tree: DirectoryNode): string {
  let out = '';
  for (const [path, inode] of walk(tree)) {
    const what = inode.kind === 'file' ? `${inode.bytes ?? ''}\0${contentOf(inode)}` : inode.kind === 'link' ? inode.target : '';
    out += `${path}\0${inode.kind}\0${inode.mode.toString(8)}\0${inode.uid}:${inode.gid}\0${inode.mtime}\0${what}\n`;
  }
  return out;
}

/** Bytes of the files in a layer. */
export function bytesIn(tree: DirectoryNode): number {
  let sum = 0;
  for (const [, inode] of walk(tree)) if (inode.kind === 'file') sum += nodeSize(inode);
  return sum;
}
