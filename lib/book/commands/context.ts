import { join } from 'node:path';
import type { ExerciseCard } from '../exercise.ts';
import { pointsOf } from '../exercise.ts';
import type { Loaded } from '../lesson/load.ts';
import type { Lesson } from '../lesson/lesson.ts';
import { LessonError } from '../lesson/problems.ts';
import { require, root } from '../project.ts';

let loaded: ExerciseCard[] | undefined;

/** The exercises as the built package knows them: their checks lie in the same bundle as the cluster they judge. */
export function knownExercises(): ExerciseCard[] {
  loaded ??= (require(join(root, 'dist', 'index.cjs')) as { exercises(): ExerciseCard[] }).exercises();
  return loaded;
}

export function exercisePoints(): Map<string, number> {
  return new Map(knownExercises().map((exercise) => [exercise.id, pointsOf(exercise)]));
}

/** The lessons, where each can be read without a problem. */
export function sound(loaded: Loaded[]): Lesson[] {
  for (const { problems } of loaded) if (problems[0]) throw new LessonError(problems[0]);
  return loaded.map(({ lesson }) => lesson);
}
