import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

export const numeronym: FunctionExercise = {
  id: 'why-1',
  title: '줄임말 i18n과 k8s',
  kind: 'function',
  checks: [
    {
      name: '알려진 줄임말이 나온다',
      points: 1,
      hint: '첫 글자와 마지막 글자 사이에 몇 글자가 있는지 센다. 글자 수는 word.length에 있다.',
      inputs: () => [['kubernetes'], ['internationalization'], ['localization'], ['accessibility'], ['observability']],
      expected: shorten,
    },
    {
      name: '처음 보는 낱말도 줄인다',
      points: 1,
      hint: '낱말마다 답을 적어 두지 말고, 들어온 낱말에서 계산한다.',
      inputs: (random) => Array.from({ length: 20 }, () => [randomWord(random, 4 + random.int(20))]),
      expected: shorten,
    },
    {
      name: '세 글자까지는 그대로, 네 글자부터 줄인다',
      points: 1,
      hint: "'pod'를 'p1d'로 바꾸면 짧아지지도 않는다. 언제부터 줄일 것이 생기는지 생각해 본다.",
      inputs: (random) => [['pod'], ['pods'], ['go'], ['k'], [''], [randomWord(random, 3)], [randomWord(random, 4)]],
      expected: shorten,
    },
  ],
};

function shorten(word: string): string {
  return word.length < 4 ? word : `${word[0]}${word.length - 2}${word.at(-1)}`;
}

function randomWord(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick([...'abcdefghijklmnopqrstuvwxyz'])).join('');
}
