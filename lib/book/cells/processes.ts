// Processes in which cells run.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../project.ts';
import { cellFlags } from './node-flags.ts';

/** Standard streams of the child are not ours to print: only what goes through its console counts. */
export function startCellProcess(): ChildProcess {
  return fork(join(root, 'dist', 'cell-runner.cjs'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [...cellFlags] });
}

/**
 * Processes that ran cells and kept no trace of them. The next list of cells starts at once and in code that V8 has
 * compiled: most of the time of a short lesson is otherwise the starting.
 */
export class CellProcesses {
  readonly #idle: ChildProcess[] = [];

  take(): ChildProcess {
    return this.#idle.pop() ?? startCellProcess();
  }

  leave(child: ChildProcess): void {
    this.#idle.push(child);
  }

  close(): void {
    for (const child of this.#idle.splice(0)) child.kill('SIGKILL');
  }
}
