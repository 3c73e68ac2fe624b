// Counts how many pods of a PodDisruptionBudget may be evicted now (pkg/controller/disruption).
import { isConflict, isPodReady, type PodDisruptionBudget } from '../../api/index.ts';
import { type Client, type Controller, forMapped, forObject } from '../../client/index.ts';
import { budgetOf, matcherOf } from './budget-of.ts';
import { conditions } from './conditions.ts';
import { nextTimeout, stillDisrupted } from './disrupted-pods.ts';
import { expectation } from './expectation.ts';

/** Until v1.26 each budget was looked at so often, whatever happened. */
const resyncPeriod = 30_000;

export function disruptionController(client: Client): Controller {
  const resyncs = !client.version.has('pdb-no-resync');
  const phase = resyncs ? Math.floor(client.random.fork('resync').next() * resyncPeriod) : 0;
  const untilResync = () => (resyncs ? resyncPeriod - ((client.clock.now + phase) % resyncPeriod) : Infinity);

  return {
    name: 'disruption',
    watches: [forObject('PodDisruptionBudget'), forMapped('Pod', budgetOf)],
    reconcile(request) {
      const budget = client.find('PodDisruptionBudget', request);
      if (!budget) return;
      try {
        const wait = Math.min(sync(client, budget), untilResync());
        return wait < Infinity ? { requeueAfter: wait } : undefined;
      } catch (error) {
        if (isConflict(error)) throw error;
        // When nothing can be counted, nothing may be evicted.
        client.updateStatus(budget, { disruptionsAllowed: 0, ...conditions(client, budget, 0, (error as Error).message) });
        return resyncs ? { requeueAfter: untilResync() } : undefined;
      }
    },
  };
}

/** Gives how long it takes until it has to be done again. */
function sync(client: Client, budget: PodDisruptionBudget): number {
  const matches = matcherOf(budget, client.version);
  const pods = [...client.cache('Pod').inNamespace(budget.metadata.namespace!)].filter(matches);
  if (pods.length === 0) client.event(budget, 'Normal', 'NoPods', 'No matching pods found');
  const { expectedPods, desiredHealthy } = expectation(client, budget, pods);
  const disruptedPods = stillDisrupted(client, budget, pods);
  const currentHealthy = pods.filter((pod) => !pod.metadata.deletionTimestamp && !disruptedPods[pod.metadata.name] && isPodReady(pod)).length;
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  client.updateStatus(budget, {
    currentHealthy,
    desiredHealthy,
    expectedPods,
    disruptionsAllowed,
    disruptedPods: Object.keys(disruptedPods).length > 0 ? disruptedPods : undefined,
    observedGeneration: budget.metadata.generation,
    ...conditions(client, budget, disruptionsAllowed),
  });
  return nextTimeout(disruptedPods) - client.clock.now;
}
