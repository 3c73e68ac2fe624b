// The pods of a job: which are its own, and how they stand.
import { isPodActive, isPodReady, type Job, type Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { adopt, release } from '../shared/owners.ts';
import { controllerOf } from '../shared/owners.ts';
import { labelSelector } from '../shared/selectors.ts';

const orphans = 'orphans of jobs';

/** Declares the indexes that are asked for later; a pod of anybody else is found by none of them. */
export function indexJobPods(client: Client): void {
  client.cache('Pod').index(orphans, (pod) => (controllerOf(pod) === undefined && pod.metadata.labels?.['job-name'] !== undefined ? [pod.metadata.namespace!] : []));
}

/** The pods that are owned and still selected, and orphans that are selected now. */
export function claimPods(client: Client, job: Job): Pod[] {
  const selector = labelSelector(job.spec.selector);
  const cache = client.cache('Pod');
  const kept: Pod[] = [];
  const lost: Pod[] = [];
  for (const pod of cache.ownedBy(job.metadata.uid)) (selector.matches(pod.metadata.labels) ? kept : lost).push(pod);
  if (job.metadata.deletionTimestamp) return kept;
  release(client, job, lost.filter(({ metadata }) => !metadata.deletionTimestamp));
  const candidates = job.spec.manualSelector ? cache.inNamespace(job.metadata.namespace!) : cache.by(orphans, job.metadata.namespace!);
  const found = [...candidates].filter((pod) => !controllerOf(pod) && isPodActive(pod) && selector.matches(pod.metadata.labels));
  return [...kept, ...adopt(client, job, found)];
}

export const count = (pods: readonly Pod[], phase: string) => pods.reduce((sum, { status }) => sum + (status.phase === phase ? 1 : 0), 0);
export const readyPods = (pods: readonly Pod[]) => pods.filter(isPodReady).length;

/** How often the containers of running pods have been restarted in place. */
export function restarts(pods: readonly Pod[]): number {
  let sum = 0;
  for (const { status } of pods) {
    if (status.phase !== 'Running' && status.phase !== 'Pending') continue;
    for (const { restartCount } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) sum += restartCount;
  }
  return sum;
}
