import type { After, ClusterExercise } from '../../../lib/book/exercise.ts';
import { show } from '../../../lib/book/same.ts';
import { type Day, type Happening, live, type Remains } from './backup-story.ts';

export const backup: ClusterExercise = {
  id: 'control-5',
  title: '백업의 경계',
  kind: 'component',
  withholds: ['createCluster'],
  cluster: { nodes: 1, controlPlaneNode: false },
  perform: ({ cluster, random }, answer) => live(cluster, random, answer),
  checks: [
    {
      name: 'ConfigMap은 스냅샷을 뜬 순간으로 돌아간다',
      points: 2,
      hint: '스냅샷 뒤의 일은 없던 일이 된다. 새로 만든 것은 사라지고, 지운 것은 되살아나고, 고친 값은 옛 값이 된다.',
      run: (after) => judge(after, 'maps'),
    },
    {
      name: '파드도 오브젝트다',
      points: 1,
      hint: '파드의 목록은 etcd에 있다. 스냅샷 때 있던 파드는 그 뒤에 지웠어도 kubelet이 다시 띄운다.',
      run: (after) => judge(after, 'pods'),
    },
    {
      name: '파일은 etcd에 없다',
      points: 2,
      hint: '컨테이너 안의 파일은 그 컨테이너가 살아 있는 동안만, 그리고 스냅샷과 상관없이 남는다. 파드를 한 번이라도 지웠다면 되살아난 파드의 컨테이너는 새것이다.',
      run: (after) => judge(after, 'files'),
    },
  ],
};

function judge({ result }: After, what: keyof Remains): string | void {
  for (const { story, predicted, truth } of result as Day[]) {
    const guess = what === 'maps' ? predicted?.maps : sorted(predicted?.[what]);
    const right = what === 'maps' ? sortedKeys(truth.maps) : truth[what];
    const seen = what === 'maps' && guess && typeof guess === 'object' ? sortedKeys(guess) : guess;
    if (show(seen, 400) !== show(right, 400)) return `${story.map(told).join(', ')}. 되돌린 뒤의 ${what}는 ${show(right)}인데 답은 ${show(seen)}이다.`;
  }
}

const sorted = (list: unknown) => (Array.isArray(list) ? [...list].sort() : list);
const sortedKeys = (table: Record<string, string>) => Object.fromEntries(Object.entries(table).sort());

function told(one: Happening): string {
  if (one.do === 'snapshot') return '[스냅샷]';
  const { do: verb, ...rest } = one;
  return `${verb} ${Object.values(rest).join(' ')}`;
}
