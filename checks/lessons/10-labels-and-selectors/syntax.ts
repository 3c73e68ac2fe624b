import { isQualifiedName, isValidLabelValue } from '../../../lib/api/index.ts';
import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

export const syntax: FunctionExercise = {
  id: 'labels-3',
  title: '레이블 문법 검사',
  kind: 'function',
  checks: [
    {
      name: '흔한 레이블을 받고 흔한 실수를 거절한다',
      points: 1,
      hint: '쓸 수 있는 글자는 영문자, 숫자, 줄표(-), 밑줄(_), 점(.)이다. 공백과 한글은 쓸 수 없다.',
      inputs: () => [['app', 'web'], ['environment', 'production'], ['app', 'my web'], ['앱', 'web'], ['app', '웹'], ['release', 'v1.33_rc-1'], ['app!', 'web'], ['app', 'a/b'], ['app', 'a=b']],
      expected: valid,
    },
    {
      name: '처음과 끝은 글자나 숫자다',
      points: 1,
      hint: '줄표, 밑줄, 점은 가운데에만 올 수 있다. 값은 비어 있어도 되지만 키는 그렇지 않다.',
      inputs: () => [['-app', 'web'], ['app-', 'web'], ['app', '-web'], ['app', 'web.'], ['app', '_'], ['a', '1'], ['', 'web'], ['app', ''], ['A_b', 'C.d']],
      expected: valid,
    },
    {
      name: '이름과 값은 63자까지다',
      points: 1,
      hint: '접두사(prefix)의 길이는 63자에 들지 않는다. 접두사는 253자까지다.',
      inputs: () => [
        ['a'.repeat(63), 'web'],
        ['a'.repeat(64), 'web'],
        ['app', 'b'.repeat(63)],
        ['app', 'b'.repeat(64)],
        [`example.com/${'a'.repeat(63)}`, 'x'],
        [`example.com/${'a'.repeat(64)}`, 'x'],
        [`${domain(253)}/app`, 'x'],
        [`${domain(254)}/app`, 'x'],
      ],
      expected: valid,
    },
    {
      name: '접두사는 소문자 도메인이다',
      points: 2,
      hint: "키의 슬래시는 하나뿐이다. 접두사는 소문자, 숫자, 줄표로 된 마디를 점으로 이은 것이고 마디의 처음과 끝은 글자나 숫자다. 접두사에는 대문자도 밑줄도 없다.",
      inputs: () =>
        ['kubernetes.io/name', 'app.kubernetes.io/part-of', '/name', 'kubernetes.io/', 'a/b/c', 'Example.com/name', 'my_team/name', 'team/Name_1', 'a..b/name', '-a.com/name', 'a-.com/name', '1.2/x'].map((key) => [key, 'x']),
      expected: valid,
    },
    {
      name: '뽑은 레이블 200개에서 쿠버네티스와 같다',
      points: 2,
      hint: '메시지에 나온 키와 값을 앞의 규칙에 하나씩 대 본다.',
      inputs: (random) => Array.from({ length: 200 }, () => [key(random), piece(random, 'ab-_.Z9', 5)]),
      expected: valid,
    },
  ],
};

function valid(key: string, value: string): boolean {
  return isQualifiedName(key).length === 0 && isValidLabelValue(value).length === 0;
}

/** A domain of exactly this many characters. */
function domain(length: number): string {
  return `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(length - 183)}`;
}

function piece(random: Random, alphabet: string, longest: number): string {
  return Array.from({ length: random.int(longest + 1) }, () => random.pick([...alphabet])).join('');
}

function key(random: Random): string {
  const name = piece(random, 'ab-_.Z9', 4) || 'app';
  return random.next() < 0.5 ? name : `${piece(random, 'aab9-..Z_', 5)}/${random.next() < 0.9 ? name : `${name}/x`}`;
}
