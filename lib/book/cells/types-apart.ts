// Type checks cells in a process of its own.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../project.ts';
import type { CellMessage } from './analyse.ts';
import type { CheckOptions } from './types.ts';

export interface TypeCheckRequest {
  lessons: string[][];
  options: CheckOptions;
}

/** What `checkTypes` says, without keeping this process from other work. Throws when the checker ends without an answer. */
export function checkTypesApart(lessons: string[][], options: CheckOptions = {}): Promise<CellMessage[][][]> {
  const child = fork(join(root, 'dist', 'type-checker.js'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once('message', (messages) => resolve(messages as CellMessage[][][]));
    child.once('exit', () => reject(new Error('the type checker ended without an answer')));
    child.once('error', reject);
    child.send({ lessons, options } satisfies TypeCheckRequest);
  });
}
