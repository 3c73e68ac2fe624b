import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';

/** One build under an autoscaler of either kind; times are seconds after it began. */
export interface Trial {
  /** CPU seconds of all its sources. */
  work: number;
  /** What a pod may use at first, in CPUs; its threads are always enough. */
  limit: number;
  /** When each replica of the HPA began: the first one at 0. */
  replicas: number[];
  /** When the VPA gives the pod another limit. */
  resizes: { at: number; limit: number }[];
  mode: 'Recreate' | 'InPlaceOrRecreate';
}

interface Outcome {
  /** Until the first build is done. */
  seconds: number;
  /** CPU seconds that were burnt until then. */
  cpu: number;
}

interface Comparison {
  hpa: Outcome;
  vpa: Outcome & { restarts: number };
  better: 'HPA' | 'VPA';
}

export const verdict: FunctionExercise = {
  id: 'scale-6',
  title: 'HPA냐 VPA냐',
  kind: 'function',
  checks: [
    {
      name: 'HPA의 시간과 CPU를 센다',
      points: 2,
      hint: '레플리카는 저마다 처음부터 다 한다. 먼저 시작한 것이 먼저 끝난다. 그때까지 다른 레플리카가 쓴 CPU도 센다.',
      inputs: (random) => trials(random),
      judge: (answer, trial) => same(answer?.hpa, compared(trial).hpa, 'hpa'),
    },
    {
      name: '제자리에서 키운 VPA를 센다',
      points: 2,
      hint: '한 일은 남아 있다. 한도가 바뀔 때마다 남은 일을 새 한도로 나눈다. 끝난 뒤의 변경은 아무것도 아니다.',
      inputs: (random) => trials(random, 'InPlaceOrRecreate'),
      judge: (answer, trial) => same(answer?.vpa, compared(trial).vpa, 'vpa'),
    },
    {
      name: '다시 만든 VPA를 센다',
      points: 2,
      hint: '내보낼 때마다 처음부터 다시 한다. 그때까지 태운 CPU는 돌아오지 않고, restarts가 하나 는다.',
      inputs: (random) => trials(random, 'Recreate'),
      judge: (answer, trial) => same(answer?.vpa, compared(trial).vpa, 'vpa'),
    },
    {
      name: '숫자가 말하는 쪽을 고른다',
      points: 1,
      hint: '먼저 끝난 쪽이 낫다. 함께 끝났으면 CPU를 덜 쓴 쪽이다.',
      inputs: (random) => [...trials(random, 'Recreate'), ...trials(random, 'InPlaceOrRecreate')],
      judge: (answer, trial) => (answer?.better === compared(trial).better ? undefined : `better는 ${JSON.stringify(compared(trial).better)}여야 하는데 ${josa(show(answer?.better), '이/가')} 나왔다.`),
    },
  ],
};

export function compared({ work, limit, replicas, resizes, mode }: Trial): Comparison {
  const seconds = work / limit;
  const hpa = { seconds, cpu: replicas.reduce((sum, start) => sum + Math.max(0, seconds - start) * limit, 0) };
  const vpa = grown({ work, limit, resizes, keeps: mode === 'InPlaceOrRecreate' });
  const difference = hpa.seconds - vpa.seconds || hpa.cpu - vpa.cpu;
  return { hpa, vpa, better: difference > 0 ? 'VPA' : 'HPA' };
}

/** From one limit to the next; where the work is not kept, it begins again. */
function grown({ work, limit, resizes, keeps }: Pick<Trial, 'work' | 'limit' | 'resizes'> & { keeps: boolean }): Comparison['vpa'] {
  let [now, left, cpu, restarts, speed] = [0, work, 0, 0, limit];
  for (const resize of resizes) {
    if (now + left / speed <= resize.at) break;
    const burnt = (resize.at - now) * speed;
    [now, cpu, speed] = [resize.at, cpu + burnt, resize.limit];
    left = keeps ? left - burnt : work;
    if (!keeps) restarts++;
  }
  return { seconds: now + left / speed, cpu: cpu + left, restarts };
}

function same(answer: any, right: object, what: string): string | void {
  for (const [name, value] of Object.entries(right)) {
    const given = answer?.[name];
    if (typeof given !== 'number' || !(Math.abs(given - value) <= 0.01)) return `${what}.${josa(name, '은/는')} ${Math.round(value * 100) / 100}여야 하는데 ${josa(show(given), '이/가')} 나왔다.`;
  }
}

/** The first changes while the build goes on, the last after every way it may end. */
function trials(random: Random, mode?: Trial['mode']): [Trial][] {
  return Array.from({ length: 4 }, () => {
    const limit = 1 + random.int(2);
    const work = 300 + 50 * random.int(15);
    const first = 60 + 10 * random.int(10);
    const resizes = [{ at: first, limit: limit + 1 + random.int(2) }, { at: first + 60 + 10 * random.int(6), limit: limit + 3 + random.int(3) }, { at: 5000, limit: 16 }];
    const replicas = [0, 30 + random.int(20), 60 + random.int(60), 120 + random.int(600)].slice(0, 2 + random.int(3));
    return [{ work, limit, replicas, resizes, mode: mode ?? random.pick(['Recreate', 'InPlaceOrRecreate'] as const) }];
  });
}
