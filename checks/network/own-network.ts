// The real tools of the kernel, in a network where nothing else is.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a script in a network of its own that is empty. */
export function alone(script: string): { status: number | null; stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kubook-network-'));
  try {
    writeFileSync(join(folder, 'script'), script);
    const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    return spawnSync('unshare', [...user, '--net', 'sh', '-e', join(folder, 'script')], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first lines that are not the same. */
export function firstDifference(want: string, got: string): string {
  const [real, ours] = [want, got].map((text) => text.split('\n').filter((line) => !line.startsWith('#'))) as [string[], string[]];
  const at = real.findIndex((line, i) => line !== ours[i]);
  return at < 0 && real.length === ours.length ? '' : `want ${real[at]}|\ngot  ${ours[at]}|`;
}
