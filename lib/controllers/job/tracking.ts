// Pods of a job carry a finalizer until they are counted: first it is written down that a pod will be counted, then the
// finalizer goes, then the count is raised. Whenever the controller dies between two of these, no pod is lost or counted twice.
import { isInvalid, isNotFound, type Job, type Manifest, type Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { keyOf } from '../../client/index.ts';

const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(trackingFinalizer) ?? false;

export function tracked(pod: Manifest): Manifest {
  const finalizers = pod.metadata!.finalizers ?? [];
  return finalizers.includes(trackingFinalizer) ? pod : { ...pod, metadata: { ...pod.metadata, finalizers: [...finalizers, trackingFinalizer] } };
}

/** Lets a pod go. False when that was not possible; it is tried again. */
export function untrack(client: Client, pod: Pod): boolean {
  try {
    const metadata = { uid: pod.metadata.uid, [`$deleteFromPrimitiveList/finalizers`]: [trackingFinalizer] };
    client.patch('Pod', keyOf(pod), { metadata }, { type: 'strategic' });
    return true;
  } catch (error) {
    if (isNotFound(error) || isInvalid(error)) return true;
    throw error;
  }
}

export interface Uncounted {
  succeeded: string[];
  failed: string[];
}

export function uncountedOf({ status }: Job): Uncounted {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  return { succeeded, failed };
}
