import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

/** What the HPA found right when it looked: so many replicas at that second. */
interface Recommendation {
  at: number;
  replicas: number;
}

/** `stabilizationWindowSeconds`, and what was recommended. */
type Stay = [window: number, recommendations: Recommendation[]];

/** Seconds between two looks. */
const period = 15;

export const stay: FunctionExercise = {
  id: 'scale-2',
  title: '왜 6에 머무나',
  kind: 'function',
  checks: [
    {
      name: '노트의 6이 언제 줄어드는지 맞힌다',
      points: 2,
      hint: '처음 한가해진 때가 아니라 마지막으로 6이 옳다고 본 때부터 센다. 그리고 HPA는 들여다보는 때에만 줄인다.',
      inputs: (random) => [0, 1].map(() => calm(random, 300, 6)),
      expected: leaves,
      tells,
    },
    {
      name: '창이 60초일 때를 맞힌다',
      points: 1,
      hint: '기다리는 시간은 window다. 300을 적어 두지 않는다.',
      inputs: (random) => [60, 120, 90].map((window) => calm(random, window, 3 + random.int(6))),
      expected: leaves,
      tells,
    },
    {
      name: '도중에 다시 바빠지면 거기서부터 다시 센다',
      points: 2,
      hint: '창 안의 권장 가운데 가장 큰 것을 따른다. 잠깐이라도 큰 것이 창에 들면 그것이 나갈 때까지 기다린다.',
      inputs: (random) => [0, 1, 2].map(() => blip(random)),
      expected: leaves,
      tells,
    },
    {
      name: '조금씩 한가해지면 계단으로 내려간다',
      points: 2,
      hint: '6이 창에서 나가도 4가 남아 있으면 4까지만 줄인다. 창에 1만 남을 때 1이 된다.',
      inputs: (random) => [0, 1, 2].map(() => stairs(random)),
      expected: leaves,
      tells,
    },
  ],
};

/** Every change: when, and to how many. */
function leaves(...[window, recommendations]: Stay): Recommendation[] {
  const changes: Recommendation[] = [];
  let now = recommendations[0]!.replicas;
  for (const { at } of recommendations) {
    const seen = recommendations.filter((one) => one.at <= at && one.at >= at - window);
    const replicas = Math.max(...seen.map((one) => one.replicas));
    if (replicas < now) changes.push({ at, replicas });
    now = replicas;
  }
  return changes;
}

/** So often the same, one after the other; the last for as long as the window is, and more. */
function told(random: Random, window: number, parts: [replicas: number, looks: number][]): Stay {
  const [last] = parts.at(-1)!;
  const replicas = [...parts.flatMap(([n, looks]) => Array.from({ length: looks }, () => n)), ...Array.from({ length: window / period + 3 }, () => last)];
  const times = lookTimes(random, replicas.length, window);
  return [window, replicas.map((n, i) => ({ at: times[i]!, replicas: n }))];
}

/** Never just so far apart as the window is long: with and without a `behavior`, Kubernetes counts such a one differently. */
function lookTimes(random: Random, count: number, window: number): number[] {
  for (;;) {
    const times = [0];
    while (times.length < count) times.push(times.at(-1)! + period + random.int(2));
    if (!times.some((time) => times.includes(time + window))) return times;
  }
}

const calm = (random: Random, window: number, high: number): Stay => told(random, window, [[high, 3 + random.int(9)], [1, 1]]);

function blip(random: Random): Stay {
  const window = random.pick([60, 120, 300]);
  const high = 5 + random.int(4);
  return told(random, window, [[high, 2 + random.int(4)], [1, 1 + random.int(window / period - 2)], [high, 1], [1, 1]]);
}

function stairs(random: Random): Stay {
  const window = random.pick([60, 120]);
  return told(random, window, [[6 + random.int(4), 2 + random.int(4)], [3 + random.int(2), 1 + random.int(4)], [2, random.int(3)], [1, 1]]);
}

function tells(...[window, recommendations]: Stay): string {
  const runs = recommendations.filter(({ replicas }, i) => recommendations[i - 1]?.replicas !== replicas);
  return `window가 ${window}초이고 권장이 ${runs.map(({ at, replicas }) => `${at}초부터 ${replicas}`).join(', ')}`;
}
