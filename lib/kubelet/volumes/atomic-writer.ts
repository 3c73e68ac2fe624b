// Files that change all at once (pkg/volume/util/atomic_writer.go): they lie in a directory named after the time, the
// link `..data` leads to it, and each name that a container sees is a link through that.
import { contentOf, DirectoryNode, file, hexOf, link, type Inode } from '../../machine/index.ts';
import type { Payload, Projection } from './payload.ts';

const data = '..data';

/** Brings a volume's directory to the payload; false when it was there already. */
export function writePayload(volume: DirectoryNode, payload: Payload, { now, seed }: { now: number; seed: string }): boolean {
  const { entries } = volume;
  const before = entries.get(data);
  const old = before?.kind === 'link' ? entries.get(before.target) : undefined;
  if (old?.kind === 'directory' && same(filesIn(old), payload)) return false;
  const name = directoryName(now, seed);
  const fresh = new DirectoryNode({ mtime: now });
  for (const [path, projection] of payload) place(fresh, path, projection, now);
  if (before?.kind === 'link') entries.delete(before.target);
  entries.set(name, fresh).set(data, link(name, { mtime: now }));
  for (const visible of fresh.entries.keys()) if (!entries.has(visible)) entries.set(visible, link(`${data}/${visible}`, { mtime: now }));
  for (const [visible, inode] of entries) if (isOurs(visible, inode) && !fresh.entries.has(visible)) entries.delete(visible);
  volume.mtime = now;
  return true;
}

/** `..2026_01_01_00_00_00.123456789` */
function directoryName(now: number, seed: string): string {
  const digits = Number.parseInt(hexOf(`${seed}/${now}`).slice(0, 8), 16);
  return `..${new Date(now).toISOString().slice(0, 19).replace(/[-T:]/g, '_')}.${digits}`;
}

const isOurs = (name: string, inode: Inode) => inode.kind === 'link' && inode.target === `${data}/${name}`;

function place(root: DirectoryNode, path: string, { content, mode }: Projection, mtime: number): void {
  const parts = path.split('/').filter(Boolean);
  const name = parts.pop()!;
  let directory = root;
  for (const part of parts) {
    let next = directory.entries.get(part);
    if (next?.kind !== 'directory') directory.entries.set(part, (next = new DirectoryNode({ mtime })));
    directory = next;
  }
  const node = file(typeof content === 'string' ? content : '', { mode, mtime });
  directory.entries.set(name, typeof content === 'string' ? node : { ...node, read: content });
}

/** All files below a directory by their path. */
function filesIn(directory: DirectoryNode, prefix = ''): Map<string, Inode> {
  const out = new Map<string, Inode>();
  for (const [name, inode] of directory.entries) {
    if (inode.kind === 'directory') for (const [path, node] of filesIn(inode, `${prefix}${name}/`)) out.set(path, node);
    else out.set(prefix + name, inode);
  }
  return out;
}

function same(files: Map<string, Inode>, payload: Payload): boolean {
  if (files.size !== payload.size) return false;
  for (const [path, { content }] of payload) {
    const node = files.get(path);
    if (node?.kind !== 'file') return false;
    if (typeof content === 'string' && (node.read || contentOf(node) !== content)) return false;
  }
  return true;
}
