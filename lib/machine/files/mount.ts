import type { DirectoryNode, FileNode } from './inode.ts';

/** Something that lies over a path. */
export interface Mount {
  path: string;
  /** Asked for when somebody looks below the path. */
  source(): DirectoryNode | FileNode;
  /** A file, not a directory. */
  file?: boolean;
  readOnly?: boolean;
  /** `ext4` when missing; `tmpfs`, `proc` … */
  type?: string;
}
