// Pods that still carry the finalizer of a job that is gone, or that has let go of them.
import type { Pod } from '../../api/index.ts';
import type { CacheEvent, Client, Key } from '../../client/index.ts';
import { controllerOf } from '../shared/owners.ts';
import { isTracked, untrack } from './tracking.ts';

const index = 'pods with the finalizer of a job';
const none: readonly string[] = [];

export function orphanedPods(client: Client) {
  const cache = client.cache('Pod');
  cache.index(index, (pod) => (pod.metadata.finalizers !== undefined && isTracked(pod) ? [`${pod.metadata.namespace}/${ownerName(pod)}`] : none));

  return {
    /** Jobs to ask for when a pod has lost its job. */
    requests({ type, object: pod }: CacheEvent<Pod>): Key[] {
      if (type === 'DELETED' || pod.metadata.finalizers === undefined || !isTracked(pod) || hasJob(pod)) return [];
      return [{ namespace: pod.metadata.namespace, name: ownerName(pod) }];
    },
    /** Lets go of pods under the job's name that are not those of the job with this uid. */
    release({ namespace, name }: Key, uid: string | undefined): void {
      for (const pod of [...cache.by(index, `${namespace}/${name}`)]) if (controllerOf(pod)?.uid !== uid || uid === undefined) untrack(client, pod);
    },
  };

  function hasJob(pod: Pod): boolean {
    const owner = controllerOf(pod);
    return owner !== undefined && client.find('Job', { namespace: pod.metadata.namespace, name: owner.name })?.metadata.uid === owner.uid;
  }
}

/** Without a controller the label tells whose it was. */
function ownerName(pod: Pod): string {
  const owner = controllerOf(pod);
  return owner?.kind === 'Job' ? owner.name : (pod.metadata.labels?.['job-name'] ?? '');
}
