// Has a job ended, and how? The order of the questions is Kubernetes'.
import type { Job, Version } from '../../api/index.ts';
import { type JobCondition, newCondition, trueCondition } from './conditions.ts';
import { failJobMessage, givesUpIndex } from './failure-policy.ts';
import { indexOf, isIndexed, parseIndexes } from './indexes.ts';
import { backoffLimitExceeded, deadlineExceeded, type Failure, pastBackoffLimitOnFailure, timeLeft } from './limits.ts';
import type { Progress } from './progress.ts';
import { metSuccessRule } from './success-policy.ts';

export interface Moment {
  now: number;
  version: Version;
  startTime: string | undefined;
}

/** The condition that says so; undefined while the job goes on. */
export function outcome(progress: Progress, moment: Moment): JobCondition | undefined {
  const { job } = progress;
  if (isIndexed(job) && job.spec.backoffLimitPerIndex !== undefined) progress.lost = lostIndexes(progress);
  return trueCondition(job, 'SuccessCriteriaMet') ?? failed(progress, moment) ?? succeededByPolicy(progress, moment);
}

function failed(progress: Progress, { now, version, startTime }: Moment): JobCondition | undefined {
  const { job, pods } = progress;
  const target = trueCondition(job, 'FailureTarget');
  if (target) return newCondition('Failed', now, target);
  const message = failJobMessage(job, pods);
  if (message) return newCondition('FailureTarget', now, { reason: 'PodFailurePolicy', message });
  const left = timeLeft(job, startTime, now);
  const exceeds = progress.failed > job.spec.backoffLimit || pastBackoffLimitOnFailure(job, pods);
  const failure = exceeds ? backoffLimitExceeded : left !== undefined && left <= 0 ? deadlineExceeded : failedIndexes(progress);
  return failure && newCondition(version.has('job-delayed-conditions') ? 'FailureTarget' : 'Failed', now, failure);
}

function lostIndexes({ job, newFailed, done }: Progress): Set<number> {
  const lost = parseIndexes(job.status.failedIndexes, job.spec.completions!);
  for (const pod of newFailed) {
    const index = indexOf(pod, job.spec.completions);
    if (index !== undefined && !done.has(index) && givesUpIndex(job, pod)) lost.add(index);
  }
  return lost;
}

function failedIndexes({ job, lost, done }: Progress): Failure | undefined {
  const { maxFailedIndexes, completions } = job.spec;
  if (!lost || lost.size === 0) return undefined;
  if (maxFailedIndexes !== undefined && lost.size > maxFailedIndexes) return { reason: 'MaxFailedIndexesExceeded', message: 'Job has exceeded the specified maximal number of failed indexes' };
  return lost.size + done.size >= completions! ? { reason: 'FailedIndexes', message: 'Job has failed indexes' } : undefined;
}

function succeededByPolicy({ job, done }: Progress, { now }: Moment): JobCondition | undefined {
  const message = metSuccessRule(job, done);
  return message ? newCondition('SuccessCriteriaMet', now, { reason: 'SuccessPolicy', message }) : undefined;
}

export function isComplete({ job, succeeded, active }: Pick<Progress, 'job' | 'succeeded' | 'active'>): boolean {
  const { completions } = job.spec;
  return active === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions);
}

export function successCondition({ now, version }: Moment): JobCondition {
  if (!version.has('job-delayed-conditions')) return newCondition('Complete', now);
  return newCondition('SuccessCriteriaMet', now, { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' });
}

export const isSuspended = ({ spec }: Job) => spec.suspend === true;
