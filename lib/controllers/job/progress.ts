// What is known of a job at one moment: counted pods, those to be counted, and those that run.
import { isPodActive, type Job, type Pod } from '../../api/index.ts';
import { judge } from './failure-policy.ts';
import { indexOf, isIndexed, parseIndexes } from './indexes.ts';
import { readyPods } from './pods.ts';
import { type Uncounted, uncountedOf } from './tracking.ts';

/** The pods of a job, and which of them have not been let go yet. */
export interface OpenPods {
  pods: Pod[];
  isOpen(pod: Pod): boolean;
}

export interface Progress extends OpenPods {
  job: Job;
  activePods: Pod[];
  active: number;
  ready: number;
  /** Pods that are deleted but not gone. */
  terminating: number;
  succeeded: number;
  failed: number;
  uncounted: Uncounted;
  newSucceeded: Pod[];
  newFailed: Pod[];
  /** Of an Indexed job: indexes that are done, those among them that status knows already, and those given up. */
  done: Set<number>;
  knownDone: ReadonlySet<number>;
  lost?: Set<number>;
}

/** A deleted pod counts as failed unless it is to be replaced only when it has really ended. */
export function isPodFailed(pod: Pod, { spec }: Job): boolean {
  if (pod.status.phase === 'Failed') return true;
  if (spec.podReplacementPolicy === 'Failed') return false;
  return pod.metadata.deletionTimestamp !== undefined && pod.status.phase !== 'Succeeded';
}

export function progressOf(job: Job, { pods, isOpen }: OpenPods): Progress {
  const uncounted = uncountedOf(job);
  const fresh = (pod: Pod, known: string[]) => isOpen(pod) && !known.includes(pod.metadata.uid);
  const newSucceeded = pods.filter((pod) => pod.status.phase === 'Succeeded' && fresh(pod, uncounted.succeeded));
  const newFailed = pods.filter((pod) => isPodFailed(pod, job) && fresh(pod, uncounted.failed));
  const counting = newFailed.filter((pod) => judge(job.spec.podFailurePolicy, pod).counts).length;
  const activePods = pods.filter(isPodActive);
  const completions = job.spec.completions ?? Infinity;
  const knownDone = isIndexed(job) ? parseIndexes(job.status.completedIndexes, completions) : new Set<number>();
  const done = new Set(knownDone);
  if (isIndexed(job)) for (const pod of newSucceeded) if (indexOf(pod, completions) !== undefined) done.add(indexOf(pod)!);
  return {
    job,
    pods,
    isOpen,
    activePods,
    active: activePods.length,
    ready: readyPods(activePods),
    terminating: pods.filter(({ metadata, status }) => metadata.deletionTimestamp && status.phase !== 'Succeeded' && status.phase !== 'Failed').length,
    succeeded: isIndexed(job) ? done.size : (job.status.succeeded ?? 0) + newSucceeded.length + uncounted.succeeded.length,
    failed: (job.status.failed ?? 0) + counting + uncounted.failed.length,
    uncounted,
    newSucceeded,
    newFailed,
    done,
    knownDone,
  };
}
