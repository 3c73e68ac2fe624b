// COPY and ADD.
import { DirectoryNode, joinPath, resolvePath } from '../../machine/index.ts';
import { idOf } from '../root/users.ts';
import { contentText } from '../layers.ts';
import { at, isFile, makeWay, type Owner, owned, sources } from './context.ts';
import type { Draft } from './draft.ts';

export interface CopyRequest {
  /** Where it comes from: the context, or the files of a stage. */
  from: DirectoryNode;
  paths: readonly string[];
  to: string;
  owner: Owner;
}

/** A source that is not there; `path` as BuildKit shows it. */
export class MissingSource extends Error {
  constructor(readonly path: string) {
    super(path);
  }
}

/** Text that is the same when the same files would be copied: times do not count. */
export function checksum({ from, paths }: CopyRequest): string {
  return paths.map((path) => found(from, path).map(([name, inode]) => timeless(name, inode)).join('')).join('\0');
}

function timeless(name: string, inode: ReturnType<typeof found>[number][1]): string {
  const holder = new DirectoryNode();
  holder.entries.set(name, inode);
  return contentText(holder).replace(/\0\d+\0/g, '\0');
}

function found(from: DirectoryNode, path: string): ReturnType<typeof sources> {
  const matches = sources(from, path);
  if (matches.length === 0) throw new MissingSource(resolvePath(path));
  return matches;
}

/** Copies into a tree. A directory gives what it holds; into a directory a file goes under its own name. */
export function copyInto(tree: DirectoryNode, { from, paths, to, owner }: CopyRequest, { workingDir = '/', now }: { workingDir?: string | undefined; now: number }): void {
  const target = resolvePath(to, workingDir);
  const all = paths.flatMap((path) => found(from, path));
  const intoDirectory = to.endsWith('/') || /(^|\/)\.$/.test(to) || all.length > 1 || at(tree, target)?.kind === 'directory';
  for (const [name, inode] of all) {
    if (inode.kind === 'directory') {
      const place = makeWay(tree, target, now);
      for (const [entry, node] of inode.entries) merge(place, entry, owned(node, owner));
      continue;
    }
    const path = intoDirectory ? joinPath(target, name) : target;
    const slash = path.lastIndexOf('/');
    merge(makeWay(tree, path.slice(0, slash) || '/', now), path.slice(slash + 1), owned(inode, owner));
  }
}

function merge(into: DirectoryNode, name: string, inode: ReturnType<typeof owned>): void {
  const there = into.entries.get(name);
  if (there?.kind === 'directory' && inode.kind === 'directory') for (const [entry, node] of inode.entries) merge(there, entry, node);
  else into.entries.set(name, inode);
}

/** `--chown=nginx:nginx`, `--chmod=755` */
export function ownerOf(flags: Readonly<Record<string, string>>, { tree }: Draft): Owner {
  const owner: Owner = {};
  const [user, group] = flags['chown']?.split(':') ?? [];
  const idIn = (path: string, name: string) => {
    const file = at(tree, path);
    return /^\d+$/.test(name) ? Number(name) : isFile(file) ? idOf(file.content, name) : undefined;
  };
  if (user) owner.uid = idIn('/etc/passwd', user);
  if (user) owner.gid = idIn('/etc/group', group ?? user);
  if (flags['chmod']) owner.mode = Number.parseInt(flags['chmod'], 8);
  return owner;
}
