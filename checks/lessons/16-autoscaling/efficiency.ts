import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import { type Build, makespan, type Random } from '../../../lib/index.ts';

/** As the learner writes it; everything may be nonsense. */
interface Fit {
  threads?: unknown;
  barrier?: { barrier?: unknown; slice?: unknown };
  lock?: { lock?: unknown; slice?: unknown };
}

/** How far off a fit may be. */
const tolerance = 0.01;
const [expected, suffered] = [0.89, 0.7];

const fit = (answer: any) => ({ threads: answer?.threads, barrier: answer?.barrier, lock: answer?.lock });

export const efficiency: FunctionExercise = {
  id: 'scale-5',
  title: '89%와 70%',
  kind: 'function',
  checks: [
    {
      name: '아무도 기다리지 않을 때의 효율을 식으로 쓴다',
      points: 2,
      hint: '일은 그대로이고 일하는 스레드만 줄었다. 남은 스레드의 몫이 효율이다.',
      inputs: shares,
      drive: (answer, threads, asleep) => answer?.share?.(threads, asleep),
      judge: (share, threads, asleep) => near(share, leftOver({ threads, sources: threads * (threads - asleep) }, { asleep }), `스레드 ${threads}개 가운데 ${josa(asleep, '이/가')} 잘 때의 share`),
    },
    {
      name: '둘이 자서 0.89가 남는 스레드의 수를 찾는다',
      points: 1,
      hint: '식을 거꾸로 푼다. 스레드의 수는 정수다.',
      drive: fit,
      judge: ({ threads }: Fit) => (areThreads(threads) ? near(leftOver({ threads }, { asleep: 2 }), expected, `threads가 ${threads}일 때 남는 효율`) : noThreads(threads)),
    },
    {
      name: '장벽이 있으면 0.70이 남는 값을 찾는다',
      points: 2,
      hint: 'barrier는 소스 몇 개마다 모두 모이는지, slice는 몇 초씩 돌아가며 자는지다. makespan을 되풀이해 부르며 찾는다. 견주는 쪽에도 같은 장벽이 있다.',
      drive: fit,
      judge: ({ threads, barrier }: Fit) => fitted(threads, { barrier: barrier?.barrier, slice: barrier?.slice }),
    },
    {
      name: '잠금이 있으면 0.70이 남는 값을 찾는다',
      points: 2,
      hint: 'lock은 일의 마지막 얼마를 잠금 안에서 하는지(0~1)다. 잠금을 쥔 채 오래 자면 모두가 그만큼 선다. slice를 늘려 보자.',
      drive: fit,
      judge: ({ threads, lock }: Fit) => fitted(threads, { lock: lock?.lock, slice: lock?.slice }),
    },
  ],
};

/** The same build with and without sleepers. */
function leftOver(build: Build, sleep: Build): number {
  return makespan(build).compile / makespan({ ...build, ...sleep }).compile;
}

const areThreads = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 2 && (value as number) <= 200;
const noThreads = (value: unknown) => `threads는 3 이상의 정수인데 ${josa(show(value), '을/를')} 적었다.`;

function near(value: unknown, right: number, what: string): string | void {
  if (typeof value !== 'number' || Number.isNaN(value)) return `${josa(what, '은/는')} 수여야 하는데 ${josa(show(value), '이/가')} 나왔다.`;
  if (Math.abs(value - right) > tolerance) return `${josa(what, '은/는')} ${right.toFixed(2)}여야 하는데 ${value.toFixed(3)}이다.`;
}

function fitted(threads: unknown, how: Record<string, unknown>): string | void {
  if (!areThreads(threads)) return noThreads(threads);
  for (const [name, value] of Object.entries(how)) if (!isPart(name, value)) return `${josa(name, '은/는')} 쓸 수 없는 값이다: ${show(value)}`;
  const { slice, ...build } = how as Record<string, number>;
  return near(leftOver({ threads, ...build }, { asleep: 2, slice: slice! }), suffered, `${Object.entries(how).map(([name, value]) => `${name} ${value}`).join(', ')}일 때 남는 효율`);
}

/** A slice of less than a hundredth of a second would take ages to reckon, and nobody sleeps so short. */
function isPart(name: string, value: unknown): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (name === 'barrier') return Number.isInteger(value) && value >= 1;
  return name === 'slice' ? value >= 0.01 && value <= 600 : value > 0 && value < 1;
}

function shares(random: Random): [number, number][] {
  return Array.from({ length: 5 }, () => {
    const threads = 4 + random.int(30);
    return [threads, 1 + random.int(Math.min(6, threads - 2))];
  });
}
