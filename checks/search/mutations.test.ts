// The bounded search finds every planted bug.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Mutation, mutations } from './mutations.ts';

const test = suite('mutations');
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'kubook-mutants-'));

function mutated({ file, from, to }: Mutation): string {
  const parts = readFileSync(join(root, file), 'utf8').split(from);
  assert.is(parts.length, 2, `${file} has this once: ${from}`);
  return parts.join(to);
}

async function bundle(mutation: Mutation, outfile: string): Promise<void> {
  const contents = mutated(mutation);
  const path = join(root, mutation.file);
  await build({
    entryPoints: [join(import.meta.dirname, 'mutant.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    plugins: [{ name: 'mutation', setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, (args) => (args.path === path ? { contents, loader: 'ts' } : undefined)) }],
  });
}

async function hunt(file: string, last = 0): Promise<{ i: number; problem: string } | undefined> {
  const { stdout } = await promisify(execFile)(process.execPath, [file, String(last)]);
  return stdout === '' ? undefined : JSON.parse(stdout);
}

mutations.forEach((mutation, i) => {
  test(`found: ${mutation.name}`, async () => {
    const file = join(folder, `${i}.cjs`);
    await bundle(mutation, file);
    const found = await hunt(file, mutation.last);
    assert.ok(found, 'the bounded search does not find it');
    if (process.env.SHOW) console.log(`\n${mutation.name}: last: ${found.i}\n  ${found.problem}`);
  });
});

test.after(() => rmSync(folder, { recursive: true }));
test.run();
