// The steps of a job as v1.20 takes them: has it failed, which pods does it want, is it complete, what does it report.
import type { Job, Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { podsToDelete } from '../shared/deletion-order.ts';
import type { PodControl } from '../shared/pod-control.ts';
import { podFromTemplate } from '../shared/pod-from-template.ts';
import { type JobCondition, newCondition } from './conditions.ts';
import { backoffLimitExceeded, deadlineExceeded, type Failure, pastBackoffLimitOnFailure, timeLeft } from './limits.ts';
import { wantedActive } from './wanted.ts';

export interface Counts {
  active: number;
  succeeded: number;
  failed: number;
}

export function failureOf(client: Client, job: Job, { counts, newFailure, startTime, owned }: { counts: Counts; newFailure: boolean; startTime: string; owned: readonly Pod[] }): Failure | undefined {
  const exceeds = newFailure && counts.active !== job.spec.parallelism && counts.failed > job.spec.backoffLimit;
  if (exceeds || pastBackoffLimitOnFailure(job, owned)) return backoffLimitExceeded;
  const left = timeLeft(job, startTime, client.clock.now);
  return left !== undefined && left <= 0 ? deadlineExceeded : undefined;
}

/** Makes or deletes pods, counts what it did, and gives the first error. */
export function manage(client: Client, pods: PodControl, { job, activePods, counts }: { job: Job; activePods: readonly Pod[]; counts: Counts }): unknown {
  const surplus = counts.active - job.spec.parallelism;
  if (surplus > 0) {
    const victims = podsToDelete(activePods, surplus, { now: client.clock.now, version: client.version });
    const { done, error } = pods.delete(job, victims);
    counts.active -= done;
    return error;
  }
  const missing = surplus < 0 ? wantedActive(job, counts) - counts.active : 0;
  if (missing <= 0) return undefined;
  const pod = podFromTemplate(job.spec.template, job);
  const { done, error } = pods.create(job, missing, () => pod);
  counts.active += done;
  return error;
}

export function complete(client: Client, job: Job, { active, succeeded }: Counts): JobCondition {
  const { completions } = job.spec;
  if (completions !== undefined && active > 0) client.event(job, 'Warning', 'TooManyActivePods', 'Too many active pods running after completion count reached');
  if (completions !== undefined && succeeded > completions) client.event(job, 'Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached');
  client.event(job, 'Normal', 'Completed', 'Job completed');
  return newCondition('Complete', client.clock.now);
}

export function writeStatus(client: Client, job: Job, { counts, startTime, finished }: { counts: Counts; startTime: string; finished: JobCondition | undefined }): void {
  client.updateStatus(job, {
    ...(finished && { conditions: [...(job.status.conditions ?? []), finished] }),
    ...(finished?.type === 'Complete' && { completionTime: finished.lastTransitionTime }),
    startTime,
    active: counts.active || undefined,
    succeeded: counts.succeeded || undefined,
    failed: counts.failed || undefined,
  });
}

export function isComplete({ spec }: Job, { active, succeeded }: Counts): boolean {
  return spec.completions === undefined ? succeeded > 0 && active === 0 : succeeded >= spec.completions;
}

export function unchanged({ status }: Job, { active, succeeded, failed }: Counts): boolean {
  return (status.active ?? 0) === active && (status.succeeded ?? 0) === succeeded && (status.failed ?? 0) === failed;
}
