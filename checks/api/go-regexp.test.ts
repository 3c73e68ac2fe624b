// Go's regular expressions, where JavaScript writes them otherwise.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { goRegExp } from '../../lib/api/go-regexp.ts';
import { throwsText } from '../throws.ts';

const test = suite('go expressions');

test('what they match', () => {
  const table: [pattern: string, yes: string[], no: string[]][] = [
    ['^(?i)(abort|warn)?$', ['', 'Abort', 'WARN'], ['warned']],
    ['^((?i)sun|mon)day(?:(:(sun|mon)day)|$)', ['SUNday', 'Monday', 'monday:sunday'], ['monDAY', 'monday:SUNday']],
    ['(?i:a)b', ['Ab', 'ab'], ['AB']],
    ['^(?i)[a-c_]+\\d$', ['aBc_1'], ['d1']],
    ['a.b', ['axb'], ['a\nb']],
    ['(?s)a.b', ['axb', 'a\nb'], ['ab']],
    ['^[[:alpha:]]+[^[:digit:]]$', ['ab-'], ['ab1']],
    ['^\\Qa.b\\E\\z', ['a.b'], ['axb', 'a.bc']],
    ['^(?P<year>\\d{4})$', ['2026'], ['26']],
    ['^[]a]+$', [']a'], ['b']],
    ['^\\pL+$', ['쿠북'], ['1']],
  ];
  for (const [pattern, yes, no] of table) {
    for (const text of yes) assert.ok(goRegExp(pattern).test(text), `${pattern} should match ${text}`);
    for (const text of no) assert.not.ok(goRegExp(pattern).test(text), `${pattern} should not match ${text}`);
  }
});

test('what Go does not take', () => {
  throwsText(() => goRegExp('(?=a)'), 'unsupported Perl syntax');
  throwsText(() => goRegExp('(a)\\1'), 'invalid escape');
  throwsText(() => goRegExp('(a'), 'missing closing');
  throwsText(() => goRegExp('[a'), 'missing closing');
});

test.run();
