// The process in which an answer is judged. No submitted code runs here: the answer's functions are asked in a process of
// their own, and their answers arrive as data.
import { createRequire } from 'node:module';
import process from 'node:process';
import type { Report } from '../judge.ts';
import type { AnswerRequest } from './answer-process.ts';
import { Asking, type Breach, Broken } from './asking.ts';
import { Ended, openLines } from './lines.ts';
import type { StatusErrorClass } from './wire.ts';

export interface JudgeRequest extends AnswerRequest {
  /** The package with the exercises. */
  kubook: string;
  seeds: number[];
}

export type JudgeMessage =
  | { type: 'begin' }
  | { type: 'report'; report: Report }
  | { type: 'unknown'; id: string }
  | { type: 'end'; cell: number; error?: { name: string; message: string; line?: number } }
  | { type: 'breach'; breach: Breach }
  /** The judge itself failed: no answer is to blame. */
  | { type: 'broken'; why: string }
  | { type: 'done'; clean: boolean };

interface Kubook {
  StatusError: StatusErrorClass;
  exercises(): { id: string }[];
  grade(id: string, answer: unknown, options: { seed: number; tellThere: (story: { name: string }, args: unknown[]) => unknown }): Promise<Report>;
}

/** Bytes of one message of an answer, and of all of them. */
const lines = openLines({ line: 8 * 2 ** 20, total: 64 * 2 ** 20 });

const send = (message: JudgeMessage, sent?: () => void) => process.send!(message, undefined, undefined, sent);

let ready = false;

// What an answer rejects, and nobody waits for, is its own affair.
process.on('unhandledRejection', () => {});
// Whatever data comes: no field of it becomes one of all objects.
Object.preventExtensions(Object.prototype);
globalThis.console = new Proxy({}, { get: () => () => {} }) as Console;
process.on('message', (request: JudgeRequest) => void judgeAll(request));

async function judgeAll({ kubook: path, seeds, ...request }: JudgeRequest): Promise<void> {
  try {
    const kubook = createRequire(path)(path) as Kubook;
    const asking = new Asking(lines, kubook.StatusError);
    // Until here no answer is to blame.
    ready ||= (lines.read() as { t?: unknown }).t === 'ready';
    // It must be on its way before this process waits for nothing but the answer.
    await new Promise<void>((sent) => send({ type: 'begin' }, sent));
    asking.begin({ t: 'run', ...request });
    const clean = await converse(asking, { kubook, seeds });
    send({ type: 'done', clean });
  } catch (error) {
    const message: JudgeMessage = error instanceof Broken ? { type: 'breach', breach: error.breach } : { type: 'broken', why: error instanceof Ended ? '답의 프로세스가 시작하지 못했다' : String(error) };
    send(message, () => process.disconnect());
  }
}

async function converse(answer: Asking, { kubook, seeds }: { kubook: Kubook; seeds: number[] }): Promise<boolean> {
  for (;;) {
    const told = answer.next();
    if (told.is === 'over') return told.clean;
    if (told.is === 'ended') send({ type: 'end', cell: told.cell, ...(told.error && { error: told.error }) });
    if (told.is !== 'answered') continue;
    if (!kubook.exercises().some(({ id }) => id === told.id)) send({ type: 'unknown', id: told.id });
    else for (const seed of seeds) send({ type: 'report', report: await gradeOnce(answer, told, { kubook, seed }) });
    answer.goOn();
  }
}

/** What a check makes of a broken conversation is no verdict. */
async function gradeOnce(asked: Asking, { id, answer }: { id: string; answer: unknown }, { kubook, seed }: { kubook: Kubook; seed: number }): Promise<Report> {
  const report = await kubook.grade(id, answer, { seed, tellThere: (story, args) => asked.tellThere(story.name, args) });
  if (asked.breach) throw new Broken(asked.breach);
  return report;
}
