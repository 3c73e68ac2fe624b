// The test files as plain JavaScript, made once for all of them: reading the sources anew in each process takes longer than most tests.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** What a module knows of its own place: the one of its source. */
const places = { 'import.meta.dirname': '__dir', 'import.meta.filename': '__file', 'import.meta.url': '__url' };

const keepPlaces: Plugin = {
  name: 'places',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta')) return undefined;
      const [dir, file, url] = [dirname(path), path, pathToFileURL(path).href].map((value) => JSON.stringify(value));
      return { contents: `const [__dir, __file, __url] = [${dir}, ${file}, ${url}]; ${text}`, loader: 'ts' };
    }),
};

export interface Bundled {
  /** Where the script of a test file lies. */
  of(file: string): string;
  remove(): void;
}

export async function bundle(root: string, files: readonly string[]): Promise<Bundled> {
  mkdirSync(join(root, '.checks'), { recursive: true });
  const outdir = mkdtempSync(join(root, '.checks', 'run-'));
  const options = { bundle: true, splitting: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' } as const;
  await build({ ...options, entryPoints: [...files], outbase: root, outdir, outExtension: { '.js': '.mjs' }, define: places, plugins: [keepPlaces] });
  return {
    of: (file) => join(outdir, dirname(relative(root, file)), `${basename(file, '.ts')}.mjs`),
    remove: () => rmSync(outdir, { recursive: true }),
  };
}
