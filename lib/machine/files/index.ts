export { type ArchiveEntry, pack, unpack } from './archive.ts';
export { bytesOf, sizeOf, textOf } from './bytes.ts';
export { FileError, type FileErrorCode } from './error.ts';
export { contentOf, copyOf, DirectoryNode, file, type FileNode, type Inode, link, modeText, nodeSize, special, usageOf } from './inode.ts';
export { joinPath, resolvePath, splitPath } from './path.ts';
export { type Credentials, superuser } from './credentials.ts';
export type { Mount } from './mount.ts';
export { FileView, type FileViewOptions } from './view.ts';
export { devices, directory, hostFiles } from './host.ts';
