import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

/** What a HorizontalPodAutoscaler of a share of the CPU looks at; amounts in millicores. */
export interface Look {
  /** What each pod uses. */
  usage: number[];
  /** What each pod requests. */
  request: number;
  /** Per cent. */
  target: number;
  min: number;
  max: number;
}

/** A load that one pod is not enough for: together the pods use `total`, a pod at most `limit`. */
interface Load extends Omit<Look, 'usage'> {
  total: number;
  limit: number;
}

export const formula: FunctionExercise = {
  id: 'scale-1',
  title: 'HPA 공식',
  kind: 'function',
  checks: [
    {
      name: '평균에서 필요한 수를 센다',
      points: 2,
      hint: '파드들의 사용량을 모두 더해 요청을 모두 더한 것으로 나눈 백분율이 지금의 값이다. 소수는 버린다. 그것을 목표로 나눈 비율에 파드 수를 곱해 올림한다.',
      inputs: (random) => looks(random, (look) => !near(look) && free(look)),
      expected: replicasOf,
    },
    {
      name: '목표에서 10 % 안이면 그대로 둔다',
      points: 2,
      hint: '비율이 1에서 0.1보다 멀지 않으면 지금의 수를 그대로 쓴다. 올림하기 전에 본다.',
      inputs: (random) => looks(random, (look) => near(look) && free(look)),
      expected: replicasOf,
    },
    {
      name: '한 번에 늘리는 수를 지킨다',
      points: 2,
      hint: '한 번에 지금의 두 배까지만 늘린다. 둘에서 두 배라도 넷까지는 된다.',
      inputs: (random) => looks(random, (look) => wanted(look) > stepOf(look) && look.max > stepOf(look)),
      expected: replicasOf,
    },
    {
      name: 'min과 max 사이에 머문다',
      points: 1,
      hint: 'minReplicas보다 적거나 maxReplicas보다 많게는 하지 않는다.',
      inputs: (random) => looks(random, (look) => wanted(look) < look.min || (wanted(look) > look.max && look.max < stepOf(look))),
      expected: replicasOf,
    },
    {
      name: '부하를 주면 노트처럼 늘어난다',
      points: 2,
      hint: '노트에서는 1 → 4 → 6이었다. 하나일 때는 파드가 limits까지만 쓰므로 무엇이 모자라는지 다 보이지 않는다.',
      inputs: loads,
      drive: (answer, load) => series((look) => answer(look), load),
      expected: (load: Load) => series(replicasOf, load),
    },
  ],
};

const stepOf = ({ usage }: Look): number => Math.max(2 * usage.length, 4);

function ratioOf({ usage, request, target }: Look): number {
  const used = usage.reduce((sum, one) => sum + one, 0);
  return Math.floor((100 * used) / (request * usage.length)) / target;
}

const near = (look: Look): boolean => Math.abs(1 - ratioOf(look)) <= 0.1;

/** Before any bound. */
const wanted = (look: Look): number => (near(look) ? look.usage.length : Math.ceil(ratioOf(look) * look.usage.length));

const free = (look: Look): boolean => wanted(look) >= look.min && wanted(look) <= Math.min(look.max, stepOf(look));

function replicasOf(look: Look): number {
  return Math.max(look.min, Math.min(wanted(look), look.max, stepOf(look)));
}

/** Whether any way to write the formula gives the same: no number lies on the border of another one. */
function plain(look: Look): boolean {
  const [ratio, pods] = [ratioOf(look), look.usage.length];
  const off = (value: number) => Math.abs(value - Math.round(value));
  return Math.abs(Math.abs(1 - ratio) - 0.1) > 1e-6 && (off(ratio * pods) > 1e-6 || Number.isInteger(ratio));
}

function looks(random: Random, fits: (look: Look) => boolean): [Look][] {
  const found: [Look][] = [];
  while (found.length < 5) {
    const look = draw(random);
    if (fits(look) && plain(look)) found.push([look]);
  }
  return found;
}

/** Pods of which one carries more than the other; half of the draws lie near the target. */
function draw(random: Random): Look {
  const request = random.pick([100, 200, 250, 500]);
  const target = random.pick([50, 60, 70, 80]);
  const mean = (request * target) / 100;
  const about = random.next() < 0.5 ? 0.85 + random.next() * 0.3 : random.next() * 6;
  const usage = Array.from({ length: 1 + random.int(9) }, () => Math.round(mean * about * (0.5 + random.next())));
  return { usage, request, target, min: 1 + random.int(4), max: 5 + random.int(30) };
}

function loads(random: Random): [Load][] {
  const ofTheNotes = { total: 502, limit: 502, request: 200, target: 50, min: 1, max: 10 };
  const drawn = Array.from({ length: 4 }, (): Load => ({ total: 300 + random.int(2500), limit: 400 + random.int(200), request: 200, target: random.pick([50, 60, 70]), min: 1 + random.int(2), max: 6 + random.int(12) }));
  return [ofTheNotes, ...drawn.filter((load) => settles(load))].map((load) => [load]);
}

const settles = (load: Load): boolean => visited(replicasOf, load).every(plain);

/** Six looks, one after the other; whoever answers with nonsense is not asked on. */
function series(next: (look: Look) => unknown, load: Load): unknown[] {
  const seen: unknown[] = [load.min];
  for (let pods: unknown = load.min; seen.length < 6 && typeof pods === 'number' && pods >= 1 && pods <= 100; ) seen.push((pods = next(lookAt(load, pods))));
  return seen;
}

const visited = (next: (look: Look) => number, load: Load): Look[] => series(next, load).map((pods) => lookAt(load, pods as number));

function lookAt({ total, limit, ...rest }: Load, pods: number): Look {
  return { ...rest, usage: Array.from({ length: Math.floor(pods) }, () => Math.min(limit, Math.round(total / pods))) };
}
