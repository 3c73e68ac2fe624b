// Where unit files lie: the administrator's before the distribution's, and drop-ins beside them.
import type { FileView } from '../files/index.ts';
import { defineUnit, isSection, type UnitDefinition } from './definition.ts';
import { parseUnitText } from './unit-text.ts';

export const unitDirectories: readonly string[] = ['/etc/systemd/system', '/run/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system'];

export interface UnitFile {
  path: string;
  text: string;
}

export interface LoadedUnit {
  fragment: UnitFile;
  dropIns: readonly UnitFile[];
  definition: UnitDefinition;
}

/** The files of a unit as they lie on the disk now; undefined: there is none. */
export function unitFilesOf(files: FileView, name: string): { fragment: UnitFile; dropIns: UnitFile[] } | undefined {
  for (const directory of unitDirectories) {
    const path = `${directory}/${name}`;
    const text = files.read(path);
    // A link to /dev/null masks it.
    if (text !== undefined && files.realPath(path) !== '/dev/null') return { fragment: { path, text }, dropIns: dropInsOf(files, name) };
  }
  return undefined;
}

/** By their names, whichever directory they lie in; of two of one name the first directory's counts. */
export function dropInsOf(files: FileView, name: string): UnitFile[] {
  const found = new Map<string, UnitFile>();
  for (const directory of unitDirectories) {
    const folder = `${directory}/${name}.d`;
    if (!files.isDirectory(folder)) continue;
    for (const file of files.list(folder)) {
      const path = `${folder}/${file}`;
      const text = file.endsWith('.conf') && !found.has(file) ? files.read(path) : undefined;
      if (text !== undefined) found.set(file, { path, text });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

export function loadUnit(files: FileView, name: string): LoadedUnit | undefined {
  const found = unitFilesOf(files, name);
  if (!found) return undefined;
  const { fragment, dropIns } = found;
  return { fragment, dropIns, definition: defineUnit(name, [fragment, ...dropIns].map(({ path, text }) => ({ path, text: parseUnitText(text, isSection) }))) };
}

/** True when the disk says something else than what was loaded. */
export function changedOnDisk(files: FileView, name: string, { fragment, dropIns }: LoadedUnit): boolean {
  const now = unitFilesOf(files, name);
  const text = (all: readonly UnitFile[]) => all.map(({ path, text: content }) => `${path}\n${content}`).join('\0');
  return text([fragment, ...dropIns]) !== text(now ? [now.fragment, ...now.dropIns] : []);
}

/** Units that a target pulls in at boot: links in its folders `.wants` and `.requires`. */
export function linkedFrom(files: FileView, target: string): string[] {
  const folders = unitDirectories.flatMap((directory) => [`${directory}/${target}.wants`, `${directory}/${target}.requires`]);
  return [...new Set(folders.flatMap((folder) => (files.isDirectory(folder) ? files.list(folder) : [])))].filter((name) => name.endsWith('.service'));
}
