// Judges answers of others: each in a pair of processes, of which one runs the answer and the other judges it.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { analyse, type CellMessage } from '../cells/analyse.ts';
import { compile } from '../cells/compile.ts';
import { cellFlags } from '../cells/node-flags.ts';
import { processorTime } from '../cells/processor-time.ts';
import type { CellError } from '../cells/protocol.ts';
import type { Report } from '../judge.ts';
import { root } from '../project.ts';
import type { Breach } from './asking.ts';
import type { JudgeMessage, JudgeRequest } from './judge-process.ts';

export interface JudgedAnswer {
  reports: Report[];
  /** Ids of exercises that nobody knows. */
  unknown: string[];
  error?: CellError;
  /** The compiler refused it: it did not run. */
  refused?: string;
  /** Why it could not be judged to the end. */
  breach?: Breach | 'endless' | 'memory';
}

export interface JudgeAnswerOptions {
  seeds: number[];
  /** What the type check said of each cell. */
  messages?: CellMessage[][];
  withheld?: string[] | undefined;
  /** Milliseconds for all seeds together, or of a processor where others have it. */
  limit?: number;
  /** The package with the exercises. */
  kubook?: string;
  /** Where to find a pair of processes, and to leave it for other answers: only for answers that one trusts not to spoil it. */
  pool?: Pairs;
}

/** Milliseconds for the processes to come up. */
const startLimit = 30_000;
/** Bytes that an answer's process may hold. Buffers lie outside of the heap, which V8 bounds. */
const memoryLimit = 1.5 * 2 ** 30;

/** `cells` are what comes before the answer, and the answer. */
export async function judgeAnswer(cells: string[], options: JudgeAnswerOptions): Promise<JudgedAnswer> {
  const { seeds, messages = [], withheld = [], kubook = join(root, 'dist', 'index.cjs'), pool } = options;
  const judged: JudgedAnswer = { reports: [], unknown: [] };
  const compiled = await Promise.all(
    cells.map((code, i) => {
      const shape = analyse(code);
      const [fault] = shape.messages.length > 0 ? shape.messages : (messages[i] ?? []);
      if (!fault) return compile(code, shape);
      if (i === cells.length - 1) judged.refused = `${fault.line}:${fault.column} - ${fault.text}`;
      return null;
    }),
  );
  if (judged.refused === undefined) await inPair({ cells: compiled, withheld, kubook, seeds, stay: pool !== undefined }, judged, options);
  return judged;
}

interface Pair {
  answer: ChildProcess;
  judge: ChildProcess;
}

/**
 * The answer's process may read the library and nothing more, write nothing, start no process and no thread; it does not
 * see our environment. Its only way out are two pipes, at whose other end is the judge.
 */
function startPair(): Pair {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const dist = realpathSync(join(root, 'dist'));
  const flags = [...cellFlags, '--no-warnings', permission, `--allow-fs-read=${join(dist, '*')}`];
  const answer = spawn(process.execPath, [...flags, join(dist, 'answer-process.cjs')], { stdio: ['pipe', 'pipe', 'ignore'], env: {} });
  const judge = fork(join(dist, 'judge-process.cjs'), { stdio: [answer.stdout, answer.stdin, 'ignore', 'ipc'], execArgv: [...cellFlags] });
  // The pipes are the judge's now.
  answer.stdout.destroy();
  answer.stdin.destroy();
  return { answer, judge };
}

function stopPair({ answer, judge }: Pair): void {
  for (const one of [answer, judge]) {
    one.removeAllListeners();
    one.on('error', () => {});
    one.kill('SIGKILL');
  }
}

/** Pairs that judged an answer and kept no trace of it. */
export class Pairs {
  readonly #idle: Pair[] = [];

  take(): Pair {
    return this.#idle.pop() ?? startPair();
  }

  leave(pair: Pair): void {
    this.#idle.push(pair);
  }

  close(): void {
    for (const pair of this.#idle.splice(0)) stopPair(pair);
  }
}

function inPair(request: JudgeRequest, judged: JudgedAnswer, { limit = 20_000, pool }: JudgeAnswerOptions): Promise<void> {
  const pair = pool?.take() ?? startPair();
  const { answer, judge } = pair;
  return new Promise((resolve, reject) => {
    let begun = false;
    const scales = setInterval(() => (processorTime(answer.pid!)?.memory ?? 0) > memoryLimit && stop('memory'), 200);
    const finish = (clean: boolean) => {
      time.end();
      clearInterval(scales);
      judge.removeAllListeners();
      answer.removeAllListeners();
      if (clean && pool) pool.leave(pair);
      else stopPair(pair);
      resolve();
    };
    const fail = (why: string) => {
      reject(new Error(why));
      finish(false);
    };
    const stop = (breach: NonNullable<JudgedAnswer['breach']>) => {
      judged.breach ??= breach;
      finish(false);
    };
    const time = timeKeeper(pair, { limit, late: () => (begun ? stop('endless') : gone()) });
    const hear = (message: JudgeMessage) => {
      if (message.type === 'begin') {
        begun = true;
        time.begin();
      }
      if (message.type === 'report') judged.reports.push(message.report);
      if (message.type === 'unknown') judged.unknown.push(message.id);
      if (message.type === 'end' && message.cell === request.cells.length - 1 && message.error) judged.error = message.error;
      if (message.type === 'breach') stop(message.breach);
      if (message.type === 'done') finish(message.clean);
      if (message.type === 'broken') fail(message.why);
    };
    // What an answer had done to its cluster can be too much for the judge.
    const gone = () => (begun ? stop('memory') : fail('채점하는 프로세스가 시작하지 못했다'));
    judge.on('message', hear);
    judge.on('disconnect', gone);
    judge.on('error', gone);
    answer.on('error', gone);
    judge.send(request, () => {});
    time.begin(startLimit);
  });
}

function timeKeeper(pair: Pair, { limit, late }: { limit: number; late(): void }): { begin(more?: number): void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  const watch = (time: number, from: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // On a busy machine they may have had no processor yet.
      const { used, busy } = timeOf(pair);
      if (busy && used - from < limit) watch(Math.max(1000, limit - (used - from)), from);
      else late();
    }, time);
  };
  return { begin: (more = 0) => watch(limit + more, timeOf(pair).used), end: () => clearTimeout(timer) };
}

function timeOf({ answer, judge }: Pair): { used: number; busy: boolean } {
  const times = [answer, judge].map(({ pid }) => processorTime(pid!));
  return { used: times.reduce((sum, time) => sum + (time?.used ?? 0), 0), busy: times.some((time) => time?.busy === true) };
}
