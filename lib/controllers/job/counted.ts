// A job as v1.20 syncs it: what it reports is what its pods look like at the moment (pkg/controller/job).
import { isPodActive, type Job, type Pod } from '../../api/index.ts';
import type { CacheEvent, Client, Key } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import { claimPods } from '../shared/claim-pods.ts';
import { type Expectations, expectationsTimeout } from '../shared/expectations.ts';
import { podControl } from '../shared/pod-control.ts';
import { labelSelector } from '../shared/selectors.ts';
import { backOffDelay, syncBackOff } from './back-off.ts';
import { isFinished, type JobCondition, newCondition } from './conditions.ts';
import { complete, type Counts, failureOf, isComplete, manage, unchanged, writeStatus } from './counted-steps.ts';
import { timeLeft } from './limits.ts';
import { count } from './pods.ts';

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
    const failure = failureOf(client, job, { counts, newFailure, startTime, owned });
    let error: unknown;
    let finished: JobCondition | undefined;
    if (failure) {
      // Failing pods are not waited for: the job is over.
      if (activePods.length > 0) ({ error } = pods.delete(job, activePods));
      counts.failed += counts.active;
      counts.active = 0;
      finished = newCondition('Failed', client.clock.now, failure);
      client.event(job, 'Warning', failure.reason, failure.message);
    } else {
      if (seen && !job.metadata.deletionTimestamp) error = manage(client, pods, { job, activePods, counts });
      if (isComplete(job, counts)) finished = complete(client, job, counts);
    }
    const progressed = counts.succeeded > (job.status.succeeded ?? 0);
    if (!finished && unchanged(job, counts)) return { forget: progressed, again: error };
    writeStatus(client, job, { counts, startTime, finished });
    if (newFailure && !finished) return { forget: progressed, again: `failed pod(s) detected for job key ${JSON.stringify(keyText(job.metadata))}` };
    return { forget: true, again: error };
  }

  return {
    reconcile,
    delay: ({ status, metadata }, job) => (status.phase === 'Failed' && !metadata.deletionTimestamp ? backOffDelay(requeues.get(keyText(job)) ?? 0, syncBackOff) : 0),
  };
}
