// The bounded search finds every planted bug. A file hunts every other one, so that two processors share them.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { context } from 'esbuild';
import * as assert from 'uvu/assert';
import { type Mutation, mutations } from './mutations.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'kubook-mutants-'));

function mutated({ file, from, to }: Mutation): string {
  const parts = readFileSync(join(root, file), 'utf8').split(from);
  assert.is(parts.length, 2, `${file} has this once: ${from}`);
  return parts.join(to);
}

/** The one that is built next; what it leaves as it is is parsed once for all. */
let present: Mutation | undefined;
const outfile = join(folder, 'mutant.cjs');
const mutants = await context({
  entryPoints: [join(import.meta.dirname, 'mutant.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'error',
  plugins: [{ name: 'mutation', setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, ({ path }) => (present && path === join(root, present.file) ? { contents: mutated(present), loader: 'ts' } : undefined)) }],
});

async function hunt(last = ''): Promise<{ name: string; problem: string } | undefined> {
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, last]);
  return stdout === '' ? undefined : JSON.parse(stdout);
}

/** Every other planted bug, from the `first` on. */
export const half = (first: 0 | 1): Mutation[] => mutations.filter((_, i) => i % 2 === first);

/** Throws when the bounded search does not find it. */
export async function find(mutation: Mutation): Promise<void> {
  present = mutation;
  await mutants.rebuild();
  const found = await hunt(mutation.last);
  assert.ok(found, 'the bounded search does not find it');
  if (process.env.SHOW) console.log(`\n${mutation.name}: last: '${found.name}'\n  ${found.problem}`);
}

export async function close(): Promise<void> {
  await mutants.dispose();
  rmSync(folder, { recursive: true });
}
