// Makes and deletes the pods of a tracked job.
import { type Job, type Manifest, type Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { podsToDelete } from '../shared/deletion-order.ts';
import type { PodControl } from '../shared/pod-control.ts';
import { podFromTemplate } from '../shared/pod-from-template.ts';
import { backOffDelay, type BackOffRecord, finishTime, podBackOff, remaining } from './back-off.ts';
import { failuresOf, indexFailures } from './failure-policy.ts';
import { duplicates, indexOf, isIndexed, pendingIndexes, withIndex } from './indexes.ts';
import { isSuspended } from './outcome.ts';
import { isPodFailed, type Progress } from './progress.ts';
import { tracked, untrack } from './tracking.ts';
import { wantedActive } from './wanted.ts';

/** At most so many pods are made or deleted before the job is looked at again. */
const burst = 500;

interface Managed {
  error: unknown;
  /** Milliseconds until more pods may be made. */
  wait: number;
}

export function manager(client: Client, pods: PodControl) {
  const { clock, version } = client;

  return function manage(progress: Progress, record: BackOffRecord): Managed {
    const { job } = progress;
    const wanted = isSuspended(job) ? 0 : wantedActive(job, { active: progress.active, succeeded: progress.succeeded, lost: progress.lost?.size });
    const surplus = victims(progress, progress.active - wanted).slice(0, burst);
    if (surplus.length > 0) return remove(progress, surplus);
    const held = job.spec.podReplacementPolicy === 'Failed' ? progress.terminating : 0;
    const missing = Math.min(burst, wanted - held - progress.active);
    if (missing <= 0) return { error: undefined, wait: Infinity };
    return isIndexed(job) ? makeIndexed(progress, missing, record) : makePlain(progress, missing, record);
  };

  function victims({ job, activePods }: Progress, atLeast: number): Pod[] {
    const twice = isIndexed(job) ? duplicates(activePods, job.spec.completions!) : [];
    const more = atLeast - twice.length;
    return more > 0 ? [...twice, ...podsToDelete(activePods.filter((pod) => !twice.includes(pod)), more, { now: clock.now, version })] : twice;
  }

  /** Whoever is not wanted has not failed: it is let go before it is deleted. */
  function remove(progress: Progress, surplus: Pod[]): Managed {
    for (const pod of surplus) if (progress.isOpen(pod)) untrack(client, pod);
    const { done, error } = pods.delete(progress.job, surplus);
    progress.active -= done;
    progress.ready = Math.min(progress.ready, progress.active);
    progress.terminating += done;
    return { error, wait: Infinity };
  }

  function makePlain(progress: Progress, count: number, record: BackOffRecord): Managed {
    const wait = remaining(record, clock.now);
    if (wait > 0) return { error: undefined, wait };
    const pod = tracked(podFromTemplate(progress.job.spec.template, progress.job));
    return make(progress, count, () => pod);
  }

  function makeIndexed(progress: Progress, count: number, record: BackOffRecord): Managed {
    const { job } = progress;
    const perIndex = job.spec.backoffLimitPerIndex !== undefined;
    const wait = perIndex ? 0 : remaining(record, clock.now);
    if (wait > 0) return { error: undefined, wait };
    const pending = pendingIndexes(job, perIndex ? job.spec.completions! : count, taken(progress));
    const waits = new Map(pending.map((index) => [index, perIndex ? indexWait(progress, index) : 0]));
    const indexes = pending.filter((index) => waits.get(index) === 0).slice(0, count);
    const next = Math.min(Infinity, ...[...waits.values()].filter((time) => time > 0));
    if (indexes.length === 0) return { error: undefined, wait: next };
    const plain = tracked(podFromTemplate(job.spec.template, job));
    return { ...make(progress, indexes.length, (i) => ofIndex(progress, plain, indexes[i]!)), wait: next };
  }

  function make(progress: Progress, count: number, manifest: (i: number) => Manifest): Managed {
    const { done, error } = pods.create(progress.job, count, manifest);
    progress.active += done;
    return { error, wait: Infinity };
  }

  function ofIndex({ job, pods: all }: Progress, plain: Manifest, index: number): Manifest {
    const pod = withIndex(plain, job, index, version);
    if (job.spec.backoffLimitPerIndex === undefined) return pod;
    return { ...pod, metadata: { ...pod.metadata, annotations: { ...pod.metadata!.annotations, ...indexFailures(job, lastFailed(all, index, job)) } } };
  }

  function indexWait({ job, pods: all }: Progress, index: number): number {
    const last = lastFailed(all, index, job);
    return last ? Math.max(0, finishTime(last) + backOffDelay(failuresOf(last) + 1, podBackOff) - clock.now) : 0;
  }
}

/** Indexes that run, are done, or were given up. */
function taken({ job, pods, activePods, done, lost }: Progress): Set<number> {
  const running = job.spec.podReplacementPolicy === 'Failed' ? pods.filter(({ status }) => status.phase !== 'Failed' && status.phase !== 'Succeeded') : activePods;
  return new Set([...done, ...(lost ?? []), ...running.map((pod) => indexOf(pod)).filter((index) => index !== undefined)]);
}

function lastFailed(pods: readonly Pod[], index: number, job: Job): Pod | undefined {
  const failed = pods.filter((pod) => indexOf(pod) === index && isPodFailed(pod, job));
  return failed.sort((a, b) => failuresOf(a) - failuresOf(b) || finishTime(a) - finishTime(b)).at(-1);
}
