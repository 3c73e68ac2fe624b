import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkPackages } from '../../lib/book/notebooks/link.ts';

/** What tslab itself prints for each cell, in a folder outside the project, as a notebook's folder may be. */
export function runInTslab(cells: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'kubook-tslab-'));
  try {
    linkPackages(folder);
    const file = join(folder, 'cells.json');
    writeFileSync(file, JSON.stringify(cells));
    const output = execFileSync(process.execPath, [join(import.meta.dirname, 'tslab-reference.cjs'), file], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'inherit'] });
    return JSON.parse(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A cell that never imported the library prints tslab's own stack: only its headline is compared. */
export function withoutStacks(output: string): string {
  return output.replace(/(\n {4}at .*)+/g, '').replace(/^\S+:\d+\n[^]*?\n(?=\w*Error: )/, '');
}
