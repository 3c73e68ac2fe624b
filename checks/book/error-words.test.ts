import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inKorean } from '../../lib/book/error-words.ts';

const mistakes: (() => unknown)[] = [
  () => (undefined as any).name,
  () => ((null as any).name = 1),
  () => (({ name }: any) => name)(undefined),
  () => (({}) as any).fetch(),
  () => [...(5 as any)],
  () => Object.keys(undefined as any),
  () => JSON.parse('{"a":'),
  () => JSON.parse('kind: Pod'),
  () => new Array(-1),
  function again(): unknown {
    return again();
  },
];

test("JavaScript's own errors are told in Korean", () => {
  for (const mistake of mistakes) {
    try {
      mistake();
      assert.unreachable(String(mistake));
    } catch (error) {
      assert.match(inKorean((error as Error).message) ?? '', /[가-힣]/, (error as Error).message);
    }
  }
});

test('an error that somebody wrote is left as it is', () => {
  assert.is(inKorean('노드가 없다'), undefined);
});

test.run();
