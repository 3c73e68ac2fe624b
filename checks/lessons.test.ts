// `kubook verify` of all lessons: every printing cell has its output, and it is what the cell prints.
import MarkdownIt from 'markdown-it';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exercisePoints } from '../lib/book/commands/context.ts';
import { columns } from '../lib/book/columns.ts';
import { cellsOf } from '../lib/book/lesson/lesson.ts';
import { loadLessons } from '../lib/book/lesson/load.ts';
import { findSources } from '../lib/book/lesson/source.ts';
import { problemText } from '../lib/book/terminal.ts';
import { readIfThere } from '../lib/book/project.ts';
import { withOutputs } from '../lib/book/verify/update.ts';
import { verifyLessons } from '../lib/book/verify/verify.ts';

test('every lesson holds, and rewriting its outputs changes nothing', async () => {
  const verified = await verifyLessons(loadLessons(), { exercises: exercisePoints() });
  assert.ok(verified.length > 0);
  for (const { lesson, results, problems } of verified) {
    assert.is(problems.map(problemText).join('\n'), '');
    assert.is(withOutputs(lesson, results), lesson.text);
  }
});

test('no line of a cell is wider than a notebook shows', () => {
  const cells = loadLessons().flatMap(({ lesson }) => cellsOf(lesson).map((cell) => ({ ...cell, file: lesson.file })));
  const lines = cells.flatMap(({ code, line, file }) => code.split('\n').map((text, i) => ({ at: `${file}:${line + i + 1}`, text })));
  assert.equal(lines.filter(({ text }) => columns(text) > 104).map(({ at }) => at), []);
});

test('no line of shown source is wider than a notebook shows', () => {
  const names = loadLessons().flatMap(({ lesson }) => lesson.parts.flatMap((part) => (part.kind === 'source' ? [part.name] : [])));
  const wide = names.flatMap(findSources).flatMap(({ file, code }) => code.split('\n').filter((line) => columns(line) > 96).map((line) => `${file}: ${line}`));
  assert.equal(wide, []);
});

test('no star of an emphasis is left in what a lesson says', () => {
  const markdown = new MarkdownIt();
  const said = loadLessons().flatMap(({ lesson }) => lesson.parts.flatMap((part) => (part.kind === 'prose' ? [{ file: lesson.file, html: markdown.render(part.text) }] : [])));
  const left = said.filter(({ html }) => html.replace(/<(code|pre)>.*?<\/\1>/gs, '').includes('**'));
  assert.equal(left.map(({ file, html }) => `${file}: ${html}`), []);
});

test('a solution in a notebook finds every name it uses imported there', () => {
  for (const { lesson } of loadLessons()) {
    const cells = cellsOf(lesson);
    const imported = new Set(cells.flatMap(({ code }) => namesImported(code)));
    const ids = cells.flatMap(({ exercise }) => (exercise ? [exercise.id] : []));
    for (const id of ids) assert.equal(namesImported(readIfThere(`checks/solutions/${id}.ts`)!).filter((name) => !imported.has(name)), [], id);
  }
});

function namesImported(code: string): string[] {
  return [...code.matchAll(/^import (type )?\{([^}]*)\}/gm)].flatMap(([, , names]) => names!.split(',').map((name) => name.replace(/^\s*type\s/, '').trim()).filter(Boolean));
}

test.run();
