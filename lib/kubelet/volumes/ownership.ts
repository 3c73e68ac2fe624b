import type { DirectoryNode, FileNode } from '../../machine/index.ts';

/** Gives a volume to the pod's group: readable, writable unless it is read-only (pkg/volume/volume_linux.go). */
export function giveToGroup(node: DirectoryNode | FileNode, gid: number, readOnly: boolean): void {
  node.gid = gid;
  node.mode |= readOnly ? 0o440 : 0o660;
  if (node.kind !== 'directory') return;
  node.mode |= 0o2110;
  for (const entry of node.entries.values()) {
    if (entry.kind === 'directory' || entry.kind === 'file') giveToGroup(entry, gid, readOnly);
  }
}
