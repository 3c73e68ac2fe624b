import { randomInt } from 'node:crypto';
import { plainText } from '../plain-text.ts';
import type { GradedAnswer } from '../grade/answer.ts';
import { type GradedNotebook, gradeNotebook } from '../grade/notebook.ts';
import { cellsOf } from '../lesson/lesson.ts';
import { loadLessons } from '../lesson/load.ts';
import { readNotebook } from '../notebooks/read.ts';
import { failureLines, type Paint, plainPaint, reportText } from '../report.ts';
import { paint, progress, say, sayJson } from '../terminal.ts';
import { knownExercises } from './context.ts';

export interface GradeFlags {
  json?: boolean;
  seed?: number;
  timeout: number;
  /** The folder for the marks of a class. */
  out: string;
}

export const notice =
  '답은 파일, 네트워크, 다른 프로세스에 닿지 못하는 프로세스에서 실행된다.\n클러스터와 검사는 답이 실행되지 않는 다른 프로세스에 있고, 점수는 거기서 정한다.';

/** True when every exercise passed. */
export async function gradeFile(file: string, { json = false, seed, timeout }: GradeFlags): Promise<boolean> {
  const notebook = readNotebook(file);
  const seeds = seedsFor(seed);
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

/** Fixed only for repeating a run: inputs are drawn after the answer was written. */
export function seedsFor(seed: number | undefined): number[] {
  return seed !== undefined ? [seed] : [1, ...Array.from({ length: 3 }, () => randomInt(2, 1_000_000))];
}

export function expectedIds(id: string | undefined): string[] {
  if (!id) return [];
  const found = loadLessons().find(({ lesson }) => lesson.id === id);
  return found ? cellsOf(found.lesson).flatMap(({ exercise }) => (exercise ? [exercise.id] : [])) : [];
}

function print(graded: GradedNotebook): void {
  const { exercises, points, of } = graded;
  say(paint.dim(notice));
  if (exercises.length === 0) say('\n채점할 연습이 없다. kubook export로 만든 노트북인지 확인한다.');
  for (const line of gradedLines(graded, paint)) say(line);
  if (exercises.length > 0) say(paint.bold(`\n모두 ${points}/${of}점`));
}

export function gradedLines({ exercises, notes }: GradedNotebook, colours: Paint = plainPaint): string[] {
  return [...exercises.map((exercise) => `\n${gradedText(exercise, { colours })}`), ...notes.map((note) => colours.yellow(`\n${plainText(note)}`))];
}

/** What came from an answer may hold escape sequences: only its letters reach the terminal. */
export function gradedText(exercise: GradedAnswer & { id: string; title: string; of: number }, { hints, colours = paint }: { hints?: boolean; colours?: Paint } = {}): string {
  const { problem, verdicts } = exercise;
  if (problem) return `${colours.bold(`연습 ${exercise.id} · ${exercise.title}`)}\n${failureLines(plainText(problem), colours).join('\n')}\n  0/${exercise.of}점`;
  const clean = verdicts.map((verdict) => (verdict.reason ? { ...verdict, reason: verdict.reason.split('\n').map(plainText).join('\n') } : verdict));
  return reportText({ ...exercise, verdicts: clean }, { paint: colours, ...(hints !== undefined && { hints }) });
}
