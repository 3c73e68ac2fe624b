// The process that runs cells: a cell that never ends, or ends the process, ends only this one.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import type { Report } from '../judge.ts';
import { capturingConsole } from './capture.ts';
import { noteErrors, runOne } from './evaluate.ts';
import type { RunMessage, RunRequest } from './protocol.ts';
import { createScope } from './scope.ts';

/** Only who was told the run's token speaks for it: a cell that sends messages of its own is not heard. */
let token = '';
const channel = process.send!.bind(process);
const send = (message: RunMessage, sent?: () => void) => channel({ ...message, token }, undefined, undefined, sent);
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

async function runAll({ cells, kubook, folder }: RunRequest): Promise<void> {
  const output = capturingConsole((text) => send({ type: 'text', cell, text }));
  globalThis.console = output.console;
  const local = createRequire(join(folder, 'cell.js'));
  const require = (id: string) => local(id === 'kubook' ? kubook : id);
  require('kubook');
  const scope = createScope({ require, exports: {} });
  listen();
  noteErrors();
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

/** Reports of exercises travel as data. */
function listen(): void {
  const onlooker = { reported: (report: Report) => void send({ type: 'report', cell, report }) };
  if (!ownGlobals.has(exerciseHook)) Object.defineProperty(globalThis, exerciseHook, { value: Object.freeze(onlooker) });
  ownGlobals.add(exerciseHook);
}
