// Every exercise stands in one lesson, every answer belongs to an exercise.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { knownExercises } from '../../lib/book/commands/context.ts';
import { cellsOf } from '../../lib/book/lesson/lesson.ts';
import { loadLessons } from '../../lib/book/lesson/load.ts';
import { root } from '../../lib/book/project.ts';

const folder = join(root, 'checks', 'solutions');
const lessons = loadLessons().map(({ lesson }) => lesson);
const exercises = knownExercises();

test('there are exercises, and each stands in one lesson', () => {
  assert.ok(exercises.length > 0);
  const placed = lessons.flatMap((lesson) => cellsOf(lesson).flatMap(({ exercise }) => (exercise ? [exercise.id] : []))).sort();
  assert.equal(placed, exercises.map(({ id }) => id).sort());
});

test('no answer is left without its exercise', () => {
  const ids = new Set(exercises.map(({ id }) => id));
  const stray = readdirSync(folder).filter((name) => !ids.has(basename(name, '.ts').replace(/\.(wrong|right)-.*$/, '')));
  assert.equal(stray, []);
});

test.run();
