import type { Job } from '../api/index.ts';
import type { CacheEvent, Client, Controller } from '../client/index.ts';
import { forMapped, keyOf } from '../client/index.ts';
import { finishedCondition, isFinished } from './job/conditions.ts';
import { deleteExact } from './shared/not-found.ts';

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
      deleteExact(client, job, { propagationPolicy: 'Foreground' });
    },
  };
}

const hasTTL = (job: Job) => job.spec.ttlSecondsAfterFinished !== undefined && !job.metadata.deletionTimestamp && isFinished(job);
