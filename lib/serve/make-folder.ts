// Makes a folder and those above it.
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Node's own way never ends where a file system refuses folders with ENOENT, as /proc does. */
export function makeFolder(folder: string, mode?: number): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder), mode);
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Somebody else was faster.
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return;
    throw code === 'ENOENT' ? Object.assign(new Error(`EROFS: no folder can be made here, mkdir '${folder}'`), { code: 'EROFS', path: folder }) : error;
  }
}
