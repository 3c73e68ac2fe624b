// The two ways from one template to the next.
import { isPodTerminal, type Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { cleanUp } from './clean-up.ts';
import { createNewReplicaSet } from './new-replica-set.ts';
import { isComplete, syncRolloutStatus } from './progress.ts';
import { allSets, type Rollout } from './rollout.ts';
import { resize } from './scaling.ts';
import { active, newReplicaCount, shrinkOld, totalActual } from './sizes.ts';

type Result = void | { requeueAfter: number };

/** New pods come up to surge, then old ones go down to what must stay available; each step waits for the last. */
export function rollingUpdate(client: Client, rollout: Rollout): Result {
  const newRS = rollout.newRS ?? createNewReplicaSet(client, rollout);
  const { d } = rollout;
  const size = newRS.spec.replicas > d.spec.replicas ? d.spec.replicas : newReplicaCount(d, allSets(rollout), newRS.spec.replicas);
  const moved =
    (newRS.spec.replicas !== size && resize(client, rollout, [{ name: newRS.metadata.name, size }])) ||
    resize(client, rollout, shrinkOld(d, newRS, rollout.oldRSs));
  if (!moved && isComplete(d, d.status)) cleanUp(client, rollout);
  return syncRolloutStatus(client, rollout);
}

/** All old pods go before the first new one comes. */
export function recreate(client: Client, rollout: Rollout): Result {
  const shrunk = resize(client, rollout, active(rollout.oldRSs).map(({ metadata }) => ({ name: metadata.name, size: 0 })));
  if (shrunk || oldPodsRunning(client, rollout)) return syncRolloutStatus(client, rollout);
  const newRS = rollout.newRS ?? createNewReplicaSet(client, rollout);
  const { d } = rollout;
  if (newRS.spec.replicas !== d.spec.replicas) resize(client, rollout, [{ name: newRS.metadata.name, size: d.spec.replicas }]);
  if (isComplete(d, d.status)) cleanUp(client, rollout);
  return syncRolloutStatus(client, rollout);
}

/** A pod that is still terminating counts as running. */
function oldPodsRunning(client: Client, { oldRSs }: Rollout): boolean {
  if (totalActual(oldRSs) > 0) return true;
  const pods = client.cache('Pod');
  return oldRSs.some(({ metadata }) => [...pods.ownedBy(metadata.uid)].some((pod: Pod) => !isPodTerminal(pod)));
}
