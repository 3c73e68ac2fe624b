import { join, isAbsolute } from 'node:path';
import { writeWhole } from '../files.ts';
import { loadLessons } from '../lesson/load.ts';
import { cellsOf } from '../lesson/lesson.ts';
import { root } from '../project.ts';
import { paint, problemText, progress, say, sayJson } from '../terminal.ts';
import { withOutputs } from '../verify/update.ts';
import { type Verified, verifyLessons } from '../verify/verify.ts';
import { exercisePoints } from './context.ts';

export interface VerifyFlags {
  update?: boolean;
  json?: boolean;
}

/** True when every lesson holds. */
export async function verify(names: string[], { update = false, json = false }: VerifyFlags): Promise<boolean> {
  let verified = await verifyLessons(loadLessons(names), settings());
  const updated = update ? verified.filter(rewrite).map(({ lesson }) => lesson.file) : [];
  if (updated.length > 0) verified = await verifyLessons(loadLessons(names), settings());
  progress('');
  const problems = verified.flatMap((one) => one.problems);
  if (json) sayJson({ ok: problems.length === 0, lessons: verified.map(summary), updated, problems });
  else report(verified, updated);
  return problems.length === 0;
}

function settings() {
  return { exercises: exercisePoints(), onLesson: ({ id }: { id: string }) => progress(`${id} 확인하는 중…`) };
}

function rewrite({ lesson, results }: Verified): boolean {
  const text = withOutputs(lesson, results);
  if (text === lesson.text) return false;
  writeWhole(isAbsolute(lesson.file) ? lesson.file : join(root, lesson.file), text);
  return true;
}

function summary({ lesson, problems }: Verified) {
  const cells = cellsOf(lesson);
  return { id: lesson.id, file: lesson.file, cells: cells.length, exercises: cells.filter((cell) => cell.exercise).length, problems: problems.length };
}

function report(verified: Verified[], updated: string[]): void {
  for (const one of verified) {
    const { id, file, cells, exercises, problems } = summary(one);
    for (const problem of one.problems) say(problemText(problem));
    if (problems === 0) say(`${paint.green('✓')} ${id} ${file}: 셀 ${cells}개, 연습 ${exercises}개`);
  }
  for (const file of updated) say(`${paint.cyan('↻')} ${file}의 출력을 다시 썼다.`);
  const broken = verified.filter((one) => one.problems.length > 0).length;
  say(broken === 0 ? `수업 ${verified.length}개가 모두 맞다.` : `수업 ${verified.length}개 가운데 ${broken}개에 문제가 있다.`);
}
