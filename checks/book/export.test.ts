import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadFile } from '../../lib/book/lesson/load.ts';
import { exportNotebooks } from '../../lib/book/notebooks/export.ts';
import { toNotebook } from '../../lib/book/notebooks/to-notebook.ts';
import { sample, temporaryFolder } from './fixture-book.ts';

const { lesson } = loadFile(sample);
const name = '98-sample.ipynb';

test('a notebook follows nbformat 4.5, with ids that come from the lesson', () => {
  const { cells, nbformat, nbformat_minor, metadata } = toNotebook(lesson);
  assert.equal([nbformat, nbformat_minor], [4, 5]);
  assert.equal((metadata.kernelspec as { name: string }).name, 'tslab');
  const ids = cells.map((cell) => cell.id);
  assert.equal(ids, ['L98-head', 'L98-text-1', 'L98-code-1', 'L98-text-2', 'L98-code-2', 'L98-text-3', 'L98-exercise-double-1', 'L98-text-4', 'L98-exercise-pods-1', 'L98-text-5', 'L98-code-3', 'L98-text-6']);
  for (const id of ids) assert.match(id, /^[a-zA-Z0-9-_]{1,64}$/);
  for (const cell of cells) assert.equal(Object.keys(cell).sort(), cell.cell_type === 'code' ? ['cell_type', 'execution_count', 'id', 'metadata', 'outputs', 'source'] : ['cell_type', 'id', 'metadata', 'source']);
});

test('an exercise cell carries the metadata of nbgrader, schema 3, and no other key in it', () => {
  const cell = toNotebook(lesson).cells.find(({ id }) => id === 'L98-exercise-double-1')!;
  assert.equal(cell.metadata.nbgrader, { schema_version: 3, grade: false, locked: false, solution: true, task: false, grade_id: 'double-1', cell_type: 'code' });
  assert.equal(cell.metadata.kubook, { exercise: 'double-1', points: 3 });
});

test('a source fence becomes the code of lib', () => {
  const text = toNotebook(lesson).cells.find(({ id }) => id === 'L98-text-3')!.source.join('');
  assert.match(text, /`lib\/sim\/random\.ts`\n\n```typescript\nexport function createRandom/);
});

test('solutions replace what was shipped', () => {
  const cell = toNotebook(lesson, { solution: (id) => `solved ${id}` }).cells.find(({ id }) => id === 'L98-exercise-double-1')!;
  assert.equal(cell.source, ['solved double-1']);
});

test('what is exported can be imported where it lies', () => {
  const folder = temporaryFolder();
  exportNotebooks([lesson], { folder });
  assert.type(createRequire(join(folder, 'cell.js'))('kubook').createCluster, 'function');
  assert.ok(existsSync(join(folder, 'node_modules/@types/node/package.json')));
});

test('a folder that cannot be made is told, and does not take for ever', () => {
  if (process.platform !== 'linux') return;
  assert.throws(() => exportNotebooks([lesson], { folder: '/proc/x/y' }), (error: NodeJS.ErrnoException) => error.code === 'EROFS' && error.path === '/proc/x');
});

test('exporting twice changes nothing, and running cells is no edit', () => {
  const folder = temporaryFolder();
  const file = join(folder, name);
  assert.is(exportNotebooks([lesson], { folder })[0]!.state, 'written');
  const before = readFileSync(file, 'utf8');
  assert.is(exportNotebooks([lesson], { folder })[0]!.state, 'unchanged');
  assert.is(readFileSync(file, 'utf8'), before);
  writeFileSync(file, before.replace('"outputs": []', '"outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}]'));
  const changed = { ...lesson, parts: lesson.parts.slice(0, 2) };
  assert.is(exportNotebooks([changed], { folder })[0]!.state, 'written');
});

test('an edited notebook is never written over; with force the edit is kept beside it', () => {
  const folder = temporaryFolder();
  const file = join(folder, name);
  exportNotebooks([lesson], { folder });
  const edited = readFileSync(file, 'utf8').replace('// 여기에 작성하세요', 'return n * 2;');
  writeFileSync(file, edited);
  assert.is(exportNotebooks([lesson], { folder })[0]!.state, 'edited');
  const changed = { ...lesson, parts: lesson.parts.slice(0, 2) };
  assert.is(exportNotebooks([changed], { folder })[0]!.state, 'kept');
  assert.is(exportNotebooks([changed], { folder })[0]!.state, 'kept');
  assert.is(readFileSync(file, 'utf8'), edited);
  const [forced] = exportNotebooks([changed], { folder, force: true });
  assert.is(forced!.state, 'written');
  assert.is(readFileSync(forced!.backup!, 'utf8'), edited);
  assert.equal(readdirSync(folder).filter((entry) => entry.endsWith('.ipynb')), ['98-sample.backup-1.ipynb', name]);
});

test('a notebook that export did not write is taken for edited', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), '{"cells": []}');
  assert.is(exportNotebooks([lesson], { folder })[0]!.state, 'kept');
});

test.run();
