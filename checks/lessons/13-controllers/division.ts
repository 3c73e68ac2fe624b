import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';

interface JobTask {
  kind: 'Job';
  completions: number;
  parallelism: number;
  /** Seconds until a pod runs, and that it works then. */
  start: number;
  work: number;
}
interface CronTask {
  kind: 'CronJob';
  /** Minutes. */
  every: number;
  work: number;
  policy: 'Allow' | 'Forbid';
  hours: number;
}

export const division: FunctionExercise = {
  id: 'controllers-4',
  title: '일감 나누기',
  kind: 'function',
  checks: [
    {
      name: '잡이 걸리는 시간을 맞힌다',
      points: 3,
      hint: '한 번에 parallelism개씩이니 몇 바퀴인지 센다. 바퀴마다 파드를 띄우는 시간도 든다. 마지막 바퀴가 다 차지 않아도 한 바퀴다.',
      inputs: jobs,
      expected: ({ completions, parallelism, start, work }: JobTask) => Math.ceil(completions / parallelism) * (start + work),
    },
    {
      name: '겹쳐도 되는 크론잡의 수를 맞힌다',
      points: 1,
      hint: 'Allow는 앞의 것이 끝났는지 묻지 않는다. 0분에 만든 크론잡의 첫 때는 every분이고, 마지막 때는 hours시간을 넘지 않는다.',
      inputs: (random) => cronJobs(random, 'Allow'),
      expected: starts,
    },
    {
      name: '겹치지 않는 크론잡의 수를 맞힌다',
      points: 3,
      hint: '앞의 것이 도는 동안 지나간 때는 건너뛴다. 그러나 하나라도 지나갔으면 앞의 것이 끝나는 순간 밀린 한 번을 바로 시작한다. 여럿 지나갔어도 한 번이다.',
      inputs: (random) => cronJobs(random, 'Forbid'),
      expected: starts,
    },
  ],
};

/** Minute by minute; a start that was missed while the last job ran is made up for as soon as it ends, once. */
function starts({ every, work, policy, hours }: CronTask): number {
  let [count, busyUntil, missed] = [0, 0, false];
  for (let minute = 1; minute <= hours * 60; minute++) {
    missed ||= minute % every === 0;
    if (!missed || (policy === 'Forbid' && minute < busyUntil)) continue;
    [count, busyUntil, missed] = [count + 1, minute + work, false];
  }
  return count;
}

function jobs(random: Random): [JobTask][] {
  return Array.from({ length: 4 }, (_, i) => {
    const parallelism = 1 + random.int(4);
    // The last round is full, or not.
    const completions = parallelism * (1 + random.int(4)) + (i % 2 ? random.int(parallelism) : 0);
    return [{ kind: 'Job', completions, parallelism, start: 1 + random.int(5), work: 10 * (1 + random.int(6)) }];
  });
}

/** Shorter than the interval, a little longer, much longer. Never its multiple, where a job ends as the next is due. */
function cronJobs(random: Random, policy: CronTask['policy']): [CronTask][] {
  return [0.5, 1.5, 2.5, 3.25].map((share) => {
    const every = random.pick([20, 40, 60]);
    return [{ kind: 'CronJob', every, work: Math.round(every * share) + 1, policy, hours: 6 + random.int(18) }];
  });
}
