// Runs cells in a process of their own, and tells what each printed.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Report } from '../judge.ts';
import { root } from '../project.ts';
import { analyse, type CellMessage } from './analyse.ts';
import { compile } from './compile.ts';
import { type CellProcesses, startCellProcess } from './processes.ts';
import { processorTime } from './processor-time.ts';
import type { CellError, RunMessage, RunRequest } from './protocol.ts';

export interface CellResult {
  /** What it printed, in order, without the last line's end. */
  output: string;
  reports: Report[];
  error?: CellError;
  /** The compiler refused it: it did not run. */
  refused?: boolean;
  /** The cell did not end in time; those after it did not run. */
  endless?: boolean;
  /** The process ended in this cell: `process.exit`, or out of memory. */
  died?: boolean;
  /** It died of awaiting what nothing can bring any more. */
  stuck?: boolean;
}

export interface RunOptions {
  /** The module that `import … from 'kubook'` means. */
  kubook?: string;
  folder?: string;
  /** What the type check said of each cell; a cell with messages prints them and does not run, as in tslab. */
  messages?: CellMessage[][];
  /** Milliseconds that one cell may take, or of a processor where others have it. */
  limit?: number;
  /** Where to find a process, and to leave it for other lists of cells. Without it each list has a process of its own. */
  pool?: CellProcesses;
  /** Hears what is printed while it is printed. */
  onText?(cell: number, text: string): void;
  onBegin?(cell: number): void;
  onEnd?(cell: number, result: CellResult): void;
}

/** Milliseconds for the process to come up. */
const startLimit = 30_000;

export async function runCells(cells: string[], options: RunOptions = {}): Promise<CellResult[]> {
  const { kubook = join(root, 'dist', 'index.cjs'), folder = root, messages = [], onText } = options;
  const results = cells.map((): CellResult => ({ output: '', reports: [] }));
  const compiled = await Promise.all(
    cells.map((code, i) => {
      const shape = analyse(code);
      const faults = shape.messages.length > 0 ? shape.messages : (messages[i] ?? []);
      const text = faults.map(({ line, column, text }) => `${line}:${column} - ${text}\n`).join('');
      results[i]!.output = text;
      if (!text) return compile(code, shape);
      results[i]!.refused = true;
      onText?.(i, text);
      return null;
    }),
  );
  await inChild({ cells: compiled, kubook, folder, stay: Boolean(options.pool), token: randomUUID() }, results, options);
  for (const result of results) result.output = result.output.replace(/\n$/, '');
  return results;
}

function inChild(request: RunRequest, results: CellResult[], { limit = 20_000, pool, onText, onBegin, onEnd }: RunOptions): Promise<void> {
  const child = pool?.take() ?? startCellProcess();
  let cell = -1;
  let timer: NodeJS.Timeout | undefined;
  return new Promise((resolve, reject) => {
    const finish = (clean: boolean) => {
      clearTimeout(timer);
      child.removeAllListeners();
      if (clean && pool) pool.leave(child);
      else child.kill('SIGKILL');
      resolve();
    };
    const stop = (mark: 'endless' | 'died') => {
      const result = results[Math.max(cell, 0)];
      if (result) {
        result[mark] = true;
        onEnd?.(Math.max(cell, 0), result);
      }
      finish(false);
    };
    const watch = (time = limit, from = processorTime(child.pid!)?.used ?? 0) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        // On a busy machine a cell may have had no processor yet.
        const now = processorTime(child.pid!);
        if (now?.busy && now.used - from < limit) watch(Math.max(1000, limit - (now.used - from)), from);
        else stop('endless');
      }, time);
    };
    const hear: { [T in RunMessage['type']]: (message: Extract<RunMessage, { type: T }>) => void } = {
      begin(message) {
        cell = message.cell;
        watch();
        onBegin?.(cell);
      },
      text({ cell, text }) {
        results[cell]!.output += text;
        onText?.(cell, text);
      },
      report: ({ cell, report }) => void results[cell]!.reports.push(report),
      end({ cell, error }) {
        clearTimeout(timer);
        if (error) results[cell]!.error = error;
        onEnd?.(cell, results[cell]!);
      },
      stuck() {
        results[cell]!.stuck = true;
        stop('died');
      },
      broken({ why }) {
        reject(new Error(why));
        finish(false);
      },
      done: ({ clean }) => finish(clean),
    };
    child.on('message', (message: RunMessage & { token: string }) => void (message.token === request.token && hear[message.type](message as never)));
    // The channel ends after its last message, the process may be seen to exit before.
    child.on('disconnect', () => stop('died'));
    child.on('error', () => stop('died'));
    child.send(request);
    // Until the first cell begins it is the process that takes its time, on a busy machine much of it.
    watch(limit + startLimit);
  });
}
