// Counts what has ended, in the order that loses and doubles nothing: see tracking.ts.
import type { Job, Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import { type JobCondition, newCondition } from './conditions.ts';
import { judge } from './failure-policy.ts';
import { formatIndexes, indexOf, isIndexed } from './indexes.ts';
import { isPodFailed, type OpenPods, type Progress } from './progress.ts';
import { isTracked, type Uncounted, untrack } from './tracking.ts';

export interface Account {
  progress: Progress;
  startTime: string | undefined;
  conditions: Job['status']['conditions'];
  /** The condition with which the job ends. */
  finished: JobCondition | undefined;
}

export function accountant(client: Client) {
  const { version, clock } = client;
  /** Pods whose finalizer is gone, though the cache still shows it. */
  const released = new Map<string, Set<string>>();
  /** The resource version of the last own write of each job. */
  const written = new Map<string, number>();

  /** The job that the cache shows may be older than what was last counted. */
  const isCurrent = (job: Job) => Number(job.metadata.resourceVersion) >= (written.get(keyText(job.metadata)) ?? 0);

  function open(job: Job, pods: Pod[]): OpenPods {
    const gone = released.get(keyText(job.metadata));
    if (gone) for (const uid of gone) if (!pods.some((pod) => pod.metadata.uid === uid && isTracked(pod))) gone.delete(uid);
    return { pods, isOpen: (pod) => isTracked(pod) && !gone?.has(pod.metadata.uid) };
  }

  function settle(account: Account): void {
    const { progress } = account;
    const { job } = progress;
    const due = toCount(progress, account.finished);
    announce(account);
    const uncounted = { succeeded: [...progress.uncounted.succeeded, ...due.succeeded], failed: [...progress.uncounted.failed, ...due.failed] };
    if (due.pods.length > 0) {
      write(account, uncounted);
      const gone = released.get(keyText(job.metadata)) ?? new Set();
      released.set(keyText(job.metadata), gone);
      for (const pod of due.pods) if (untrack(client, pod)) gone.add(pod.metadata.uid);
    }
    const ended = mayEnd(account);
    if (ended) account.conditions = [...(account.conditions ?? []).filter(({ type }) => type !== ended.type), ended];
    write(account, { succeeded: [], failed: [] }, { succeeded: uncounted.succeeded.length, failed: uncounted.failed.length }, ended);
    if (ended) report(account, ended);
  }

  /** What the job is about to be is written down before its pods are let go. */
  function announce(account: Account): void {
    const { finished } = account;
    if (finished?.type !== 'FailureTarget' && finished?.type !== 'SuccessCriteriaMet') return;
    if (!account.conditions?.some(({ type }) => type === finished.type)) account.conditions = [...(account.conditions ?? []), finished];
    account.finished = newCondition(finished.type === 'FailureTarget' ? 'Failed' : 'Complete', clock.now, finished);
  }

  /** Newer releases wait for the last pod to be gone. */
  function mayEnd({ finished, progress }: Account): JobCondition | undefined {
    return version.has('job-delayed-conditions') && progress.terminating > 0 ? undefined : finished;
  }

  function write({ progress, startTime, conditions }: Account, uncounted: Uncounted, counted = { succeeded: 0, failed: 0 }, ended?: JobCondition): void {
    const { job, active, ready, terminating, done, lost } = progress;
    const indexed = isIndexed(job);
    const succeeded = indexed ? done.size : (job.status.succeeded ?? 0) + counted.succeeded;
    const object = client.updateStatus(job, {
      startTime,
      conditions,
      completionTime: ended?.type === 'Complete' ? ended.lastTransitionTime : undefined,
      active: active || undefined,
      succeeded: succeeded || undefined,
      failed: (job.status.failed ?? 0) + counted.failed || undefined,
      ...(indexed && { completedIndexes: formatIndexes(done) || undefined }),
      ...(lost && { failedIndexes: formatIndexes(lost) }),
      ...(version.has('job-ready-pods') && { ready }),
      ...(version.has('job-pod-replacement') && { terminating }),
      uncountedTerminatedPods: Object.fromEntries(Object.entries(uncounted).filter(([, uids]) => uids.length > 0)),
    });
    written.set(keyText(job.metadata), Number(object.metadata.resourceVersion));
  }

  function report({ progress }: Account, ended: JobCondition): void {
    const { job } = progress;
    if (ended.type !== 'Complete') return client.event(job, 'Warning', ended.reason!, ended.message!);
    if (job.spec.completions !== undefined && progress.succeeded > job.spec.completions) client.event(job, 'Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached');
    client.event(job, 'Normal', 'Completed', 'Job completed');
  }

  return {
    isCurrent,
    open,
    settle,
    forget(key: string): void {
      released.delete(key);
      written.delete(key);
    },
  };
}

/** Pods that can be let go, and which of them are to be counted first. */
function toCount(progress: Progress, finished: JobCondition | undefined): Uncounted & { pods: Pod[] } {
  const { job, uncounted } = progress;
  const due = { succeeded: [] as string[], failed: [] as string[], pods: [] as Pod[] };
  const isOver = finished !== undefined && finished.type !== 'SuccessCriteriaMet' && finished.type !== 'Complete';
  for (const pod of progress.pods) {
    const failed = isPodFailed(pod, job);
    const ended = failed || pod.status.phase === 'Succeeded' || finished !== undefined || job.metadata.deletionTimestamp !== undefined;
    if (!progress.isOpen(pod) || !ended) continue;
    due.pods.push(pod);
    const { uid } = pod.metadata;
    if (pod.status.phase === 'Succeeded' && !uncounted.failed.includes(uid)) {
      // An index is enough to know that it is done.
      if (!isIndexed(job) && !uncounted.succeeded.includes(uid)) due.succeeded.push(uid);
    } else if ((failed || isOver) && !uncounted.failed.includes(uid) && counts(pod, job)) due.failed.push(uid);
  }
  return due;
}

function counts(pod: Pod, job: Job): boolean {
  return judge(job.spec.podFailurePolicy, pod).counts && (!isIndexed(job) || indexOf(pod, job.spec.completions) !== undefined);
}
