// The book as the tests see it: the real library with the exercises of the fixtures.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { exercises } from './fixtures/exercises.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'kubook-book-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export const kubook = join(folder, 'index.cjs');
export const kubookTypes = join(root, 'dist/types/lib/book/notebook.d.ts');
export const known = exercises;
export const sample = join(import.meta.dirname, 'fixtures', '98-sample.md');

buildSync({
  stdin: {
    contents: `import { register } from './lib/book/exercise.ts';
      import { exercises as all } from './checks/book/fixtures/exercises.ts';
      register(all);
      export * from './lib/book/notebook.ts';`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outfile: kubook,
  logLevel: 'error',
});

/** A folder that is gone when the test's process ends. */
export function temporaryFolder(): string {
  return mkdtempSync(join(folder, 'work-'));
}
