// Where the project lies, and what lies in it.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package: the one that holds its `package.json`. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

export const require = createRequire(join(root, 'package.json'));

/** The TypeScript inside tslab. */
export function tslabTypeScriptPath(): string {
  return createRequire(require.resolve('tslab')).resolve('@tslab/typescript-for-tslab');
}

export function lessonFiles(): string[] {
  const folder = join(root, 'lessons');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d\d.*\.md$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** The text of a file, undefined when there is none. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
