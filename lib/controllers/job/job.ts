import type { Job, Pod } from '../../api/index.ts';
import { type CacheEvent, type Client, type Controller, forMapped, forObject, type Request } from '../../client/index.ts';
import { createExpectations } from '../shared/expectations.ts';
import { podRequests } from '../shared/pod-requests.ts';
import { labelSelector } from '../shared/selectors.ts';
import { countedJobs } from './counted.ts';
import { indexJobPods } from './pods.ts';
import { trackedJobs } from './tracked.ts';

/** Runs pods until enough of them have succeeded (pkg/controller/job). */
export function jobController(client: Client): Controller {
  const expectations = createExpectations(client.clock);
  const jobs = client.version.has('job-tracking-finalizers') ? trackedJobs(client, expectations) : countedJobs(client, expectations);
  const ofPod = podRequests<Job>('Job', ({ spec }) => labelSelector(spec.selector), expectations);
  indexJobPods(client);

  return {
    name: 'job',
    watches: [forObject('Job'), forMapped('Pod', podEvent)],
    reconcile: (request) => jobs.reconcile(request),
  };

  function podEvent(event: CacheEvent<Pod>, reader: Client): Request[] {
    const requests: Request[] = ofPod(event, reader);
    const lost = jobs.orphaned?.(event) ?? [];
    if (requests.length + lost.length === 0) return requests;
    return [...requests, ...lost].map((key) => ({ ...key, after: jobs.delay(event.object, key) }));
  }
}
