// Exercise after exercise in the terminal: edit the file, save it, read the verdict.
import { unwatchFile, watchFile } from 'node:fs';
import { join, relative } from 'node:path';
import { gradedText } from '../commands/grade.ts';
import { writeWhole } from '../files.ts';
import { gradeAnswer } from '../grade/answer.ts';
import type { Verdict } from '../judge.ts';
import { linkPackages } from '../notebooks/link.ts';
import { readIfThere, root } from '../project.ts';
import { paint, progress as watch, say } from '../terminal.ts';
import { listenKeys } from './keys.ts';
import { type Progress, record, saveProgress } from './progress.ts';
import { lessonTitle, lessonUpTo, sectionBefore } from './read-aloud.ts';
import { type Step, startFile } from './steps.ts';

const folder = join(root, 'practice');
const seeds = [1, 2, 3];
const limit = 10_000;

/** Goes on until the learner quits. */
export async function practise(steps: Step[], first: Step, given: Progress): Promise<void> {
  let progress = given;
  let step = first;
  let verdicts: Verdict[] | undefined;
  let judging: Promise<void> | undefined;
  let again = false;
  linkPackages(folder);

  async function enter(next: Step): Promise<void> {
    unwatchFile(fileOf(step));
    if (next.lesson !== step.lesson || next === first) say(`\n${lessonTitle(next.lesson)}`);
    step = next;
    verdicts = undefined;
    progress = { ...progress, current: step.id };
    saveProgress(progress);
    const file = fileOf(step);
    if (readIfThere(file) === undefined) writeWhole(file, startFile(step));
    say(`\n${sectionBefore(step.lesson, step.cell.line)}\n`);
    say(introduction(step, { place: steps.indexOf(step) + 1, count: steps.length }));
    watchFile(file, { interval: 250 }, (now, before) => {
      if (now.mtimeMs !== before.mtimeMs) void judge();
    });
    await judge();
  }

  /** One judgement at a time; a save in between asks for one more. */
  async function judge(): Promise<void> {
    again = true;
    judging ??= (async () => {
      while (again) {
        again = false;
        await judgeOnce(step);
      }
      judging = undefined;
    })();
    await judging;
  }

  async function judgeOnce(at: Step): Promise<void> {
    const code = readIfThere(fileOf(at));
    if (code === undefined) return say(`${shown(at)} 파일이 없다. n과 p로 다시 들어오면 새로 만든다.`);
    watch('채점하는 중…');
    const graded = await gradeAnswer(at.id, { code, imports: [] }, { seeds, limit, withheld: at.exercise.withholds });
    watch('');
    if (at !== step) return;
    verdicts = graded.verdicts;
    progress = record(progress, at.id, { ...graded, of: at.of });
    saveProgress(progress);
    say(`\n${gradedText({ ...graded, id: at.id, title: at.exercise.title, of: at.of }, { hints: false })}`);
    say(graded.passed ? paint.green('  n을 누르면 다음 연습으로 간다.') : paint.dim(`  ${shown(at)} 를 고쳐 저장한다.\n  ${keysLine}`));
  }

  function hint(): void {
    const failed = verdicts?.find((verdict) => !verdict.passed);
    const text = failed?.hint ?? (verdicts?.length ? undefined : step.exercise.checks[0]?.hint);
    say(text ? `${paint.yellow('힌트')}: ${text}` : '모두 통과했다: 힌트가 필요 없다.');
  }

  function move(by: number): void | Promise<void> {
    const next = steps[steps.indexOf(step) + by];
    if (next) return enter(next);
    say(by > 0 ? '마지막 연습이다. q로 나간다.' : '첫 연습이다.');
  }

  await new Promise<void>((resolve) => {
    let queue: Promise<void> = Promise.resolve();
    const actions: Record<string, () => void | Promise<void>> = {
      h: hint,
      n: () => move(1),
      p: () => move(-1),
      r: judge,
      l: () => say(`\n${lessonTitle(step.lesson)}\n\n${lessonUpTo(step.lesson, step.cell.line)}\n`),
    };
    const keys = listenKeys((key) => {
      const leave = () => {
        unwatchFile(fileOf(step));
        keys.close();
        resolve();
      };
      // On a terminal q leaves at once; typed-ahead lines are worked off first.
      if (key === 'q' && process.stdin.isTTY) leave();
      else queue = queue.then(() => (key === 'q' ? leave() : actions[key]?.()));
    });
    queue = enter(first);
  });
  const passed = steps.filter(({ id }) => progress.exercises[id]?.passed).length;
  say(`\n연습 ${steps.length}개 가운데 ${passed}개를 통과했다. kubook practice 로 여기서부터 이어서 한다.`);
}

const keysLine = 'h 힌트 · n 다음 · p 이전 · l 수업 읽기 · r 다시 채점 · q 나가기';

function fileOf({ id }: Step): string {
  return join(folder, `${id}.ts`);
}

function shown(step: Step): string {
  return relative(process.cwd(), fileOf(step));
}

function introduction(step: Step, { place, count }: { place: number; count: number }): string {
  return `${paint.bold(`[${place}/${count}]`)} 답을 적을 파일: ${paint.cyan(shown(step))}\n${paint.dim(keysLine)}`;
}
