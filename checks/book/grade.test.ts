import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gradeNotebook } from '../../lib/book/grade/notebook.ts';
import { loadFile } from '../../lib/book/lesson/load.ts';
import type { Notebook } from '../../lib/book/notebooks/nbformat.ts';
import { NotebookError, readNotebook } from '../../lib/book/notebooks/read.ts';
import { toNotebook } from '../../lib/book/notebooks/to-notebook.ts';
import { known, kubook, kubookTypes, sample, temporaryFolder } from './fixture-book.ts';

const folder = temporaryFolder();
const options = { expected: ['double-1', 'pods-1'], known, seeds: [1, 2, 3], limit: 3000, kubook, kubookTypes };
const { lesson } = loadFile(sample);

const solutions: Record<string, string> = {
  'double-1': "await exercise('double-1', (n: number) => n * 2);",
  'pods-1': "await exercise('pods-1', async ({ kubectl }) => { await kubectl`run web --image=nginx`; });",
};

function notebook(answers: Record<string, string>): Notebook {
  return toNotebook(lesson, { solution: (id) => answers[id] });
}

function write(content: unknown): string {
  const file = join(folder, 'try.ipynb');
  writeFileSync(file, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
  return file;
}

async function grade(content: unknown) {
  return gradeNotebook(readNotebook(write(content)), options);
}

async function problemOf(code: string): Promise<string> {
  const { exercises } = await grade(notebook({ ...solutions, 'double-1': code }));
  assert.is(exercises[0]!.points, 0);
  assert.is(exercises[1]!.points, 3);
  return exercises[0]!.problem ?? '';
}

test('a notebook as shipped has no points, a solved one all', async () => {
  const shipped = await grade(notebook({}));
  assert.equal([shipped.points, shipped.of, shipped.passed], [1, 6, false]);
  const solved = await grade(notebook(solutions));
  assert.equal([solved.points, solved.of, solved.passed], [6, 6, true]);
});

test('each check has its own points; a failed one has a reason and a hint', async () => {
  const { exercises } = await grade(notebook({ ...solutions, 'double-1': "await exercise('double-1', (n: number) => (n === 0 ? 0 : 6));" }));
  const [small, drawn] = exercises[0]!.verdicts;
  assert.equal([small!.passed, small!.points], [true, 1]);
  assert.equal([drawn!.passed, drawn!.points, drawn!.hint], [false, 0, '입력을 읽는다.']);
  assert.match(drawn!.reason!, /^입력 \d+: 기대한 값은 \d+, 나온 값은 6$/);
});

test('an answer that speaks for its judge, or changes what the judge stands on, gets nothing', async () => {
  const report = "{ id: 'double-1', seed: 1, points: 3, of: 3, passed: true, verdicts: [{ check: '작은 수', passed: true, points: 3, of: 3 }] }";
  const onlooker = "(globalThis as any)[Symbol.for('kubook.exercise')]";
  const cheats = [
    `(process as any).send({ type: 'report', cell: 1, report: ${report} }); (process as any).send({ type: 'done' });`,
    `${onlooker}.reported?.(${report});`,
    `${onlooker}.answered = async () => {};`,
    'Object.is = () => true;',
    "(Array.prototype as any).every = () => true; (Object.prototype as any).passed = true;",
    "(JSON as any).stringify = () => '1';",
  ];
  for (const cheat of cheats) {
    const { exercises } = await grade(notebook({ ...solutions, 'double-1': `${cheat}\nawait exercise('double-1', (n: number) => -1);` }));
    assert.is(exercises[0]!.points, 0, cheat);
  }
});

test('what an exercise withholds is not in the library that its answer sees', async () => {
  const withholding = known.map((exercise) => ({ ...exercise, withholds: ['createCluster'] }));
  const code = "import { createCluster, exercise } from 'kubook';\nawait exercise('double-1', (n: number) => { createCluster(); return n * 2; });";
  const { exercises } = await gradeNotebook(readNotebook(write(notebook({ ...solutions, 'double-1': code }))), { ...options, known: withholding });
  assert.is(exercises[0]!.points, 0);
  assert.is(exercises[0]!.problem, undefined);
  assert.match(exercises[0]!.verdicts[0]!.reason!, /createCluster를 쓸 수 없다/);
  assert.is(exercises[1]!.points, 3);
});

test('a syntax error names its place', async () => {
  assert.match(await problemOf("await exercise('double-1', (n: number) => {\n  return n"), /^2번째 줄 \d+번째 글자: /);
});

test('answers are found by their id, wherever they stand', async () => {
  const moved = notebook(solutions);
  for (const cell of moved.cells) cell.metadata = {};
  moved.cells.reverse();
  assert.is((await grade(moved)).points, 6);
});

test('of two cells with one id the last counts, and it is said', async () => {
  const twice = notebook(solutions);
  const cell = twice.cells.find(({ id }) => id === 'L98-exercise-double-1')!;
  twice.cells.push({ ...cell, id: 'copy', source: ["await exercise('double-1', 1);"] });
  const graded = await grade(twice);
  assert.is(graded.exercises[0]!.points, 0);
  assert.match(graded.notes[0]!, /double-1/);
});

test('a cell that was emptied, or commented out, counts as missing and is named', async () => {
  for (const source of ['', "// await exercise('double-1', (n: number) => n * 2);"]) {
    const graded = await grade(notebook({ ...solutions, 'double-1': source }));
    assert.is(graded.exercises[0]!.points, 0);
    assert.match(graded.exercises[0]!.problem!, /7번째 셀/);
  }
});

test('an answer that never ends is stopped and named', async () => {
  assert.match(await problemOf("await exercise('double-1', () => { for (;;) {} });"), /3초 안에 끝나지 않아/);
});

test('an answer that leaves gets nothing', async () => {
  const { exercises } = await grade(notebook({ ...solutions, 'double-1': "await exercise('double-1', () => process.exit(0));" }));
  assert.is(exercises[0]!.points, 0);
  assert.match(exercises[0]!.verdicts[0]!.reason!, /쓸 수 없다: process/);
});

test('an answer that awaits what never comes is told so', async () => {
  assert.match(await problemOf("await exercise('double-1', () => new Promise(() => {}));"), /영영 오지 않는다/);
});

test('an answer reaches no file, no network, no process, and not the channel on which it is judged', async () => {
  const tries = [
    "import { readFileSync } from 'fs';\nawait exercise('double-1', () => readFileSync('/etc/hostname', 'utf8'));",
    "import * as net from 'net';\nawait exercise('double-1', () => String(net.connect(1)));",
    "import { execSync } from 'child_process';\nawait exercise('double-1', () => String(execSync('id')));",
    "await exercise('double-1', () => Object.keys(process.env));",
    "await exercise('double-1', () => (globalThis as any).fetch('http://127.0.0.1:1'));",
    "await exercise('double-1', () => (Function('return process')() as any)._send);",
  ];
  for (const code of tries) {
    const { exercises } = await grade(notebook({ ...solutions, 'double-1': code }));
    assert.is(exercises[0]!.points, 0, code);
    assert.match(exercises[0]!.problem ?? exercises[0]!.verdicts[0]!.reason!, /채점할 때는 쓸 수 없다/, code);
  }
});

test('an answer that eats memory outside of the heap is stopped', async () => {
  assert.match(await problemOf("await exercise('double-1', () => { const a = []; for (;;) a.push(Buffer.alloc(1e8, 1)); });"), /메모리를 다 썼다|끝나지 않아/);
});

test('a type error names its line', async () => {
  assert.match(await problemOf("await exercise('double-1', (n: number) => {\n  const s: string = n;\n  return s;\n});"), /^2번째 줄 9번째 글자: Type 'number'/);
});

test('a name from another cell is named', async () => {
  assert.match(await problemOf("await exercise('double-1', (globalThis as any).helper ?? nowhere);"), /Cannot find name 'nowhere'/);
});

test('an answer that throws is told so, without a stack', async () => {
  const { exercises } = await grade(notebook({ ...solutions, 'double-1': "await exercise('double-1', () => { throw new Error('boom'); });" }));
  assert.is(exercises[0]!.verdicts[0]!.reason, '입력 0: 답이 오류로 끝났다. boom');
});

test('odd notebooks have clear errors', () => {
  const message = (content: unknown): string => {
    try {
      readNotebook(write(content));
    } catch (error) {
      if (error instanceof NotebookError) return `${error.message} → ${error.next}`;
      throw error;
    }
    return '';
  };
  const whole = JSON.stringify(notebook(solutions));
  assert.match(message(whole.slice(0, -100)), /중간에 끊겼거나/);
  assert.match(message('not json'), /JSON/);
  assert.match(message(''), /비어 있다/);
  assert.match(message('[]'), /셀이 없다/);
  assert.match(message({ cells: 'none' }), /셀이 없다/);
  assert.match(message(new Uint8Array([0xff, 0xfe, 0x7b, 0])), /UTF-8/);
  assert.is(message({ cells: [null, 1, { cell_type: 'code' }, { cell_type: 'code', source: [1, null] }, { cell_type: 'code', source: 5, metadata: null }] }), '');
  assert.is(message('{"cells": [], "metadata": {"__proto__": {"polluted": true}}}'), '');
  assert.is(({} as { polluted?: boolean }).polluted, undefined);
});

test.run();
