// hostPath: a place on the node's own disk (pkg/volume/hostpath).
import { type DirectoryNode, type FileNode, type Inode, type Machine } from '../../machine/index.ts';
import { ConfigError } from '../references.ts';

const kinds: Record<string, { kind: Inode['kind']; name: string }> = {
  Directory: { kind: 'directory', name: 'directory' },
  DirectoryOrCreate: { kind: 'directory', name: 'directory' },
  File: { kind: 'file', name: 'file' },
  FileOrCreate: { kind: 'file', name: 'file' },
  Socket: { kind: 'socket', name: 'socket file' },
  CharDevice: { kind: 'char', name: 'character device' },
  BlockDevice: { kind: 'block', name: 'block device' },
};

/** What lies there. Without a type nothing is checked, and the runtime makes a directory of what is missing. */
export function hostPath({ files }: Machine, { path, type }: { path: string; type?: string }): DirectoryNode | FileNode {
  const wanted = type ? kinds[type] : undefined;
  const missing = files.find(path) === undefined;
  if (missing && type === 'FileOrCreate') create(() => files.write(path, '', 0o644), path);
  if (missing && (type === 'DirectoryOrCreate' || !type)) create(() => files.makeDirectories(path, 0o755), path);
  const node = files.find(path);
  if (wanted && node?.kind !== wanted.kind) throw new ConfigError(`hostPath type check failed: ${path} is not a ${wanted.name}`);
  return node as DirectoryNode | FileNode;
}

function create(make: () => void, path: string): void {
  try {
    make();
  } catch (error) {
    throw new ConfigError(`mkdir ${path}: ${(error as Error).message.toLowerCase()}`);
  }
}

/** Where a pod's own things lie on the node's disk; `undefined` when nothing of it was ever made. */
export const podDirectory = (uid: string): string => `/var/lib/kubelet/pods/${uid}`;

/** A file or directory of the node that is there once somebody asked for it. */
export function ownDirectory({ files, clock }: Machine, path: string, mode: number): { node: DirectoryNode; made: boolean } {
  const found = files.find(path);
  if (found?.kind === 'directory') return { node: found, made: false };
  files.makeDirectories(path);
  const node = files.find(path) as DirectoryNode;
  Object.assign(node, { mode, mtime: clock.now });
  return { node, made: true };
}

export function ownFile({ files }: Machine, path: string, content: () => string): FileNode {
  const found = files.find(path);
  if (found?.kind === 'file') return found;
  files.makeDirectories(path.slice(0, path.lastIndexOf('/')));
  files.write(path, content());
  const node = files.find(path) as FileNode;
  node.mode = 0o644;
  return node;
}

