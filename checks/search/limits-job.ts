// A Job runs no more at once than its parallelism, and no more in all than its completions; a CronJob does not overlap.
import type { CronJob, Job } from '../../lib/api/index.ts';
import { controllerOf } from '../../lib/controllers/shared/owners.ts';
import { indexOf, isIndexed } from '../../lib/controllers/job/indexes.ts';
import type { Judge, Rule } from './limits.ts';

const finished = ({ status }: Pick<Job, 'status'>) => status.conditions?.some(({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True') ?? false;

export function jobLimits({ facts, world, wrong }: Judge): Rule {
  const { minor } = world.cluster.version;
  const [oldController, forgetful] = [minor < 21, minor < 29];

  function pods({ metadata: { uid, name }, spec, status }: Job, made: Parameters<typeof indexOf>[0]): void {
    const active = facts.countedOf({ uid });
    const most = facts.most(uid, 'parallelism');
    if (active.length > most) wrong(`Job ${name} runs ${active.length} pods, at most ${most} are allowed`);
    const succeeded = facts.pods().filter((pod) => controllerOf(pod)?.uid === uid && pod.status.phase === 'Succeeded');
    // The old controller counts the pods that are still there.
    const counted = oldController ? succeeded.length : Math.max(status.succeeded ?? 0, succeeded.length);
    if (spec.completions !== undefined && active.length + counted > spec.completions) wrong(`Job ${name} has ${active.length} pods running and ${counted} done, of ${spec.completions}`);
    if (!isIndexed({ spec } as Job)) return;
    const index = indexOf(made);
    if (succeeded.some((pod) => indexOf(pod) === index)) wrong(`Job ${name} runs index ${index} again`);
    if (active.filter((pod) => indexOf(pod) === index).length > 1) wrong(`Job ${name} runs index ${index} twice`);
  }

  function jobs({ metadata: { uid, name }, spec, status }: CronJob): void {
    // A controller that died just after it made a job knows it again only when the same run is due, old ones never: Kubernetes' own limit.
    const nextRun = (job: Job) => Date.parse(job.metadata.creationTimestamp!) + 60_000;
    const forgotten = (job: Job) => forgetful || world.horizon(nextRun(job)) < nextRun(job);
    const known = (job: Job) => !forgotten(job) || status?.active?.some((one) => one.uid === job.metadata.uid);
    const running = (facts.objects('Job') as Job[]).filter((job) => controllerOf(job)?.uid === uid && !finished(job) && !job.metadata.deletionTimestamp && known(job));
    if (spec.concurrencyPolicy !== 'Allow' && running.length > 1) wrong(`CronJob ${name} runs ${running.length} jobs at once`);
  }

  /** The hours are those of its zone, which old releases do not know. */
  function time({ metadata: { name }, spec }: CronJob, job: Job): void {
    const number = Number(job.metadata.name.split('-').at(-1));
    const at = new Date(number * (oldController ? 1000 : 60_000));
    const hour = new Date(at.getTime() + (spec.timeZone === 'Asia/Seoul' ? 9 * 3_600_000 : 0)).getUTCHours();
    const [first, last] = (spec.schedule.split(' ')[1] === '*' ? '0-23' : spec.schedule.split(' ')[1]!).split('-').map(Number);
    if (hour < first! || hour > last!) wrong(`CronJob ${name} runs at ${hour}, its schedule is ${spec.schedule}`);
  }

  /** Nobody deletes a job before its time. */
  function mortal({ metadata: { name }, spec: { ttlSecondsAfterFinished: ttl = 0 }, status }: Job): void {
    const ended = status.conditions?.find(({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True');
    if (!ended || world.now < Date.parse(ended.lastTransitionTime!) + ttl * 1000) wrong(`Job ${name} was deleted before its ${ttl} s were over`);
  }

  return ({ request: { verb }, who, before, after }) => {
    if (verb === 'delete' && who === 'ttl-after-finished-controller') mortal(before as Job);
    if (verb !== 'create' || !after) return;
    const owner = (kind: string) => facts.objects(kind).find(({ metadata }) => metadata.uid === controllerOf(after)?.uid);
    if (who === 'job-controller' && after.kind === 'Pod') {
      const job = owner('Job');
      if (job) pods(job as Job, after as never);
    }
    if (who === 'cronjob-controller' && after.kind === 'Job') {
      const cronJob = owner('CronJob');
      if (!cronJob) return;
      jobs(cronJob as CronJob);
      time(cronJob as CronJob, after as Job);
    }
  };
}
