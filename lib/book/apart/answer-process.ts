// The process in which somebody else's answer runs. It has the library and JavaScript, and neither Node nor the book: no
// exercise, no check, no cluster of the judge is here to be found, and what it says is only what the answer says.
import process from 'node:process';
import * as library from '../../index.ts';
import { noteErrors, runOne } from '../cells/evaluate.ts';
import type { CompiledCell } from '../cells/protocol.ts';
import { createScope } from '../cells/scope.ts';
import type { ToldStory } from '../exercise.ts';
import { josa } from '../josa.ts';
import { openAnswering } from './answering.ts';
import { openLines } from './lines.ts';

/** What an answer's process is asked to run. */
export interface AnswerRequest {
  cells: (CompiledCell | null)[];
  /** Names of the library that the answer may not use: they are what its exercise asks for. */
  withheld: string[];
  /** Run another answer afterwards, if this one leaves nothing behind. */
  stay: boolean;
}

const ownGlobals = new Set(Reflect.ownKeys(globalThis));
const activeResources = process.getActiveResourcesInfo.bind(process);
let running = false;
const judge = openLines();

export async function serveJudge(stories: readonly ToldStory[]): Promise<void> {
  process.on('unhandledRejection', () => {});
  process.on('uncaughtException', () => {});
  // Nothing is left that could settle what the answer awaits.
  process.on('beforeExit', () => running && judge.write({ t: 'stuck' }));
  globalThis.console = new Proxy({}, { get: () => () => {} }) as Console;
  takeAway();
  noteErrors();
  judge.write({ t: 'ready' });
  for (;;) {
    const { cells, withheld, stay } = judge.read() as AnswerRequest & { t: string };
    const exercise = openAnswering(judge, { StatusError: library.StatusError, stories, closed });
    await runAll(cells, { exercise, withheld });
    const clean = stay && isClean();
    judge.write({ t: 'over', clean });
    if (!clean) return;
  }
}

async function runAll(cells: AnswerRequest['cells'], { exercise, withheld }: { exercise: Function; withheld: string[] }): Promise<void> {
  const own = { exercise, exercises: () => closed('exercises'), grade: () => closed('grade') };
  const kubook = Object.fromEntries(Object.entries({ ...library, ...own }).map(([name, value]) => [name, withheld.includes(name) ? withholding(name) : value]));
  const require = (id: string) => (id === 'kubook' ? kubook : closed(`import … from '${id}'`));
  // An answer is run alone: it has the library's names at hand even where its first cell imported them.
  const scope = createScope({ require, exports: {}, ...kubook });
  for (const [cell, compiled] of cells.entries()) {
    if (!compiled) continue;
    running = true;
    const error = await runOne(compiled, { scope, require });
    running = false;
    judge.write({ t: 'end', cell, ...(error && { error }) });
  }
}

/** Nothing of this answer could be met by a later one: no name among the globals, no timer. */
function isClean(): boolean {
  const left = Reflect.ownKeys(globalThis).filter((name) => !ownGlobals.has(name));
  return left.length === 0 && !activeResources().some((resource) => resource === 'Timeout' || resource === 'Immediate');
}

/** What leads out of the process, and to the pipes on which it is judged. */
function takeAway(): void {
  for (const name of ['process', 'fetch', 'WebSocket', 'EventSource', 'Request', 'Response', 'BroadcastChannel', 'MessageChannel']) {
    if (name in globalThis) Object.defineProperty(globalThis, name, { configurable: false, get: () => closed(name) });
  }
}

function closed(what: string): never {
  throw new Error(`채점할 때는 쓸 수 없다: ${what}. 답은 kubook과 자바스크립트만으로 쓴다.`);
}

function withholding(name: string): () => never {
  return () => {
    throw new Error(`이 연습의 답에서는 ${josa(name, '을/를')} 쓸 수 없다. 그것이 하는 일의 한 부분을 직접 쓰는 연습이다.`);
  };
}
