import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cellsOf } from '../../lib/book/lesson/lesson.ts';
import { loadFile } from '../../lib/book/lesson/load.ts';
import { parseLesson } from '../../lib/book/lesson/parse.ts';
import { problem, problemCodes } from '../../lib/book/lesson/problems.ts';
import { findSources, sourceProblems } from '../../lib/book/lesson/source.ts';
import { sample } from './fixture-book.ts';

const { lesson, problems } = loadFile(sample);

test('a lesson is read into prose, cells, outputs, exercises and sources', () => {
  assert.equal(problems, []);
  assert.is(lesson.slug, '98-sample');
  assert.is(lesson.goal, '셀과 연습이 어떻게 생겼는지 본다');
  assert.equal(
    lesson.parts.map(({ kind, line }) => `${line} ${kind}`),
    ['9 prose', '13 cell', '24 prose', '26 cell', '30 prose', '34 source', '37 prose', '39 cell', '45 prose', '47 cell', '53 prose', '55 cell', '65 prose'],
  );
  const [first, quiet, double] = cellsOf(lesson);
  assert.equal(first!.output, { text: '1', from: 20, to: 22 });
  assert.is(quiet!.output, undefined);
  assert.equal(double!.exercise, { id: 'double-1', points: 3 });
});

test('prose keeps what was written', () => {
  assert.equal(lesson.parts[0], { kind: 'prose', text: '## 첫 셀\n\n**직접** 해 본다.', line: 9 });
  assert.equal(lesson.parts[4], { kind: 'prose', text: '```yaml\nkind: Pod\n```', line: 30 });
});

const folder = join(import.meta.dirname, 'fixtures', 'problems');
for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
  test(`problems of ${name}`, () => {
    const found = parseLesson(readFileSync(join(folder, name), 'utf8'), `lessons/${name}`).problems;
    const expected = readFileSync(join(folder, name.replace('.md', '.txt')), 'utf8').trim().split('\n');
    assert.equal(
      found.map(({ code, line }) => `${code} ${line}`),
      expected,
    );
    for (const one of found) assert.match(one.message + one.next, /[가-힣]/);
  });
}

test('every problem has a Korean message and a next step', () => {
  for (const code of problemCodes) {
    const { message, next } = problem(code, { file: 'a.md', line: 1 }, 'x', 'y');
    assert.match(message, /[가-힣]/, code);
    assert.match(next, /[가-힣]/, code);
  }
});

test('a source fence shows the declaration with its comment', () => {
  const [found, ...more] = findSources('fnv1a');
  assert.is(more.length, 0);
  assert.is(found!.file, 'lib/sim/random.ts');
  assert.match(found!.code, /^\/\*\* 32-bit FNV-1a[^\n]*\nexport function fnv1a\(text: string\): number \{\n[^]*\n\}$/);
});

test('an unknown source names the nearest', () => {
  const [found] = sourceProblems({ ...lesson, parts: [{ kind: 'source', name: 'createRandon', line: 3 }] });
  assert.is(found!.code, 'source-unknown');
  assert.match(found!.message, /createRandom/);
});

test.run();
