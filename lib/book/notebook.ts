// The package as a cell sees it: the cluster's public names, and the exercises.
import { type Answer, type ExerciseCard, exercises as known, findExercise } from './exercise.ts';
import { type JudgeOptions, type Report, judge } from './judge.ts';
import { reportText } from './report.ts';
import { similar } from './similar.ts';
import { tidyErrors } from './tidy-errors.ts';

export * from '../index.ts';
export { type Answer, type ExerciseCard, type Stage } from './exercise.ts';
export { type Report, type Verdict } from './judge.ts';

/** Whoever runs cells may look on. */
interface Onlooker {
  reported(report: Report): void;
}

/** Inside tslab's kernel pictures are shown, and errors name lines of the cell. */
const kernel = (globalThis as { __tslab__?: { require(name: string): { display: { svg(text: string): void } } } }).__tslab__;
if (kernel) {
  tidyErrors();
  (globalThis as Record<symbol, unknown>)[Symbol.for('kubook.display')] = (svg: string) => kernel.require('tslab').display.svg(svg);
}

/**
 * Runs an answer on a fresh cluster (or on inputs) of the exercise and prints each check's verdict, points and hint.
 * An answer is a function that takes `{ cluster, kubectl }`, or whatever the exercise asks for.
 */
export async function exercise(id: string, answer: Answer): Promise<void> {
  const onlooker = (globalThis as Record<symbol, unknown>)[Symbol.for('kubook.exercise')] as Onlooker | undefined;
  const found = findExercise(id);
  if (!found) return void console.log(unknownExercise(id));
  const report = await judge(found, answer, { aloud: true });
  console.log(reportText(report));
  onlooker?.reported(report);
}

/** All exercises of the book, in the order of its lessons, without what their checks expect. */
export function exercises(): ExerciseCard[] {
  return known().map(({ id, title, withholds, checks }) => ({ id, title, ...(withholds && { withholds }), checks: checks.map(({ name, points, hint }) => ({ name, points, hint })) }));
}

/** Judges an answer without printing: for graders. Throws a RangeError for an unknown id. */
export async function grade(id: string, answer: Answer, options: Pick<JudgeOptions, 'seed' | 'tellThere'> = {}): Promise<Report> {
  const found = findExercise(id);
  if (!found) throw new RangeError(unknownExercise(id));
  return judge(found, answer, options);
}

function unknownExercise(id: string): string {
  const near = similar(id, known().map((exercise) => exercise.id));
  return `'${id}' 연습은 없다. ${near ? `혹시 '${near}'인지 확인한다.` : '처음 받은 셀의 연습 이름을 그대로 쓴다.'}`;
}
