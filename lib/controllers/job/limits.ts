// When a job has failed. Pure functions of the job and what is known of its pods.
import type { Job, Pod } from '../../api/index.ts';
import { restarts } from './pods.ts';

export interface Failure {
  reason: string;
  message: string;
}

export const backoffLimitExceeded: Failure = { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
export const deadlineExceeded: Failure = { reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };

/** Containers that are restarted in place count too, where the pods do that. */
export function pastBackoffLimitOnFailure({ spec }: Job, pods: readonly Pod[]): boolean {
  if (spec.template.spec!.restartPolicy !== 'OnFailure') return false;
  const sum = restarts(pods);
  return spec.backoffLimit === 0 ? sum > 0 : sum >= spec.backoffLimit;
}

/** Milliseconds until activeDeadlineSeconds are over, undefined without a deadline. */
export function timeLeft({ spec: { activeDeadlineSeconds } }: Job, startTime: string | undefined, now: number): number | undefined {
  if (activeDeadlineSeconds === undefined || startTime === undefined) return undefined;
  return Date.parse(startTime) + activeDeadlineSeconds * 1000 - now;
}
