import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

/** A group of machines as the exercise tells it, and what comes over it; amounts in millicores. */
export interface Rush {
  /** What a machine has. */
  cpu: number;
  min: number;
  max: number;
  /** What a DaemonSet's pod on each machine requests. */
  daemon: number;
  pods: number;
  request: number;
  /** Minutes after all those pods have gone. */
  idle: number;
}

export interface Counts {
  nodes: number;
  pending: number;
  later: number;
}

/** Minutes: `--scale-down-unneeded-time`. */
const patience = 10;

export const nodeCounts: FunctionExercise = {
  id: 'scale-4',
  title: '노드도 늘어난다',
  kind: 'function',
  withholds: ['createCluster'],
  checks: [
    {
      name: '몰려올 때 노드가 몇인지 센다',
      points: 2,
      hint: '파드는 쪼개지지 않는다. 한 노드에 몇 개가 통째로 들어가는지부터 센다. 일이 적어도 min개는 있다.',
      inputs: (random) => rushes(random, (rush) => rush.daemon === 0 && free(rush)),
      expected: (rush: Rush) => countsOf(rush),
    },
    {
      name: '데몬셋의 몫을 뺀다',
      points: 1,
      hint: '새 노드에도 데몬셋의 파드가 하나씩 먼저 앉는다. 그 요청을 뺀 나머지가 자리다.',
      inputs: (random) => rushes(random, (rush) => rush.daemon > 0 && free(rush) && countsOf({ ...rush, daemon: 0 }).nodes !== countsOf(rush).nodes),
      expected: (rush: Rush) => countsOf(rush),
    },
    {
      name: 'max에서 멈추고, 남은 파드는 기다린다',
      points: 1,
      hint: '그룹은 max보다 커지지 않는다. 자리가 없는 파드는 Pending으로 남는다.',
      inputs: (random) => rushes(random, (rush) => countsOf(rush).pending > 0),
      expected: (rush: Rush) => countsOf(rush),
    },
    {
      name: '한가해진 노드를 언제 돌려주는지 안다',
      points: 2,
      hint: '필요 없는 노드라도 10분을 두고 본다. 그동안은 그대로다. 10분이 지나면 min개만 남긴다.',
      inputs: (random) => [3, 6, 8, 12, 30].map((idle) => [{ ...rushes(random, (rush) => countsOf(rush).nodes > rush.min)[0]![0], idle }]),
      expected: (rush: Rush) => countsOf(rush),
    },
  ],
};

/** Proved by a real cluster autoscaler in nodes.test.ts. */
export function countsOf({ cpu, min, max, daemon, pods, request, idle }: Rush): Counts {
  const fit = Math.floor((cpu - daemon) / request);
  const nodes = Math.max(min, Math.min(max, Math.ceil(pods / fit)));
  return { nodes, pending: Math.max(0, pods - nodes * fit), later: idle < patience ? nodes : min };
}

const free = (rush: Rush): boolean => countsOf(rush).pending === 0;

function rushes(random: Random, fits: (rush: Rush) => boolean): [Rush][] {
  const found: [Rush][] = [];
  while (found.length < 3) {
    const rush = draw(random);
    if (fits(rush)) found.push([rush]);
  }
  return found;
}

/** Nothing near the tenth minute: in which second of it a machine goes, nobody outside knows. */
function draw(random: Random): Rush {
  const min = 1 + random.int(3);
  return {
    cpu: random.pick([2000, 4000, 8000]),
    min,
    max: min + 2 + random.int(6),
    daemon: random.pick([0, 100, 200]),
    pods: 1 + random.int(40),
    request: random.pick([300, 400, 500, 700, 900, 1000]),
    idle: random.pick([5, 15, 20]),
  };
}
