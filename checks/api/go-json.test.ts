import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { goJSONError, goMapError } from '../../lib/api/index.ts';

const words: [string, string | undefined][] = [
  ['{"a": [1, -2.5e+3, true, null, "\\u00e9"]}', undefined],
  ['', 'unexpected end of JSON input'],
  ['{"a":', 'unexpected end of JSON input'],
  ['nonsense', "invalid character 'o' in literal null (expecting 'u')"],
  ['{a: 1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a": 1 "b"}', "invalid character '\"' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['-x', "invalid character 'x' in numeric literal"],
  ['1.x', "invalid character 'x' after decimal point in numeric literal"],
  ['\u0081', "invalid character '\\u0081' looking for beginning of value"],
];

test('bad JSON is described as Go does', () => {
  for (const [text, message] of words) assert.is(goJSONError(text), message, text);
});

test('a map is what can be decoded into a map', () => {
  assert.is(goMapError('{"auths": {}}'), undefined);
  assert.is(goMapError('[1]'), 'json: cannot unmarshal array into Go value of type map[string]interface {}');
});

test.run();
