// Conditions of a job: once one of them is true it stays.
import type { Job } from '../../api/index.ts';
import { timestamp } from '../../sim/index.ts';

export type JobCondition = NonNullable<Job['status']['conditions']>[number];

export function newCondition(type: string, now: number, { status = 'True', reason, message }: { status?: string; reason?: string; message?: string } = {}): JobCondition {
  const time = timestamp(now);
  return { type, status, lastProbeTime: time, lastTransitionTime: time, ...(reason && { reason }), ...(message && { message }) };
}

export function trueCondition({ status }: Job, type: string): JobCondition | undefined {
  return status.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

/** How it has ended; undefined while it goes on. */
export const finishedCondition = (job: Job) => trueCondition(job, 'Complete') ?? trueCondition(job, 'Failed');
export const isFinished = (job: Job) => finishedCondition(job) !== undefined;
