// The build context: what the client sends, and what COPY and ADD take of it.
import { contentOf, copyOf, DirectoryNode, type FileNode, type Inode, nodeSize, resolvePath } from '../../machine/index.ts';
import { globPattern } from '../sh/commands/pattern.ts';
import { walk } from '../layers.ts';

/** The files without what .dockerignore names. */
export function contextOf(directory: DirectoryNode): DirectoryNode {
  const ignore = directory.entries.get('.dockerignore');
  const rules = ignore?.kind === 'file' ? rulesOf(contentOf(ignore)) : [];
  return rules.length === 0 ? directory : without(directory, rules, '');
}

interface Rule {
  keep: boolean;
  matches(path: string): boolean;
}

function rulesOf(text: string): Rule[] {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
  return lines.map((line) => {
    const keep = line.startsWith('!');
    const pattern = resolvePath(keep ? line.slice(1) : line).slice(1);
    const test = new RegExp(`^(?:${pattern.split(/(\*\*\/?|\*|\?)/).map(piece).join('')})(?:/.*)?$`);
    return { keep, matches: (path) => test.test(path) };
  });
}

const piece = (part: string) => (part.startsWith('**') ? '(?:.*/)?' + (part === '**' ? '.*' : '') : part === '*' ? '[^/]*' : part === '?' ? '[^/]' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&'));

function without(directory: DirectoryNode, rules: readonly Rule[], path: string): DirectoryNode {
  const out = new DirectoryNode(directory);
  for (const [name, inode] of directory.entries) {
    const full = path ? `${path}/${name}` : name;
    const ignored = rules.reduce((is, rule) => (rule.matches(full) ? !rule.keep : is), false);
    if (inode.kind !== 'directory') {
      if (!ignored) out.entries.set(name, inode);
      continue;
    }
    const inner = without(inode, rules, full);
    if (!ignored || inner.entries.size > 0) out.entries.set(name, inner);
  }
  return out;
}

/** Bytes of it, roughly as a tar has them. */
export function contextBytes(directory: DirectoryNode): number {
  let sum = 0;
  for (const [path, inode] of walk(directory)) sum += path.length + (inode.kind === 'file' ? nodeSize(inode) : 0);
  return sum;
}

/** The inode at a path of a tree; `..` stops at the root. */
export function at(tree: DirectoryNode, path: string): Inode | undefined {
  let node: Inode | undefined = tree;
  for (const part of resolvePath(path).split('/').filter(Boolean)) node = node?.kind === 'directory' ? node.entries.get(part) : undefined;
  return node;
}

/** What a source of COPY names: one path, or the matches of a pattern in its last part. */
export function sources(tree: DirectoryNode, path: string): [name: string, inode: Inode][] {
  const full = resolvePath(path);
  const slash = full.lastIndexOf('/');
  const name = full.slice(slash + 1);
  if (!/[*?[]/.test(name)) {
    const inode = at(tree, full);
    return inode ? [[name, inode]] : [];
  }
  const parent = at(tree, full.slice(0, slash) || '/');
  if (parent?.kind !== 'directory') return [];
  const pattern = globPattern(name);
  return [...parent.entries].filter(([entry]) => pattern.test(entry)).sort(([a], [b]) => (a < b ? -1 : 1));
}

export interface Owner {
  uid?: number;
  gid?: number;
  mode?: number;
}

/** A copy that belongs to whom COPY says: root when it says nothing. */
export function owned(inode: Inode, { uid = 0, gid = 0, mode }: Owner): Inode {
  const copy = inode.kind === 'directory' ? new DirectoryNode(inode) : copyOf(inode);
  Object.assign(copy, { uid, gid, ...(mode !== undefined && inode.kind === 'file' && { mode }) });
  if (inode.kind === 'directory') for (const [name, entry] of inode.entries) (copy as DirectoryNode).entries.set(name, owned(entry, { uid, gid, ...(mode !== undefined && { mode }) }));
  return copy;
}

/** The directory at a path, made with those above it. */
export function makeWay(tree: DirectoryNode, path: string, mtime: number): DirectoryNode {
  let node = tree;
  for (const part of resolvePath(path).split('/').filter(Boolean)) {
    let next = node.entries.get(part);
    if (next?.kind !== 'directory') node.entries.set(part, (next = new DirectoryNode({ mtime })));
    node = next as DirectoryNode;
  }
  return node;
}

export const isFile = (inode: Inode | undefined): inode is FileNode => inode?.kind === 'file';
