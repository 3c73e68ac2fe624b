import { readFileSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve } from 'node:path';
import { lessonFiles, readIfThere, root } from '../project.ts';
import { similar } from '../similar.ts';
import { type Lesson, cellsOf } from './lesson.ts';
import { parseLesson } from './parse.ts';
import { LessonError, type Problem, problem } from './problems.ts';

export interface Loaded {
  lesson: Lesson;
  problems: Problem[];
}

/** Reads the named lessons (`L02`, `02`, `02-why-kubernetes`, a path), or all of them. */
export function loadLessons(names: readonly string[] = []): Loaded[] {
  const files = names.length > 0 ? names.map(findLesson) : lessonFiles();
  if (files.length === 0) throw new LessonError(problem('no-lessons', { file: 'lessons/', line: 0 }));
  const loaded = files.map(loadFile);
  checkIds(loaded);
  return loaded;
}

export function loadFile(file: string): Loaded {
  const inside = relative(root, file);
  return parseLesson(readFileSync(file, 'utf8'), inside.startsWith('..') || isAbsolute(inside) ? file : inside);
}

function findLesson(name: string): string {
  const path = resolve(name);
  if (name.endsWith('.md') && readIfThere(path) !== undefined) return path;
  const files = lessonFiles();
  const wanted = name.replace(/\.md$/, '').replace(/^L(?=\d)/i, '');
  const found = files.find((file) => basename(file, '.md') === wanted || basename(file).startsWith(`${wanted.padStart(2, '0')}-`));
  if (found) return found;
  const slugs = files.map((file) => basename(file, '.md'));
  const near = similar(wanted, slugs);
  throw new LessonError(problem('lesson-missing', { file: name, line: 0 }, name, near ?? slugs.join(', ')));
}

/** An exercise's id is its name in the whole book. */
function checkIds(loaded: Loaded[]): void {
  const seen = new Map<string, string>();
  for (const { lesson, problems } of loaded) {
    for (const { exercise, line } of cellsOf(lesson)) {
      if (!exercise) continue;
      const before = seen.get(exercise.id);
      if (before) problems.push(problem('exercise-twice', { file: lesson.file, line }, exercise.id, before));
      else seen.set(exercise.id, `${lesson.file}:${line}`);
    }
  }
}
