import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, escapeFieldValue, formatLabelSelector, parseFieldSelector, parseSelector, selectorFromLabelSelector, selectorFromSet } from '../../lib/api/index.ts';

const test = suite('selectors');
const [old, now] = [createVersion('v1.20'), createVersion('v1.33')];

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

test('a missing selector selects nothing, an empty one everything', () => {
  assert.is(selectorFromLabelSelector(undefined).matches({ a: 'b' }), false);
  assert.is(selectorFromLabelSelector({}).matches({ a: 'b' }), true);
  assert.is(selectorFromSet({}).empty, true);
  assert.is(formatLabelSelector({}), '<none>');
});

test('labels named like methods of Object are ordinary labels', () => {
  assert.is(parseSelector('constructor').matches({}), false);
  assert.is(parseSelector('toString!=x').matches({}), true);
  assert.is(parseSelector('constructor=x').matches({ constructor: 'x' } as unknown as Record<string, string>), true);
});

test('requirements of one key are all asked', () => {
  const selector = selectorFromLabelSelector({ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] });
  assert.is(selector.matches({ app: 'web' }), false);
});

test('numbers are compared exactly', () => {
  assert.is(parseSelector('n>9223372036854775806').matches({ n: '9223372036854775807' }), true);
  assert.is(parseSelector('n<5').matches({ n: 'four' }), false);
});

test('newer releases name the part that is wrong', () => {
  assert.match(message(() => parseSelector('a~b=c', old)), 'unable to parse requirement: invalid label key "a~b": name part must');
  assert.match(message(() => parseSelector('a~b=c', now)), 'unable to parse requirement: <nil>: Invalid value: "a~b": name part must');
  assert.match(message(() => parseSelector('app=web-', now)), 'unable to parse requirement: values[0][app]: Invalid value: "web-": a valid label must');
  assert.match(message(() => parseSelector('a b', now)), "found 'b', expected: in, notin, =, ==, !=, gt, lt");
});

test('an error of a selector is a bad request', () => {
  try {
    parseSelector(',');
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code: number }).code, 400);
  }
});

test('field selectors escape and unescape', () => {
  const selector = parseFieldSelector(`metadata.name=${escapeFieldValue('a,b=c\\')}`);
  assert.is(selector.exact('metadata.name'), 'a,b=c\\');
  assert.is(parseFieldSelector(selector.toString()).exact('metadata.name'), 'a,b=c\\');
});

test('a field that an object lacks is the empty text', () => {
  assert.is(parseFieldSelector('spec.nodeName=').matches({}), true);
  assert.is(parseFieldSelector('status.phase!=Running').matches({}), true);
});

test.run();
