// A lesson for the real kubectl: the cluster that its first cell makes, and the files that its cells write.
import { parse } from 'yaml';
import { type Cluster, type ClusterOptions, createCluster } from '../index.ts';
import { type Play, UsageProblem } from '../serve/index.ts';
import { findExercise } from './exercise.ts';
import { cellsOf, type Lesson } from './lesson/lesson.ts';
import { loadLessons } from './lesson/load.ts';
import { LessonError } from './lesson/problems.ts';
import { isServable } from './serve-exercise.ts';

export function playLesson(name: string, { seed = 1 }: { seed?: number } = {}): Play {
  const lesson = lessonOf(name);
  const cells = cellsOf(lesson).filter(({ exercise }) => !exercise);
  const options = firstOptions(cells.map(({ code }) => code));
  const exercises = cellsOf(lesson).flatMap(({ exercise }) => (exercise && isServable(findExercise(exercise.id)) ? [exercise.id] : []));
  return {
    name: lesson.slug,
    title: `수업 ${lesson.id} ${lesson.title}`,
    ...(exercises.length > 0 && { more: `이 수업에서 kubectl로 풀 수 있는 연습: ${exercises.map((id) => `kubook serve --exercise ${id}`).join(', ')}` }),
    async open({ start = 0, ...around }: Partial<ClusterOptions>): Promise<Cluster> {
      const cluster = createCluster({ ...options, ...around, start: start - 60_000 - (start % 1000), seed });
      cluster.loop.runUntil(start);
      for (const { code } of cells) for (const [, path, text] of code.matchAll(/\.file\('([^']+)', `([^`$\\]*)`\)/g)) cluster.file(path!, text!);
      return cluster;
    },
    async check() {
      throw new UsageProblem(`지금 열려 있는 것은 연습이 아니라 수업 ${lesson.id}이다.\n    → 서버를 끝내고 kubook serve --exercise 연습 으로 다시 연다.`);
    },
  };
}

function lessonOf(name: string): Lesson {
  try {
    return loadLessons([name])[0]!.lesson;
  } catch (error) {
    if (error instanceof LessonError) throw new UsageProblem(`${error.problem.message}\n    → ${error.problem.next}`);
    throw error;
  }
}

/** What the first `createCluster({ … })` says; plain values in braces are YAML too. */
function firstOptions(cells: readonly string[]): ClusterOptions {
  const [, text = '{}'] = cells.map((code) => /createCluster\((\{[^()]*\})?\)/.exec(code)).find(Boolean) ?? [];
  return parse(text) as ClusterOptions;
}
