import type { Job } from '../../api/index.ts';
import { withCondition } from '../shared/conditions.ts';
import { type JobCondition, newCondition } from './conditions.ts';
import { isSuspended } from './outcome.ts';

interface Change {
  conditions: JobCondition[];
  event: { reason: string; message: string };
}

/** What a job says when it is suspended or goes on; undefined when nothing is new. */
export function suspension(job: Job, now: number): Change | undefined {
  const present = job.status.conditions?.find(({ type }) => type === 'Suspended');
  const suspended = isSuspended(job);
  // A job that was never suspended says nothing about it.
  if (suspended ? present?.status === 'True' : present?.status !== 'True') return undefined;
  const text = suspended ? { reason: 'JobSuspended', message: 'Job suspended' } : { reason: 'JobResumed', message: 'Job resumed' };
  const condition = newCondition('Suspended', now, { status: suspended ? 'True' : 'False', ...text });
  return { conditions: withCondition(job.status.conditions as JobCondition[] | undefined, condition), event: { reason: suspended ? 'Suspended' : 'Resumed', message: text.message } };
}
