// Grades the answers of a notebook.
import type { ExerciseCard } from '../exercise.ts';
import { pointsOf } from '../exercise.ts';
import type { ReadNotebook } from '../notebooks/read.ts';
import { type AnswerOptions, gradeAnswer, type GradedAnswer } from './answer.ts';

export interface GradedExercise extends GradedAnswer {
  id: string;
  title: string;
  of: number;
  /** The cell's place in the notebook, from 1; nothing when there is no answer. */
  cell?: number;
}

export interface GradedNotebook {
  points: number;
  of: number;
  passed: boolean;
  exercises: GradedExercise[];
  notes: string[];
}

/** `expected` are the exercises of the notebook's lesson: one that is missing counts as zero. */
export async function gradeNotebook(
  { answers, repeated, lost, imports }: ReadNotebook,
  { expected, known, onExercise, ...options }: AnswerOptions & { expected: string[]; known: ExerciseCard[]; onExercise?(id: string): void },
): Promise<GradedNotebook> {
  const notes = repeated.map((id) => `'${id}' 답이 여러 셀에 있다. 마지막 것을 채점했다.`);
  const byId = new Map(known.map((exercise) => [exercise.id, exercise]));
  for (const { id, cell } of answers.filter((answer) => !byId.has(answer.id))) notes.push(`${cell}번째 셀의 '${id}' 연습은 없다. 처음 받은 셀의 이름을 그대로 쓴다.`);
  const ids = new Set([...expected, ...answers.map((answer) => answer.id)].filter((id) => byId.has(id)));
  const exercises: GradedExercise[] = [];
  for (const id of ids) {
    onExercise?.(id);
    const exercise = byId.get(id)!;
    const answer = answers.find((one) => one.id === id);
    const frame = { id, title: exercise.title, of: pointsOf(exercise) };
    if (answer) exercises.push({ ...frame, cell: answer.cell, ...(await gradeAnswer(id, { code: answer.code, imports }, { ...options, withheld: exercise.withholds })) });
    else exercises.push({ ...frame, points: 0, passed: false, verdicts: [], problem: missing(id, lost) });
  }
  const sum = (pick: (one: GradedExercise) => number) => exercises.reduce((total, one) => total + pick(one), 0);
  return { points: sum((one) => one.points), of: sum((one) => one.of), passed: exercises.length > 0 && exercises.every((one) => one.passed), exercises, notes };
}

function missing(id: string, lost: ReadNotebook['lost']): string {
  const found = lost.find((one) => one.id === id);
  if (found) return `${found.cell}번째 셀에서 exercise('${id}', …) 호출이 사라졌다. 되돌리거나 kubook export로 새로 받아 옮긴다.`;
  return `답이 없다: exercise('${id}', …) 셀을 찾을 수 없다.`;
}
