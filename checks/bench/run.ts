// npm run bench [-- --json] [-- NAME…]: every case five times, each in a fresh process as a cell's; the table shows the median.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { helpingThreads } from '../../lib/book/cells/node-flags.ts';

process.env.KUBOOK = join(import.meta.dirname, '../../dist/index.cjs');
const { cases } = await import('./cases.ts');

const json = process.argv.includes('--json');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const runs = 5;
const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

const folder = mkdtempSync(join(tmpdir(), 'kubook-bench-'));
try {
  const file = join(folder, 'case.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'one.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const results: { name: string; value: number; unit: string }[] = [];
  for (const [name, { unit, limit }] of Object.entries(cases)) {
    if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
    const values = Array.from({ length: runs }, () => Number(execFileSync(process.execPath, [helpingThreads, file, name], { encoding: 'utf8' }).trim().split('\n').at(-1)));
    const value = Number(median(values).toFixed(unit === 'x' ? 2 : 1));
    results.push({ name, value, unit });
    if (!json) console.log(`${name.padEnd(34)} ${String(value).padStart(10)} ${unit.padEnd(3)}  ${value <= limit ? '✓' : '✗'} ≤ ${limit}`);
  }
  if (json) console.log(JSON.stringify(results));
} finally {
  rmSync(folder, { recursive: true });
}
