// A job as newer releases sync it: what has ended is counted once and for all, whatever becomes of its pod.
import type { Job } from '../../api/index.ts';
import type { Client, Key } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import { claimPods } from '../shared/claim-pods.ts';
import { type Expectations, expectationsTimeout } from '../shared/expectations.ts';
import { podControl } from '../shared/pod-control.ts';
import { labelSelector } from '../shared/selectors.ts';
import { type BackOffRecord, backOffDelay, nextRecord } from './back-off.ts';
import { isFinished, type JobCondition } from './conditions.ts';
import type { JobSync } from './counted.ts';
import { timeLeft } from './limits.ts';
import { manager } from './manage.ts';
import { isComplete, isSuspended, type Moment, outcome, successCondition } from './outcome.ts';
import { progressOf } from './progress.ts';
import { suspension } from './suspension.ts';
import { orphanedPods } from './orphans.ts';
import { accountant, type Account } from './accounting.ts';

/** Changes of pods are gathered for a second. */
const batchPeriod = 1000;
const apiBackOff = { first: 1000, longest: 60_000 };

export function trackedJobs(client: Client, expectations: Expectations): JobSync {
  const { clock, version } = client;
  const pods = podControl(client, expectations);
  const manage = manager(client, pods);
  const accounts = accountant(client);
  const orphans = orphanedPods(client);
  const records = new Map<string, BackOffRecord>();
  const failures = new Map<string, number>();

  function reconcile(request: Key): void | { requeueAfter: number } {
    const key = keyText(request);
    const job = client.find('Job', request);
    orphans.release(request, job?.metadata.uid);
    if (!job || isFinished(job)) {
      if (!job) expectations.forget(key);
      for (const map of [records, failures]) map.delete(key);
      return accounts.forget(key);
    }
    if ((job.spec.managedBy ?? ownName) !== ownName || !accounts.isCurrent(job)) return;
    const { error, wait } = sync(job, key);
    failures.set(key, error === undefined ? 0 : (failures.get(key) ?? 0) + 1);
    const next = Math.min(wait, error === undefined ? Infinity : backOffDelay(failures.get(key)!, apiBackOff), expectations.satisfied(key) ? Infinity : expectationsTimeout + 1000);
    if (next !== Infinity) return { requeueAfter: Math.max(0, next) };
  }

  function sync(job: Job, key: string): { error: unknown; wait: number } {
    const seen = expectations.satisfied(key);
    const startTime = job.status.startTime ?? (isSuspended(job) ? undefined : timestamp(clock.now));
    const moment: Moment = { now: clock.now, version, startTime };
    const progress = progressOf(job, accounts.open(job, claimPods(client, job, labelSelector(job.spec.selector))));
    const record = nextRecord(records.get(key), progress.newSucceeded, progress.newFailed);
    const account: Account = { progress, startTime, conditions: job.status.conditions, finished: outcome(progress, moment) };
    const result = account.finished ? end(account, seen) : goOn(account, { seen, record, moment });
    accounts.settle(account);
    records.set(key, record);
    const left = isSuspended(job) ? undefined : timeLeft(job, startTime, clock.now);
    return { error: result.error, wait: Math.min(result.wait, account.finished || left === undefined ? Infinity : Math.max(0, left)) };
  }

  /** The job is over: nothing of it may run any more. */
  function end(account: Account, seen: boolean): { error: unknown; wait: number } {
    const { progress } = account;
    const { done, error } = progress.active > 0 ? pods.delete(progress.job, progress.activePods) : { done: 0, error: undefined };
    if (done !== progress.active || !seen) account.finished = undefined;
    progress.active -= done;
    progress.ready = 0;
    progress.terminating += done;
    return { error, wait: Infinity };
  }

  function goOn(account: Account, { seen, record, moment }: { seen: boolean; record: BackOffRecord; moment: Moment }): { error: unknown; wait: number } {
    const { progress } = account;
    const managed = seen && !progress.job.metadata.deletionTimestamp;
    const result = managed ? manage(progress, record) : { error: undefined, wait: Infinity };
    if (isComplete(progress)) account.finished = successCondition(moment);
    else if (managed) suspend(account);
    return result;
  }

  function suspend(account: Account): void {
    const { job } = account.progress;
    const change = suspension(job, clock.now);
    if (!change) return;
    account.conditions = change.conditions as JobCondition[];
    client.event(job, 'Normal', change.event.reason, change.event.message);
    if (!isSuspended(job)) account.startTime = timestamp(clock.now);
  }

  return { reconcile, delay: () => batchPeriod, orphaned: orphans.requests };
}

const ownName = 'kubernetes.io/job-controller';

