import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { comparesNothing, forgetsRun } from './run.ts';

test('a suite with .run() is accepted', () => {
  assert.is(forgetsRun(`import { test } from 'uvu';\ntest('x', () => {});\ntest.run();`), false);
  assert.is(forgetsRun(`import { suite } from 'uvu';\nconst pods = suite('pods');\npods.run();`), false);
});

test('a suite without .run(), or with one that is commented out, is refused', () => {
  assert.is(forgetsRun(`import { test } from 'uvu';\ntest('x', () => {});`), true);
  assert.is(forgetsRun(`import { test } from 'uvu';\ntest('x', () => {});\n// test.run();`), true);
  assert.is(forgetsRun(`import { suite } from 'uvu';\nconst a = suite('a');\nconst b = suite('b');\na.run();`), true);
  assert.is(forgetsRun(`console.log('no tests');`), true);
});

test('a test that compares a thrown error with nothing is refused', () => {
  const [compares, text] = ['assert.' + 'throws', `() => read('a')`];
  assert.is(comparesNothing(`  ${compares}(${text}, 'no such file');`), true);
  assert.is(comparesNothing(`${compares}(${text}, TypeError);`), true);
  assert.is(comparesNothing(`${compares}(() => read('a', ''), (e: unknown) => e instanceof TypeError);`), false);
  assert.is(comparesNothing(`${compares}(${text}, /no such file/);\nthrowsText(${text}, 'no');`), false);
});

test.run();
