// A job as v1.20 syncs it: what it reports is what its pods look like at the moment (pkg/controller/job).
import { isPodActive, type Job, type Pod } from '../../api/index.ts';
import type { CacheEvent, Client, Key } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import { claimPods } from '../shared/claim-pods.ts';
import { podsToDelete } from '../shared/deletion-order.ts';
import { type Expectations, expectationsTimeout } from '../shared/expectations.ts';
import { podControl } from '../shared/pod-control.ts';
import { podFromTemplate } from '../shared/pod-from-template.ts';
import { labelSelector } from '../shared/selectors.ts';
import { backOffDelay, syncBackOff } from './back-off.ts';
import { isFinished, type JobCondition, newCondition } from './conditions.ts';
import { backoffLimitExceeded, deadlineExceeded, type Failure, pastBackoffLimitOnFailure, timeLeft } from './limits.ts';
import { count } from './pods.ts';
import { wantedActive } from './wanted.ts';

interface Counts {
  active: number;
  succeeded: number;
  failed: number;
}

export interface JobSync {
  reconcile(request: Key): void | { requeueAfter: number };
  /** How long a change of a pod may wait (milliseconds). */
  delay(pod: Pod, job: Key): number;
  /** Jobs that must look after a pod although they are gone. */
  orphaned?(event: CacheEvent<Pod>): Key[];
}

export function countedJobs(client: Client, expectations: Expectations): JobSync {
  const pods = podControl(client, expectations);
  /** How often each job was put back since it last went on. */
  const requeues = new Map<string, number>();

  function reconcile(request: Key): void | { requeueAfter: number } {
    const key = keyText(request);
    const job = client.find('Job', request);
    if (!job) expectations.forget(key);
    if (!job || isFinished(job)) return void requeues.delete(key);
    const { forget, again } = sync(job);
    if (forget) requeues.delete(key);
    if (again === undefined) return waiting(job);
    requeues.set(key, (requeues.get(key) ?? 0) + 1);
    return { requeueAfter: backOffDelay(requeues.get(key)!, syncBackOff) };
  }

  /** What comes without an event: the deadline, or an echo that is lost. */
  function waiting(job: Job): void | { requeueAfter: number } {
    const waits = [timeLeft(job, job.status.startTime ?? timestamp(client.clock.now), client.clock.now), expectations.satisfied(keyText(job.metadata)) ? undefined : expectationsTimeout + 1000];
    const next = Math.min(...waits.map((wait) => (wait === undefined ? Infinity : Math.max(0, wait))));
    if (next !== Infinity) return { requeueAfter: next };
  }

  function sync(job: Job): { forget: boolean; again?: unknown } {
    const seen = expectations.satisfied(keyText(job.metadata));
    const owned = claimPods(client, job, labelSelector(job.spec.selector));
    const activePods = owned.filter(isPodActive);
    const counts: Counts = { active: activePods.length, succeeded: count(owned, 'Succeeded'), failed: count(owned, 'Failed') };
    const newFailure = counts.failed > (job.status.failed ?? 0);
    const startTime = job.status.startTime ?? timestamp(client.clock.now);
    const failure = failureOf(job, { counts, newFailure, startTime, owned });
    let error: unknown;
    let finished: JobCondition | undefined;
    if (failure) {
      ({ error } = remove(job, activePods));
      counts.failed += counts.active;
      counts.active = 0;
      finished = newCondition('Failed', client.clock.now, failure);
      client.event(job, 'Warning', failure.reason, failure.message);
    } else {
      if (seen && !job.metadata.deletionTimestamp) error = manage(job, activePods, counts);
      if (isComplete(job, counts)) finished = complete(job, counts);
    }
    const progressed = counts.succeeded > (job.status.succeeded ?? 0);
    if (!finished && unchanged(job, counts)) return { forget: progressed, again: error };
    write(job, { counts, startTime, finished });
    if (newFailure && !finished) return { forget: progressed, again: `failed pod(s) detected for job key ${JSON.stringify(keyText(job.metadata))}` };
    return { forget: true, again: error };
  }

  function failureOf(job: Job, { counts, newFailure, startTime, owned }: { counts: Counts; newFailure: boolean; startTime: string; owned: readonly Pod[] }): Failure | undefined {
    const exceeds = newFailure && counts.active !== job.spec.parallelism && counts.failed > job.spec.backoffLimit;
    if (exceeds || pastBackoffLimitOnFailure(job, owned)) return backoffLimitExceeded;
    const left = timeLeft(job, startTime, client.clock.now);
    return left !== undefined && left <= 0 ? deadlineExceeded : undefined;
  }

  /** Failing pods are not waited for: the job is over. */
  function remove(job: Job, activePods: readonly Pod[]) {
    return activePods.length > 0 ? pods.delete(job, activePods) : { error: undefined };
  }

  function manage(job: Job, activePods: readonly Pod[], counts: Counts): unknown {
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

  function complete(job: Job, { active, succeeded }: Counts): JobCondition {
    const { completions } = job.spec;
    if (completions !== undefined && active > 0) client.event(job, 'Warning', 'TooManyActivePods', 'Too many active pods running after completion count reached');
    if (completions !== undefined && succeeded > completions) client.event(job, 'Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached');
    client.event(job, 'Normal', 'Completed', 'Job completed');
    return newCondition('Complete', client.clock.now);
  }

  function write(job: Job, { counts, startTime, finished }: { counts: Counts; startTime: string; finished: JobCondition | undefined }): void {
    client.updateStatus(job, {
      ...(finished && { conditions: [...(job.status.conditions ?? []), finished] }),
      ...(finished?.type === 'Complete' && { completionTime: finished.lastTransitionTime }),
      startTime,
      active: counts.active || undefined,
      succeeded: counts.succeeded || undefined,
      failed: counts.failed || undefined,
    });
  }

  return {
    reconcile,
    delay: ({ status, metadata }, job) => (status.phase === 'Failed' && !metadata.deletionTimestamp ? backOffDelay(requeues.get(keyText(job)) ?? 0, syncBackOff) : 0),
  };
}

function isComplete({ spec }: Job, { active, succeeded }: Counts): boolean {
  return spec.completions === undefined ? succeeded > 0 && active === 0 : succeeded >= spec.completions;
}

function unchanged({ status }: Job, { active, succeeded, failed }: Counts): boolean {
  return (status.active ?? 0) === active && (status.succeeded ?? 0) === succeeded && (status.failed ?? 0) === failed;
}
