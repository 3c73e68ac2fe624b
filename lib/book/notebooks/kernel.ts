// The kernelspec of tslab, in the project: nothing of the user's own is touched.
import { dirname, join } from 'node:path';
import { helpingThreads } from '../cells/node-flags.ts';
import { writeWhole } from '../files.ts';
import { require, root } from '../project.ts';

/** The folder for `JUPYTER_PATH`. */
export const jupyterPath = join(root, '.jupyter');

export function writeKernelspec(): void {
  const tslab = join(dirname(require.resolve('tslab/package.json')), 'bin', 'tslab');
  const spec = {
    argv: [process.execPath, helpingThreads, tslab, 'kernel', '--config-path', '{connection_file}'],
    display_name: 'TypeScript',
    language: 'typescript',
    interrupt_mode: 'signal',
  };
  writeWhole(join(jupyterPath, 'kernels', 'tslab', 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
}
