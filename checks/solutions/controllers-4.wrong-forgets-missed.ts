// fails: 겹치지 않는 크론잡의 수를 맞힌다
import { exercise } from 'kubook';

await exercise('controllers-4', (
  task:
    | { kind: 'Job'; completions: number; parallelism: number; start: number; work: number }
    | { kind: 'CronJob'; every: number; work: number; policy: 'Allow' | 'Forbid'; hours: number },
) => {
  if (task.kind === 'Job') return Math.ceil(task.completions / task.parallelism) * (task.start + task.work);
  const end = task.hours * 60;
  let count = 0;
  for (let at = task.every; at <= end; count++) {
    const next = (Math.floor(at / task.every) + 1) * task.every;
    at = task.policy === 'Allow' ? next : Math.max(next, Math.ceil((at + task.work) / task.every) * task.every);
  }
  return count;
});
