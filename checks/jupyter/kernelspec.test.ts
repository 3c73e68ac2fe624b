import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { jupyterPath, writeKernelspec } from '../../lib/book/notebooks/kernel.ts';

test('the kernelspec names this node and this tslab', () => {
  writeKernelspec();
  assert.ok(existsSync(join(jupyterPath, 'kernels/tslab/kernel.json')));
});

test.run();
