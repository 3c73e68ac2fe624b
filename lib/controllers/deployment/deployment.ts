import { type Deployment, equal, type Pod, type ReplicaSet } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped, forObject, forOwner, keyOf } from '../../client/index.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';
import { controllerOf } from '../shared/owners.ts';
import { labelSelector } from '../shared/selectors.ts';
import { desiredReplicas } from './annotations.ts';
import { cleanUp } from './clean-up.ts';
import { syncRevision } from './new-replica-set.ts';
import { syncPausedCondition } from './progress.ts';
import { rollback, rollbackTo } from './rollback.ts';
import { allSets, findReplicaSets, indexOrphans, type Rollout } from './rollout.ts';
import { resize } from './scaling.ts';
import { active, rescale } from './sizes.ts';
import { calculateStatus, writeStatus } from './status.ts';
import { recreate, rollingUpdate } from './strategies.ts';

/** Moves replica sets from one pod template to the next, as the strategy says (pkg/controller/deployment). */
export function deploymentController(client: Client): Controller {
  indexOrphans(client);
  return {
    name: 'deployment',
    watches: [forObject('Deployment'), forOwner('ReplicaSet', 'Deployment'), forMapped('ReplicaSet', mayAdopt), forMapped('Pod', lastPodGone)],
    reconcile(request) {
      const d = client.find('Deployment', request);
      if (!d) return;
      if (equal(d.spec.selector, {})) return refuse(client, d);
      const rollout = findReplicaSets(client, d);
      try {
        return reconcileDeployment(client, rollout);
      } catch (error) {
        if (!isNamespaceTerminating(error)) throw error;
      }
    },
  };
}

function reconcileDeployment(client: Client, rollout: Rollout): void | { requeueAfter: number } {
  const going = rollout.d.metadata.deletionTimestamp !== undefined;
  if (!going) rollout.d = syncPausedCondition(client, rollout.d);
  syncRevision(client, rollout);
  if (going) return syncStatus(client, rollout);
  if (rollout.d.spec.paused) return scale(client, rollout);
  if (rollbackTo(rollout.d) !== undefined) return rollback(client, rollout);
  if (isScalingEvent(rollout)) return scale(client, rollout);
  return rollout.d.spec.strategy.type === 'Recreate' ? recreate(client, rollout) : rollingUpdate(client, rollout);
}

/** Someone changed `spec.replicas` since the replica sets were last given their sizes. */
function isScalingEvent(rollout: Rollout): boolean {
  return active(allSets(rollout)).some((rs) => (desiredReplicas(rs) ?? rollout.d.spec.replicas) !== rollout.d.spec.replicas);
}

function scale(client: Client, rollout: Rollout): void {
  resize(client, rollout, rescale(rollout.d, rollout.newRS, rollout.oldRSs));
  if (rollout.d.spec.paused && rollbackTo(rollout.d) === undefined) cleanUp(client, rollout);
  syncStatus(client, rollout);
}

function syncStatus(client: Client, rollout: Rollout): void {
  writeStatus(client, rollout.d, calculateStatus(client, rollout));
}

function refuse(client: Client, d: Deployment): void {
  client.event(d, 'Warning', 'SelectingAll', 'This deployment is selecting all pods. A non-empty selector is required.');
  client.updateStatus(d, { observedGeneration: d.metadata.generation });
}

/** Deployments that an orphaned replica set may belong to. */
function mayAdopt({ object: rs, type }: CacheEvent<ReplicaSet>, client: Client): Key[] {
  if (controllerOf(rs) || type === 'DELETED') return [];
  const matching = [...client.cache('Deployment').inNamespace(rs.metadata.namespace!)].filter(({ spec }) => {
    const selector = labelSelector(spec.selector);
    return !selector.empty && selector.matches(rs.metadata.labels);
  });
  return matching.map(keyOf);
}

/** A Deployment that recreates waits for its last old pod to be gone. */
function lastPodGone({ object: pod, type }: CacheEvent<Pod>, client: Client): Key[] {
  if (type !== 'DELETED') return [];
  const { namespace } = pod.metadata;
  const rs = owner('ReplicaSet', controllerOf(pod)) as ReplicaSet | undefined;
  const d = rs && (owner('Deployment', controllerOf(rs)) as Deployment | undefined);
  if (d?.spec.strategy.type !== 'Recreate') return [];
  const left = [...client.cache('ReplicaSet').ownedBy(d.metadata.uid)].some((set) => client.cache('Pod').ownedBy(set.metadata.uid).size > 0);
  return left ? [] : [keyOf(d)];

  function owner(kind: 'ReplicaSet' | 'Deployment', reference: ReturnType<typeof controllerOf>) {
    return reference?.kind === kind ? client.find(kind, { namespace, name: reference.name }) : undefined;
  }
}
