import type { CronJob, Job } from '../../api/index.ts';
import { type CacheEvent, type Client, type Controller, forMapped, keyOf, type Request, type Watch } from '../../client/index.ts';
import { controllerOf } from '../shared/owners.ts';
import { syncCronJob } from './sync.ts';
import { scheduleOf, untilNext } from './times.ts';

/** Once all cron jobs were looked at every so often. */
const period = 10_000;

/** Makes a job whenever a cron job is due (pkg/controller/cronjob). */
export function cronJobController(client: Client): Controller {
  client.cache('Job');
  const v2 = client.version.has('cron-job-controller-v2');
  const began = client.clock.now;
  const untilTick = () => period - ((client.clock.now - began) % period);
  const atTick: Watch = forMapped('CronJob', ({ object }: CacheEvent<CronJob>) => [{ ...keyOf(object), after: untilTick() }]);

  return {
    name: 'cronjob',
    watches: v2 ? [forMapped('CronJob', changed), forMapped('Job', ofJob)] : [atTick],
    reconcile(request) {
      const cronJob = client.find('CronJob', request);
      if (!cronJob) return;
      const again = syncCronJob(client, cronJob);
      if (!v2) return { requeueAfter: period };
      if (again !== undefined) return { requeueAfter: again };
    },
  };

  /** A new schedule is about the future: what it would have missed is nobody's business. */
  function changed({ object, old }: CacheEvent<CronJob>): Request[] {
    if (!old || old.spec.schedule === object.spec.schedule) return [keyOf(object)];
    const after = untilNext(object, scheduleOf(object, client.version), client.clock.now);
    return after === undefined ? [] : [{ ...keyOf(object), after }];
  }
}

function ofJob({ object }: CacheEvent<Job>, client: Client): Request[] {
  const owner = controllerOf(object);
  if (owner?.kind !== 'CronJob') return [];
  const key = { namespace: object.metadata.namespace, name: owner.name };
  return client.find('CronJob', key)?.metadata.uid === owner.uid ? [key] : [];
}
