import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { columns, wrap } from '../../lib/book/columns.ts';
import type { Exercise } from '../../lib/book/exercise.ts';
import { judge } from '../../lib/book/judge.ts';
import { reportText } from '../../lib/book/report.ts';
import { same } from '../../lib/book/same.ts';

test('a Korean letter takes two columns', () => {
  assert.is(columns('파드 3개'), 8);
});

test('lines break at spaces and after commas, and lose nothing', () => {
  assert.equal(wrap('a  b', 10), ['a  b']);
  assert.equal(wrap('하나 둘 셋 넷', 8), ['하나 둘', '셋 넷']);
  assert.equal(wrap('{"a":1,"b":2}', 9), ['{"a":1,', '"b":2}']);
  assert.equal(wrap('가나다라마바', 5), ['가나', '다라', '마바']);
});

test('no line of a report is wider than a narrow terminal', () => {
  const verdict = { check: '검사', passed: false, points: 0, of: 1, reason: `입력 ${JSON.stringify(Array.from({ length: 20 }, (_, i) => ({ name: `web-${i}` })))}: 틀리다.`, hint: '천천히 읽고 '.repeat(20) };
  const text = reportText({ id: 'x-1', title: '시험', points: 0, of: 1, passed: false, verdicts: [verdict] });
  assert.equal(text.split('\n').filter((line) => columns(line) > 80), []);
});

test('a check that compares long values shows both', async () => {
  const long = (at: number) => Array.from({ length: 20 }, (_, i) => i + at);
  const exercise: Exercise = { id: 'x', title: 'x', kind: 'cluster', cluster: { nodes: 1 }, checks: [{ name: 'x', points: 1, hint: 'x', run: () => same(long(1), long(2), '파드 수') }] };
  const { verdicts } = await judge(exercise, () => {});
  assert.is(verdicts[0]!.reason, `파드 수\n기대한 값 ${JSON.stringify(long(2))}\n실제 값 ${JSON.stringify(long(1))}`);
});

test('an answer that ends in the same error for every input is told once', () => {
  const verdicts = ['1', '2'].map((input) => ({ check: `검사 ${input}`, passed: false, points: 0, of: 1, reason: `입력 ${input}\n답이 오류로 끝났다. boom`, hint: '힌트' }));
  const text = reportText({ id: 'x-1', title: '시험', points: 0, of: 2, passed: false, verdicts });
  assert.equal(text.split('\n').slice(1, 3), ['  ✗ 입력 1', '    답이 오류로 끝났다. boom']);
  assert.not.match(text, /힌트|입력 2/);
});

test.run();
