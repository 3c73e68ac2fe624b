// The cell runner against tslab itself.
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CellProcesses } from '../../lib/book/cells/processes.ts';
import { runCells } from '../../lib/book/cells/run.ts';
import { checkTypes } from '../../lib/book/cells/types.ts';
import { cellsOf } from '../../lib/book/lesson/lesson.ts';
import { loadFile } from '../../lib/book/lesson/load.ts';
import { runInTslab, withoutStacks } from './tslab.ts';

const { lesson, problems } = loadFile(join(import.meta.dirname, 'fixtures', 'semantics.md'));
const cells = cellsOf(lesson).map((cell) => cell.code);

test('each cell prints what it prints in tslab', async () => {
  assert.equal(problems.filter(({ code }) => code !== 'lesson-name'), []);
  const [messages] = checkTypes([cells]);
  const results = await runCells(cells, { messages: messages! });
  const expected = runInTslab(cells);
  cells.forEach((cell, i) => assert.is(withoutStacks(results[i]!.output), withoutStacks(expected[i]!), `\n${cell}`));
});

test('an error is printed without its stack', async () => {
  const [result] = await runCells(["function inner() { throw new Error('boom'); }\ninner();"]);
  assert.is(result!.output, 'Error: boom\n    at 이 셀: 여기서 멈췄다. 고친 뒤 이 셀부터 다시 실행한다.');
  assert.equal(result!.error, { name: 'Error', message: 'boom', line: 1 });
});

test('an error tells its line also after blank lines, imports and types', async () => {
  const [result] = await runCells(["import { join } from 'path';\n\ninterface A {\n  a: 1;\n}\nawait 1;\n\nnull.x;\njoin('a');"]);
  assert.is(result!.error?.line, 8);
});

test('a cell that never ends is stopped, before and after an await', async () => {
  const [first] = await runCells(['while (true) {}'], { limit: 1500 });
  assert.is(first!.endless, true);
  const [second, third] = await runCells(["console.log('begun');\nawait 1;\nfor (;;) await 2;", '3'], { limit: 1500 });
  assert.is(second!.endless, true);
  assert.is(second!.output, 'begun');
  assert.is(third!.output, '');
});

test('a cell that ends its process ends only itself', async () => {
  const [first] = await runCells(['process.exit(0)']);
  assert.is(first!.died, true);
});

test('lists of cells follow one another in a process as long as none leaves anything behind', async () => {
  const pool = new CellProcesses();
  const run = async (...cells: string[]) => (await runCells(cells, { pool })).map((result) => result.output);
  const [first] = await run('process.pid', 'const kept = 1;');
  assert.equal(await run('process.pid', 'typeof kept'), [first, 'undefined']);
  for (const trace of ['globalThis.left = 1;', 'setTimeout(() => console.log("late"), 60_000);', 'process.exit(0)']) {
    const [before] = await run('process.pid', trace);
    const [after, left] = await run('process.pid', 'typeof left');
    assert.is.not(after, before, trace);
    assert.is(left, 'undefined', trace);
  }
  pool.close();
});

test('endless output is cut off', async () => {
  const [first] = await runCells(["for (let i = 0; i < 200; i++) console.log('x'.repeat(100_000));"]);
  assert.not.ok(first!.died);
  assert.ok(first!.output.length < 1_100_000);
  assert.match(first!.output, '출력이 너무 길어');
});

test('what tslab does not accept is refused with its place', async () => {
  for (const [cell, line] of [['export const a = 1;', 1], ['\nreturn 1;', 2], ['import fs = require("fs");', 1], ['import.meta.url', 1], ['for await (const a of [1]) a;', 1]] as const) {
    const [result] = await runCells([cell]);
    assert.is(result!.refused, true, cell);
    assert.match(result!.output, new RegExp(`^${line}:`), cell);
  }
});

test.run();
