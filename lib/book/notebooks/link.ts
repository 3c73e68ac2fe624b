// Makes `import … from 'kubook'` work beside the notebooks, with types.
import { lstatSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { root } from '../project.ts';

export function linkPackages(folder: string): void {
  link(join(folder, 'node_modules', 'kubook'), root);
  // Without Node's types beside it, `console` has none in a cell.
  link(join(folder, 'node_modules', '@types', 'node'), join(root, 'node_modules', '@types', 'node'));
}

function link(path: string, target: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && resolve(dirname(path), readlinkSync(path)) === target) return;
  if (found) rmSync(path, { recursive: true });
  makeFolder(dirname(path));
  const windows = process.platform === 'win32';
  symlinkSync(windows ? target : relative(dirname(path), target), path, windows ? 'junction' : 'dir');
}
