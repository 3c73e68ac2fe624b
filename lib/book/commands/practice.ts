import { loadLessons } from '../lesson/load.ts';
import { practise } from '../practice/practice.ts';
import { readProgress } from '../practice/progress.ts';
import { stepsOf } from '../practice/steps.ts';
import { similar } from '../similar.ts';
import { complain, say } from '../terminal.ts';
import { knownExercises, sound } from './context.ts';

/** Picks up at the exercise named, or where the learner stopped. False when there is no such exercise. */
export async function practice(id?: string): Promise<boolean> {
  const steps = stepsOf(sound(loadLessons()), knownExercises());
  const { progress, damaged } = readProgress();
  if (damaged) say(`진도 파일을 읽을 수 없어 ${damaged} 로 옮기고 새로 시작한다.`);
  const ids = steps.map((step) => step.id);
  if (id !== undefined && !ids.includes(id)) {
    const near = similar(id, ids);
    complain(`'${id}' 연습은 없다. ${near ? `혹시 '${near}'인지 확인한다.` : `있는 연습: ${ids.join(', ')}`}`);
    return false;
  }
  const done = (one: string) => progress.exercises[one]?.passed === true;
  const stopped = steps.find((step) => step.id === progress.current && !done(step.id));
  const first = (id !== undefined ? steps.find((step) => step.id === id) : undefined) ?? stopped ?? steps.find((step) => !done(step.id)) ?? steps[0];
  if (!first) {
    complain('연습이 하나도 없다.');
    return false;
  }
  if (steps.every((step) => done(step.id))) say('모든 연습을 통과했다. 처음 것부터 다시 볼 수 있다.');
  await practise(steps, first, progress);
  return true;
}
