import { isConflict, isNotFound, type Job } from '../api/index.ts';
import type { CacheEvent, Client, Controller } from '../client/index.ts';
import { forMapped } from '../client/index.ts';
import { finishedCondition, isFinished } from './job/conditions.ts';
import { keyOf } from './shared/owners.ts';

/** Deletes finished jobs ttlSecondsAfterFinished later (pkg/controller/ttlafterfinished). */
export function ttlAfterFinishedController(client: Client): Controller {
  return {
    name: 'ttl-after-finished',
    watches: [forMapped('Job', ({ object, type }: CacheEvent<Job>) => (type !== 'DELETED' && hasTTL(object) ? [keyOf(object)] : []))],
    reconcile(request) {
      const job = client.find('Job', request);
      if (!job || !hasTTL(job)) return;
      const wait = Date.parse(finishedCondition(job)!.lastTransitionTime!) + job.spec.ttlSecondsAfterFinished! * 1000 - client.clock.now;
      if (wait > 0) return { requeueAfter: wait };
      try {
        client.delete(job, { propagationPolicy: 'Foreground', preconditions: { uid: job.metadata.uid } });
      } catch (error) {
        if (!isNotFound(error) && !isConflict(error)) throw error;
      }
    },
  };
}

const hasTTL = (job: Job) => job.spec.ttlSecondsAfterFinished !== undefined && !job.metadata.deletionTimestamp && isFinished(job);
