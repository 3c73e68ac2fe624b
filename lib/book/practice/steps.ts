// The exercises of the book in order, each with what a learner needs to begin it.
import type { ExerciseCard } from '../exercise.ts';
import { pointsOf } from '../exercise.ts';
import { cellsOf, type Cell, type Lesson } from '../lesson/lesson.ts';
import { importLines } from '../notebooks/read.ts';

export interface Step {
  id: string;
  exercise: ExerciseCard;
  lesson: Lesson;
  cell: Cell;
  of: number;
}

export function stepsOf(lessons: Lesson[], known: ExerciseCard[]): Step[] {
  const byId = new Map(known.map((exercise) => [exercise.id, exercise]));
  return lessons.flatMap((lesson) =>
    cellsOf(lesson).flatMap((cell) => {
      const exercise = cell.exercise && byId.get(cell.exercise.id);
      return exercise ? [{ id: exercise.id, exercise, lesson, cell, of: pointsOf(exercise) }] : [];
    }),
  );
}

/** The answer file as the learner first sees it. */
export function startFile({ lesson, exercise, cell, of }: Step): string {
  const before = cellsOf(lesson).filter((one) => one.line < cell.line && !one.exercise);
  const imports = [...new Set(before.flatMap((one) => importLines(one.code)))];
  return [
    `// ${lesson.id} ${lesson.title} · 연습 ${exercise.id}: ${exercise.title} (${of}점)`,
    '// 고쳐서 저장하면 곧바로 채점한다.',
    ...(imports.length > 0 ? imports : ["import { exercise } from 'kubook';"]),
    '',
    cell.code,
    '',
  ].join('\n');
}
