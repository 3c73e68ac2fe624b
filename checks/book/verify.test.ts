import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pointsOf } from '../../lib/book/exercise.ts';
import { loadFile } from '../../lib/book/lesson/load.ts';
import { parseLesson } from '../../lib/book/lesson/parse.ts';
import { withOutputs } from '../../lib/book/verify/update.ts';
import { verifyLessons } from '../../lib/book/verify/verify.ts';
import { known, kubook, kubookTypes, sample, temporaryFolder } from './fixture-book.ts';

const options = { exercises: new Map(known.map((exercise) => [exercise.id, pointsOf(exercise)])), kubook, kubookTypes, limit: 5000 };
const head = '---\nid: L97\ntitle: 제목\ngoal: 목표\nminutes: 5\nnotes: []\n---\n';

async function verifyText(text: string) {
  const [verified] = await verifyLessons([parseLesson(head + text, 'lessons/97-try.md')], options);
  return verified!;
}

async function codes(text: string): Promise<string[]> {
  return (await verifyText(text)).problems.map(({ code, line }) => `${code} ${line}`);
}

test('the sample holds, and says so twice without a change', async () => {
  const file = join(temporaryFolder(), '98-sample.md');
  copyFileSync(sample, file);
  for (let time = 0; time < 2; time++) {
    const [verified] = await verifyLessons([loadFile(file)], options);
    assert.equal(verified!.problems, []);
    writeFileSync(file, withOutputs(verified!.lesson, verified!.results));
    assert.is(readFileSync(file, 'utf8'), readFileSync(sample, 'utf8'));
  }
});

test('a missing, a wrong and a needless output are found and rewritten', async () => {
  const text = '```ts\n1\n```\n\n```ts\n[2,\n 3]\n```\n\n```output\n[ 2, 4 ]\n```\n\n```ts\nconst a = 1;\n```\n\n```output\n1\n```\n\n글.\n';
  assert.equal(await codes(text), ['output-missing 8', 'output-differs 18', 'output-differs 26']);
  const { lesson, results } = await verifyText(text);
  const fixed = withOutputs(lesson, results).slice(head.length);
  assert.is(fixed, '```ts\n1\n```\n\n```output\n1\n```\n\n```ts\n[2,\n 3]\n```\n\n```output\n[ 2, 3 ]\n```\n\n```ts\nconst a = 1;\n```\n\n글.\n');
  assert.equal(await codes(fixed), []);
});

test('a difference is shown line by line', async () => {
  const [found] = (await verifyText("```ts\nconsole.log('a\\nb');\n```\n\n```output\na\nc\n```\n")).problems;
  assert.is(found!.line, 14);
  assert.is(found!.detail, '  a\n- c\n+ b');
});

test('output that holds a fence gets a longer one', async () => {
  const { lesson, results } = await verifyText("```ts\nconsole.log('```');\n```\n");
  assert.match(withOutputs(lesson, results), /\n````output\n```\n````\n/);
});

test('a cell that stops is a problem with its line, and never written as output', async () => {
  const text = "```ts\nconst a = 1;\nthrow new Error('boom');\n```\n";
  const verified = await verifyText(text);
  assert.equal(verified.problems.map(({ code, line }) => `${code} ${line}`), ['cell-throws 10']);
  assert.match(verified.problems[0]!.message, /boom/);
  assert.is(withOutputs(verified.lesson, verified.results), head + text);
});

test('a type error is a problem with its line; a later cell does not see what it declared', async () => {
  assert.equal(await codes("```ts\n\nconst a: number = 'x';\n```\n\n```ts\na\n```\n"), ['cell-types 10', 'cell-types 14']);
});

test('a cell that is meant to stop shows how it stops', async () => {
  const { lesson, results } = await verifyText("```ts throws\nthrow new Error('boom');\n```\n");
  assert.match(withOutputs(lesson, results), /```output\nError: boom\n {4}at 이 셀/);
  assert.equal(await codes('```ts throws\nconst a = 1;\n```\n'), ['cell-holds 8']);
});

test('a cell that never ends is named', async () => {
  assert.equal(await codes('```ts\nwhile (true) {}\n```\n'), ['cell-endless 8']);
});

test('exercises: unknown, wrong points, not alone, passing as shipped', async () => {
  const first = "```ts\nimport { exercise } from 'kubook';\n```\n\n";
  const fence = (id: string, points: number, code: string) => `${first}\`\`\`ts exercise id=${id} points=${points}\n${code}\n\`\`\`\n`;
  assert.equal(await codes(fence('double-2', 1, "await exercise('double-2', 1);")), ['exercise-unknown 12']);
  assert.equal(await codes(fence('double-1', 2, "await exercise('double-1', 1);")), ['exercise-points 12']);
  assert.equal(await codes(fence('double-1', 3, "const n = 1;\nawait exercise('double-1', n);")), ['exercise-alone 12']);
  assert.equal(await codes(fence('double-1', 3, "await exercise('double-1', (n: number) => n + n);")), ['exercise-passes 12']);
});

test.run();
