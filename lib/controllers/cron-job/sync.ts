// Looks at one cron job: which of its jobs run, whether one is due, and which may go.
import { type CronJob, isAlreadyExists, type Job, type Manifest, type Schedule } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';
import { controllerOf, controllerReference } from '../shared/owners.ts';
import { type Active, activeNow, childrenOf, lastSuccess, reference, surplusJobs } from './children.ts';
import { isTooLate, jobName, mostMissed, missedStarts, rfc1123, scheduleOf, untilNext } from './times.ts';

/** Milliseconds until it should be looked at again. */
export type Again = number | undefined;

export function syncCronJob(client: Client, cronJob: CronJob): Again {
  const jobs = childrenOf(client, cronJob);
  const run: Run = { client, cronJob, jobs, active: activeNow(client, cronJob, jobs), now: client.clock.now };
  writeStatus(run);
  const again = cronJob.metadata.deletionTimestamp || cronJob.spec.suspend ? undefined : start(run);
  for (const job of surplusJobs(cronJob, jobs)) deleteJob(run, job);
  writeStatus(run);
  return again;
}

interface Run {
  client: Client;
  cronJob: CronJob;
  jobs: Job[];
  active: Active;
  /** When the last job was due, where one was started now. */
  started?: string;
  now: number;
}

function writeStatus({ client, cronJob, jobs, active, started }: Run): void {
  client.updateStatus(cronJob, {
    active: active.length > 0 ? active : undefined,
    ...(started && { lastScheduleTime: started }),
    ...(client.version.has('cron-job-last-success') && { lastSuccessfulTime: lastSuccess(cronJob, jobs) }),
  });
}

function start(run: Run): Again {
  const { client, cronJob, now } = run;
  const v2 = client.version.has('cron-job-controller-v2');
  let schedule: Schedule;
  try {
    schedule = scheduleOf(cronJob, client.version);
  } catch (error) {
    const { message } = error as Error;
    if (v2) client.event(cronJob, 'Warning', 'UnparseableSchedule', `unparseable schedule: ${cronJob.spec.schedule} : ${message}`);
    else client.event(cronJob, 'Warning', 'FailedNeedsStart', `Cannot determine if job needs to be started: unparseable schedule: ${cronJob.spec.schedule} : ${message}`);
    return undefined;
  }
  const missed = missedStarts(cronJob, schedule, { now, ...(!v2 && { most: mostMissed }) });
  if (missed.count > mostMissed && !tooMany(run, missed.count)) return undefined;
  if (missed.last !== undefined) startJob(run, missed.last);
  return untilNext(cronJob, schedule, now);
}

/** Whether it goes on all the same: older releases give up. */
function tooMany({ client, cronJob }: Run, count: number): boolean {
  const advice = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew';
  if (!client.version.has('cron-job-controller-v2')) {
    client.event(cronJob, 'Warning', 'FailedNeedsStart', `Cannot determine if job needs to be started: too many missed start time (> ${mostMissed}). ${advice}`);
    return false;
  }
  client.event(cronJob, 'Warning', 'TooManyMissedTimes', `too many missed start times${client.version.has('cron-missed-uncounted') ? '' : `: ${count}`}. ${advice}`);
  return true;
}

function startJob(run: Run, scheduled: number): void {
  const { client, cronJob, now } = run;
  const v2 = client.version.has('cron-job-controller-v2');
  const name = jobName(cronJob, scheduled, client.version);
  if (isTooLate(cronJob, scheduled, now)) return client.event(cronJob, 'Warning', 'MissSchedule', `Missed scheduled time to start a job: ${rfc1123(scheduled)}`);
  if (v2 && (run.active.some((one) => one.name === name) || cronJob.status?.lastScheduleTime === timestamp(scheduled))) return;
  if (cronJob.spec.concurrencyPolicy === 'Forbid' && run.active.length > 0) {
    if (v2) client.event(cronJob, 'Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid');
    return;
  }
  if (cronJob.spec.concurrencyPolicy === 'Replace' && !deleteActive(run)) return;
  const job = createJob(run, scheduled, name);
  if (!job) return;
  run.active = [...run.active, reference(job)];
  run.started = timestamp(scheduled);
  writeStatus(run);
}

function deleteActive(run: Run): boolean {
  for (const { namespace, name } of run.active) {
    let job: Job;
    try {
      job = run.client.get('Job', { namespace, name: name! });
    } catch (error) {
      run.client.event(run.cronJob, 'Warning', 'FailedGet', `Get job: ${(error as Error).message}`);
      return false;
    }
    if (!deleteJob(run, job)) return false;
  }
  return true;
}

function deleteJob(run: Run, job: Job): boolean {
  try {
    run.client.delete(job, { propagationPolicy: 'Background' });
  } catch (error) {
    run.client.event(run.cronJob, 'Warning', 'FailedDelete', `Deleted job: ${(error as Error).message}`);
    return false;
  }
  run.active = run.active.filter(({ uid }) => uid !== job.metadata.uid);
  run.client.event(run.cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
  return true;
}

function createJob({ client, cronJob }: Run, scheduled: number, name: string): Job | undefined {
  try {
    const job = client.create<Job>(jobManifest(client, cronJob, scheduled, name));
    client.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
    return job;
  } catch (error) {
    if (isNamespaceTerminating(error)) return undefined;
    if (isAlreadyExists(error) && client.version.has('cron-job-controller-v2')) return madeBefore(client, cronJob, name);
    client.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${(error as Error).message}`);
    return undefined;
  }
}

/** The job of this start was made before. Its own one it takes in: it may have died before it could write that down. */
function madeBefore(client: Client, cronJob: CronJob, name: string): Job | undefined {
  if (!client.version.has('cron-job-knows-its-own')) return undefined;
  const job = client.get('Job', { namespace: cronJob.metadata.namespace!, name });
  return controllerOf(job)?.uid === cronJob.metadata.uid ? job : undefined;
}

function jobManifest({ version }: Client, cronJob: CronJob, scheduled: number, name: string): Manifest {
  const { metadata = {}, spec } = cronJob.spec.jobTemplate;
  const annotations = { ...metadata.annotations, ...(version.has('cron-job-scheduled-annotation') && { 'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(scheduled) }) };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: cronJob.metadata.namespace,
      ...(metadata.labels && { labels: metadata.labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ownerReferences: [controllerReference(cronJob)],
    },
    spec,
  };
}
