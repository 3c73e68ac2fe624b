import { type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { same, show } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';
import { fewestNodes, type Given, nodeSize, type Story, tell } from './scheduler-story.ts';

export const ownScheduler: ClusterExercise = {
  id: 'sched-5',
  title: '나만의 스케줄러',
  withholds: ['createCluster'],
  kind: 'component',
  cluster: { nodes: Array.from({ length: 6 }, (_, i) => ({ name: `node-${i + 1}`, cpus: nodeSize / 1000, memory: '16Gi' })) },
  start: ({ random }): Given => ({ first: sizes(random, { count: 9, most: 3 * nodeSize }), second: sizes(random, { count: 4, most: nodeSize }), gone: random.int(3), broken: random.int(3) }),
  perform: ({ cluster, given }, answer) => tell(cluster, given, answer),
  checks: [
    {
      name: '파드가 모두 돈다',
      points: 2,
      hint: '남은 것(free)이 요청보다 적은 노드에 놓으면 그 노드의 kubelet이 파드를 돌려보낸다. 갈 곳이 있는 파드에는 노드의 이름을 돌려준다.',
      run({ result }) {
        const { begun, unknown, rejected } = result as Story;
        if (unknown) wrong(`노드 이름이나 undefined를 돌려줘야 하는데 ${josa(show(unknown), '을/를')} 돌려줬다.`);
        if (rejected.length > 0) wrong(`kubelet이 돌려보낸 파드가 있다: ${rejected.join(', ')}`);
        same(begun.waiting, [], '첫 아홉 가운데 기다리는 파드');
      },
    },
    {
      name: '노드를 가장 적게 쓴다',
      points: 2,
      hint: '기본 스케줄러는 빈 노드를 좋아한다. 반대로, 들어가는 노드 가운데 남은 것이 가장 적은 노드를 고른다.',
      run({ result, given }) {
        const { begun } = result as Story;
        same(begun.used, fewestNodes((given as Given).first), '쓰인 노드 수');
      },
    },
    {
      name: '꺼진 노드와 막힌 노드에는 놓지 않는다',
      points: 2,
      hint: 'ready가 false인 노드는 남은 것이 있어도 파드를 돌리지 못한다.',
      run({ result }) {
        const { onBroken, later, rejected } = result as Story;
        if (onBroken.length > 0) wrong(`꺼진 노드나 막힌 노드에 놓은 파드가 있다: ${onBroken.join(', ')}`);
        if (rejected.length > 0 || later.waiting.length > 0) wrong(`돌지 못한 파드가 있다: ${[...rejected, ...later.waiting].join(', ')}`);
      },
    },
    {
      name: '갈 곳이 없으면 기다리고, 자리가 나면 간다',
      points: 2,
      hint: '어디에도 들어가지 않으면 undefined를 돌려준다. 파드가 지워지면 함수는 다시 불린다: 예전 답을 기억하지 않는다.',
      run({ result }) {
        const { whole, afterRoom } = result as Story;
        same([whole, afterRoom], ['Pending', 'Running'], '노드 하나를 통째로 쓰는 파드의 상태 [자리가 없을 때, 자리가 났을 때]');
      },
    },
  ],
};

/** Millicores: halves, quarters and eighths of a node, large ones first, so that full nodes can be reached one pod at a time. */
function sizes(random: Random, { count, most }: { count: number; most: number }): number[] {
  for (;;) {
    const drawn = Array.from({ length: count }, () => random.pick([500, 500, 1000, 1000, 2000])).sort((a, b) => b - a);
    if (drawn.reduce((sum, size) => sum + size) <= most) return drawn;
  }
}
