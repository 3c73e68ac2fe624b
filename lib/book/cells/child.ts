// The process that runs cells: a cell that never ends, or ends the process, ends only this one.
import { createRequire, SourceMap } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import vm from 'node:vm';
import type { Report } from '../judge.ts';
import { tidyErrors } from '../tidy-errors.ts';
import { capturingConsole } from './capture.ts';
import type { CellError, CompiledCell, RunMessage, RunRequest } from './protocol.ts';
import { createScope } from './scope.ts';
import { josa } from '../josa.ts';

interface Kubook {
  exercises(): { id: string }[];
  grade(id: string, answer: unknown, options: { seed: number }): Promise<Report>;
}

/** Only who was told the run's token speaks for it: a cell that sends messages of its own is not heard. */
let token = '';
const channel = process.send!.bind(process);
const send = (message: RunMessage, sent?: () => void) => channel({ ...message, token }, undefined, undefined, sent);
const filename = 'cell.js';
/** Where errors arose, noted when they were printed. */
const frames = new WeakMap<Error, NodeJS.CallSite[]>();
let cell = -1;
let running = false;
const exerciseHook = Symbol.for('kubook.exercise');
const ownGlobals = new Set(Reflect.ownKeys(globalThis));

process.on('unhandledRejection', (reason) => console.error('UnhandledPromiseRejection:', reason));
process.on('uncaughtException', (error) => console.error('UncaughtException:', error));
process.once('message', runRequest);
// Nothing is left that could settle what a cell awaits.
process.once('beforeExit', () => running && send({ type: 'stuck' }));

async function runRequest(request: RunRequest): Promise<void> {
  token = request.token;
  try {
    await runAll({ ...request, token: '' });
  } catch (error) {
    send({ type: 'broken', why: String(error) }, () => process.disconnect());
    return;
  }
  if (request.stay && isClean()) {
    process.once('message', runRequest);
    send({ type: 'done', clean: true });
  } else {
    // Closing the channel would drop what is still on its way.
    send({ type: 'done', clean: false }, () => process.disconnect());
  }
}

/** Nothing of these cells could be met by later ones: no name among the globals, no timer. */
function isClean(): boolean {
  const left = Reflect.ownKeys(globalThis).filter((name) => !ownGlobals.has(name));
  return left.length === 0 && !process.getActiveResourcesInfo().some((resource) => resource === 'Timeout' || resource === 'Immediate');
}

async function runAll({ cells, kubook: path, folder, seeds, withheld = [], apart = false }: RunRequest): Promise<void> {
  const output = capturingConsole((text) => send({ type: 'text', cell, text }));
  globalThis.console = output.console;
  const local = createRequire(join(folder, 'cell.js'));
  const kubook = local(path) as Kubook & Record<string, unknown>;
  const given = Object.fromEntries(Object.entries(kubook).map(([name, value]) => [name, withheld.includes(name) ? withholding(name) : value]));
  const require = (id: string) => (id === 'kubook' ? given : apart ? closed(`import … from '${id}'`) : local(id));
  if (apart) takeAway();
  // An answer is run alone: it has the library's names at hand even where its first cell imported them.
  const scope = createScope({ require, exports: {}, ...(seeds ? given : {}) });
  listen(kubook, seeds);
  tidyErrors((error, found) => frames.set(error, found));
  for (const [index, compiled] of cells.entries()) {
    if (!compiled) continue;
    cell = index;
    output.reset();
    send({ type: 'begin', cell });
    running = true;
    const error = await runOne(compiled, { scope, require });
    running = false;
    // Promises that nobody awaited print in the cell that made them.
    await new Promise((resolve) => setImmediate(resolve));
    send({ type: 'end', cell, ...(error && { error }) });
  }
}

/** What leads out of the process, and to the channel on which it is judged. */
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

/** Reports of exercises travel as data; as a grader, each is judged once per seed and prints nothing. */
function listen(kubook: Kubook, seeds: number[] | undefined): void {
  const { exercises, grade } = kubook;
  const onlooker = {
    ...(!seeds && { reported: (report: Report) => void send({ type: 'report', cell, report }) }),
    ...(seeds && {
      async answered(id: string, answer: unknown) {
        if (!exercises().some((exercise) => exercise.id === id)) return void send({ type: 'unknown', cell, id });
        for (const seed of seeds) send({ type: 'report', cell, report: await grade(id, answer, { seed }) });
      },
    }),
  };
  if (!ownGlobals.has(exerciseHook)) Object.defineProperty(globalThis, exerciseHook, { value: Object.freeze(onlooker) });
  ownGlobals.add(exerciseHook);
}

interface Surroundings {
  scope: ReturnType<typeof createScope>;
  require(id: string): unknown;
}

async function runOne({ js, map }: CompiledCell, { scope, require }: Surroundings): Promise<CellError | undefined> {
  const hands: { require: typeof require; names: Record<string, () => unknown>; last?: unknown } = { require, names: {} };
  try {
    const run = vm.runInThisContext(`(function (__scope) { with (__scope) { return (\n${js}\n)}})`, { filename }) as (scope: object) => (cell: typeof hands) => unknown;
    const promise = run(scope.names)(hands);
    if (promise) await promise;
    scope.declare(hands.names);
    if (hands.last != null) console.log(hands.last);
  } catch (error) {
    console.error(error);
    return describe(error, map);
  }
}

function describe(error: unknown, map: string): CellError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const line = lineOf(error, map);
  return { name: error.name, message: error.message, ...(line && { line }) };
}

/** The line of the cell at which the error arose, through esbuild's source map. */
function lineOf(error: Error, map: string): number | undefined {
  const frame = frames.get(error)?.find((one) => one.getFileName() === filename);
  if (!frame) return undefined;
  const found = new SourceMap(JSON.parse(map)).findEntry(frame.getLineNumber()! - 2, frame.getColumnNumber()! - 1);
  return 'originalLine' in found ? found.originalLine + 1 : undefined;
}
