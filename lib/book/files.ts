import { renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** Writes a file so that it is either the old one or the new one, never half of it. */
export function writeWhole(file: string, text: string): void {
  makeFolder(dirname(file));
  const fresh = `${file}.${process.pid}.tmp`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}
