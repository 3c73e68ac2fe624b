import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

export const findTabs: FunctionExercise = {
  id: 'why-4',
  title: '탭 사냥꾼',
  kind: 'function',
  checks: [
    {
      name: '탭이 있는 줄을 찾는다',
      points: 1,
      hint: "text.split('\\n')으로 줄을 나눈다. 사람은 첫 줄을 1번째 줄이라고 부른다.",
      inputs: () => [['spec:\n\tcontainers: []'], ['a: 1\nb:\n\tc: 2\n'], ['\ta: 1']],
      expected: tabs,
    },
    {
      name: '칸까지 맞힌다',
      points: 1,
      hint: '탭 앞에 공백이 있을 수도 있고, 줄 한가운데에 탭이 있을 수도 있다. 칸도 1부터 센다.',
      inputs: () => [['spec:\n    \t- name: nginx'], ['name:\tweb'], ['a: b\t# 뒤에 숨은 탭\n  c: d']],
      expected: tabs,
    },
    {
      name: '한 줄에 여럿이어도 모두 찾는다',
      points: 1,
      hint: 'indexOf는 처음 하나만 찾는다. 그다음 자리부터 다시 찾거나 글자를 하나씩 본다.',
      inputs: () => [['\t\t\timage: nginx'], ['a:\tb\tc\n\td:\te'], ['\t\n\t\t']],
      expected: tabs,
    },
    {
      name: '공백은 탭이 아니다',
      points: 1,
      hint: '찾는 글자는 "\\t" 하나뿐이다. 탭이 없으면 빈 목록을 돌려준다.',
      inputs: () => [['apiVersion: v1\nkind: Pod\n'], [''], ['  a: 1\n    b: 2'], ['  a: 1\n  \tb: 2\n    c: 3']],
      expected: tabs,
    },
    {
      name: '뽑은 매니페스트에서도 찾는다',
      points: 1,
      hint: '앞의 검사들을 모두 통과했는지 본다. 답이 한 번에 한 줄만 보고 있지는 않은가?',
      inputs: (random) => Array.from({ length: 30 }, () => [manifest(random)]),
      expected: tabs,
    },
  ],
};

function tabs(text: string): { line: number; col: number }[] {
  return text.split('\n').flatMap((line, i) => [...line.matchAll(/\t/g)].map(({ index }) => ({ line: i + 1, col: index + 1 })));
}

function manifest(random: Random): string {
  const line = () => `${random.pick(['', '  ', '    ', '\t', '  \t', '\t\t'])}${random.pick(['name: web', '- image: nginx', 'ports:', 'a:\t1'])}${random.pick(['', '', '\t'])}`;
  return Array.from({ length: 1 + random.int(12) }, line).join('\n');
}
