// Every exercise fails as shipped, passes with its solution, and tells plausible wrong answers from it.
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type JudgedAnswer, judgeAnswer, Pairs } from '../../lib/book/apart/judge-answer.ts';
import { checkTypes } from '../../lib/book/cells/types.ts';
import { knownExercises } from '../../lib/book/commands/context.ts';
import { cellsOf } from '../../lib/book/lesson/lesson.ts';
import { loadLessons } from '../../lib/book/lesson/load.ts';
import { otherAnswers } from '../../lib/book/notebooks/solutions.ts';
import { startFile, stepsOf } from '../../lib/book/practice/steps.ts';
import { readIfThere, root } from '../../lib/book/project.ts';

const seeds = [1, 2, 3, 4, 5];
const folder = join(root, 'checks', 'solutions');
const lessons = loadLessons().map(({ lesson }) => lesson);

/** uvu's `test`, which the file that calls runs. */
type Test = (typeof import('uvu'))['test'];

interface Tried {
  id: string;
  what: string;
  code: string;
  fails?: string | undefined;
}

const isWrong = ({ what }: Tried) => what.includes('.wrong-');

const failedChecks = ({ reports }: JudgedAnswer) => reports.flatMap(({ verdicts }) => verdicts.flatMap(({ passed, check }) => (passed ? [] : [check])));

/** Tests of one in `parts` of the lessons' exercises, so that no file of tests takes for ever. */
export function judgedExercises(test: Test, { part, parts }: { part: number; parts: number }): void {
  const ids = lessons.filter((_, i) => i % parts === part).flatMap((lesson) => cellsOf(lesson).flatMap(({ exercise }) => (exercise ? [exercise.id] : [])));
  const exercises = knownExercises().filter(({ id }) => ids.includes(id));
  const steps = stepsOf(lessons, exercises);
  const tried: Tried[] = steps.flatMap((step) => [
    { id: step.id, what: 'shipped', code: startFile(step) },
    { id: step.id, what: 'solution', code: readIfThere(join(folder, `${step.id}.ts`)) ?? '' },
    ...otherAnswers(step.id).map(({ file, code, fails }) => ({ id: step.id, what: file, code, fails })),
  ]);

  const messages = checkTypes(tried.map(({ code }) => [code]));
  const results = new Map<Tried, JudgedAnswer>();

  // Our own answers leave nothing behind, so that one pair of processes can judge them all.
  const pool = new Pairs();
  const own = new Map(tried.map((one, i) => [one, messages[i]![0]!]));
  const withheld = new Map(exercises.map(({ id, withholds }) => [id, withholds]));
  const judged = (one: Tried, on: number[]) => judgeAnswer([one.code], { messages: [own.get(one)!], withheld: withheld.get(one.id), seeds: on, pool });

  test.before(async () => {
    const run = async (some: Tried[], on: number[]) => {
      for (const one of some) results.set(one, await judged(one, on));
    };
    await run(tried.filter((one) => !isWrong(one)), seeds);
    const wrong = tried.filter(isWrong);
    await run(wrong, seeds.slice(0, 1));
    // What luck let through once is tried with the other seeds.
    await run(wrong.filter((one) => !failedChecks(results.get(one)!).includes(one.fails!)), seeds.slice(1));
  });

  test.after(() => pool.close());

  function of(what: (one: Tried) => boolean): [Tried, JudgedAnswer][] {
    return [...results].filter(([one]) => what(one));
  }

  test('every check has a Korean name, points and a Korean hint', () => {
    for (const { id, title, checks } of exercises) {
      assert.match(title, /[가-힣]/, id);
      assert.ok(checks.length > 0, id);
      assert.is(new Set(checks.map(({ name }) => name)).size, checks.length, `${id}: names of checks repeat`);
      for (const { name, points, hint } of checks) {
        assert.match(name, /[가-힣]/, id);
        assert.match(hint, /[가-힣]/, `${id}: ${name}`);
        assert.ok(Number.isInteger(points) && points > 0, `${id}: ${name}`);
      }
    }
  });

  test('every answer is accepted by the compiler and ends', () => {
    for (const [one, result] of results) {
      assert.is(result.refused, undefined, `${one.what} of ${one.id}`);
      assert.is(result.breach, undefined, `${one.what} of ${one.id} does not end`);
    }
  });

  test('every exercise fails as shipped, for every seed', () => {
    for (const [{ id }, { reports }] of of(({ what }) => what === 'shipped')) {
      assert.is(reports.length, seeds.length, id);
      for (const report of reports) assert.not.ok(report.passed, `${id} passes as shipped with seed ${report.seed}`);
    }
  });

  test('every exercise passes with its solution, and with other right answers, on five seeds', () => {
    for (const [{ id }, { reports, error }] of of(({ what }) => what === 'solution' || what.includes('.right-'))) {
      assert.is(reports.length, seeds.length, `${id}: ${error?.message ?? 'no report'}`);
      for (const { seed, verdicts } of reports) {
        for (const { passed, check, reason } of verdicts) assert.ok(passed, `${id}, seed ${seed}, ${check}: ${reason}`);
      }
    }
  });

  test('every exercise has three wrong answers or more, each failing at the check it names', () => {
    for (const { id, exercise } of steps) {
      const wrong = of((one) => one.id === id && isWrong(one));
      assert.ok(wrong.length >= 3, `${id} has ${wrong.length} wrong answers`);
      for (const [{ what, fails }, result] of wrong) {
        const { reports, error } = result;
        assert.ok(exercise.checks.some(({ name }) => name === fails), `${what}: its first line must be "// fails: <check name>", not ${fails}`);
        assert.ok(reports.length > 0, `${what}: ${error?.message ?? 'no report'}`);
        const failed = failedChecks(result);
        assert.ok(failed.includes(fails!), `${what} should fail at "${fails}", it fails at ${[...new Set(failed)].join(', ') || 'nothing'}`);
      }
    }
  });

  test('the same answer and seed give the same report', async () => {
    const chosen = of(({ what }) => what === 'solution').map(([one]) => one);
    for (const one of chosen) assert.equal((await judged(one, seeds.slice(0, 1))).reports, results.get(one)!.reports.slice(0, 1), one.id);
  });
}
