// Processes in which cells run.
import { type ChildProcess, fork } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../project.ts';
import { cellFlags } from './node-flags.ts';

/** Standard streams of the child are not ours to print: only what goes through its console counts. */
export function startCellProcess(): ChildProcess {
  return fork(join(root, 'dist', 'cell-runner.cjs'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [...cellFlags] });
}

/**
 * A process for somebody else's answer: Node lets it read the library and nothing more, write nothing, start no process
 * and no thread; it does not see our environment. The network it loses in `child.ts`.
 */
export function startCellProcessApart(kubook: string): ChildProcess {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const readable = new Set([join(root, 'dist'), dirname(kubook)].map((folder) => `--allow-fs-read=${join(realpathSync(folder), '*')}`));
  return fork(join(realpathSync(join(root, 'dist')), 'cell-runner.cjs'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: {}, execArgv: [...cellFlags, '--no-warnings', permission, ...readable] });
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
