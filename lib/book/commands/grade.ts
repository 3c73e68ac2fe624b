import { randomInt } from 'node:crypto';
import { plainText } from '../plain-text.ts';
import type { GradedAnswer } from '../grade/answer.ts';
import { type GradedNotebook, gradeNotebook } from '../grade/notebook.ts';
import { cellsOf } from '../lesson/lesson.ts';
import { loadLessons } from '../lesson/load.ts';
import { readNotebook } from '../notebooks/read.ts';
import { reportText } from '../report.ts';
import { paint, progress, say, sayJson } from '../terminal.ts';
import { knownExercises } from './context.ts';

export interface GradeFlags {
  json?: boolean;
  seed?: number;
  timeout: number;
}

const notice = '자기 공부를 위한 채점이다: 답을 격리하지 않고 이 컴퓨터에서 그대로 실행한다. 남의 노트북은 채점하지 않는다.';

/** True when every exercise passed. */
export async function grade(file: string, { json = false, seed, timeout }: GradeFlags): Promise<boolean> {
  const notebook = readNotebook(file);
  // Fixed only for repeating a run: inputs are drawn after the answer was written.
  const seeds = seed !== undefined ? [seed] : [1, ...Array.from({ length: 3 }, () => randomInt(2, 1_000_000))];
  const graded = await gradeNotebook(notebook, {
    expected: expectedIds(notebook.lesson),
    known: knownExercises(),
    seeds,
    limit: timeout * 1000,
    onExercise: (id) => progress(`${id} 채점하는 중…`),
  });
  progress('');
  if (json) sayJson({ file, lesson: notebook.lesson ?? null, notice, seeds, ...graded });
  else print(graded);
  return graded.passed;
}

function expectedIds(id: string | undefined): string[] {
  if (!id) return [];
  const found = loadLessons().find(({ lesson }) => lesson.id === id);
  return found ? cellsOf(found.lesson).flatMap(({ exercise }) => (exercise ? [exercise.id] : [])) : [];
}

function print({ exercises, notes, points, of }: GradedNotebook): void {
  say(paint.dim(notice));
  if (exercises.length === 0) say('\n채점할 연습이 없다. kubook export로 만든 노트북인지 확인한다.');
  for (const exercise of exercises) say(`\n${gradedText(exercise)}`);
  for (const note of notes) say(paint.yellow(`\n${plainText(note)}`));
  if (exercises.length > 0) say(paint.bold(`\n모두 ${points}/${of}점`));
}

/** What came from an answer may hold escape sequences: only its letters reach the terminal. */
export function gradedText(exercise: GradedAnswer & { id: string; title: string; of: number }, options: { hints?: boolean } = {}): string {
  const { problem, verdicts } = exercise;
  if (problem) return `${paint.bold(`연습 ${exercise.id} · ${exercise.title}`)}\n  ${paint.red('✗')} ${plainText(problem)}\n  0/${exercise.of}점`;
  const clean = verdicts.map((verdict) => (verdict.reason ? { ...verdict, reason: verdict.reason.split('\n').map(plainText).join('\n') } : verdict));
  return reportText({ ...exercise, verdicts: clean }, { paint, ...options });
}
