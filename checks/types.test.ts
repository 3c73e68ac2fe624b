// The whole project under the current compiler, strict. (Solutions are checked as tslab would: see exercises/judged.ts.)
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

test('no type errors', () => {
  const root = join(import.meta.dirname, '..');
  const { status, stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false'], { cwd: root, encoding: 'utf8' });
  assert.is(stdout, '');
  assert.is(status, 0);
});

test.run();
