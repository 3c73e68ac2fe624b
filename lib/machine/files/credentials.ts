import { FileError } from './error.ts';
import type { Inode } from './inode.ts';

/** In whose name files are read and written. */
export interface Credentials {
  uid: number;
  gid: number;
  groups: readonly number[];
}

export const superuser: Credentials = { uid: 0, gid: 0, groups: [] };

/** What may be asked of an inode; of a directory `search` is the way through it. */
export const [read, write, search] = [4, 2, 1] as const;

/** Refuses who may not, by the bits of the owner, the group or the others. */
export function checkAccess({ uid, gid, groups }: Credentials, node: Inode, wanted: number): void {
  if (uid === 0) return;
  const shift = node.uid === uid ? 6 : node.gid === gid || groups.includes(node.gid) ? 3 : 0;
  if (((node.mode >> shift) & wanted) !== wanted) throw new FileError('EACCES');
}
