// The jobs of a cron job: which of them run, and which are old enough to go.
import { type CronJob, isNotFound, type Job } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { trueCondition } from '../job/conditions.ts';

export type Active = NonNullable<CronJob['status']['active']>;

export const childrenOf = (client: Client, cronJob: CronJob): Job[] => [...client.cache('Job').ownedBy(cronJob.metadata.uid)].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

const finishedAs = (job: Job) => (trueCondition(job, 'Complete') ? 'Complete' : trueCondition(job, 'Failed') ? 'Failed' : undefined);
const without = (active: Active, uid: string) => active.filter((one) => one.uid !== uid);

/** The list of running jobs, brought up to date: what has ended or gone is taken off, and events say so. */
export function activeNow(client: Client, cronJob: CronJob, jobs: readonly Job[]): Active {
  let active = cronJob.status?.active ?? [];
  const word = client.version.has('cron-saw-condition') ? 'condition' : 'status';
  for (const job of jobs) {
    const { name, uid } = job.metadata;
    const listed = active.some((one) => one.uid === uid);
    const finished = finishedAs(job);
    if (!listed && !finished) {
      if (!freshlyListed(client, cronJob, uid)) client.event(cronJob, 'Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
      else active = [...active, reference(job)];
    } else if (listed && finished) {
      active = without(active, uid);
      client.event(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, ${word}: ${finished}`);
    }
  }
  for (const { uid, name, namespace } of active) {
    if (jobs.some(({ metadata }) => metadata.uid === uid) || exists(client, { namespace, name: name! })) continue;
    active = without(active, uid!);
    client.event(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
  }
  return active;
}

/** The cache may be older than the list that was written last. */
function freshlyListed(client: Client, { metadata }: CronJob, uid: string): boolean {
  const fresh = client.get('CronJob', { namespace: metadata.namespace, name: metadata.name });
  return fresh.status?.active?.some((one) => one.uid === uid) ?? false;
}

function exists(client: Client, key: { namespace?: string; name: string }): boolean {
  try {
    return Boolean(client.get('Job', key));
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

export function reference({ apiVersion, kind, metadata }: Job): Active[number] {
  const { namespace, name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}

/** When a job last succeeded. */
export function lastSuccess({ status }: CronJob, jobs: readonly Job[]): string | undefined {
  const times = jobs.filter((job) => finishedAs(job) === 'Complete').map(({ status: { completionTime } }) => completionTime);
  return [status?.lastSuccessfulTime, ...times].filter((time) => time !== undefined).sort().at(-1);
}

/** Finished jobs beyond the limits of history, the oldest first. */
export function surplusJobs({ spec }: CronJob, jobs: readonly Job[]): Job[] {
  const beyond = (type: string, limit: number | undefined) => {
    const finished = jobs.filter((job) => finishedAs(job) === type).sort(byStart);
    return limit === undefined ? [] : finished.slice(0, Math.max(0, finished.length - limit));
  };
  return [...beyond('Complete', spec.successfulJobsHistoryLimit), ...beyond('Failed', spec.failedJobsHistoryLimit)];
}

function byStart(a: Job, b: Job): number {
  const [x, y] = [a.status.startTime, b.status.startTime];
  if (x === y) return a.metadata.name < b.metadata.name ? -1 : 1;
  return y === undefined || (x !== undefined && x < y) ? -1 : 1;
}
