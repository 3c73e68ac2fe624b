// What a Deployment reports, and how it is written.
import { type Deployment, equal } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import { withCondition } from '../shared/conditions.ts';
import { revisionAnnotation } from './annotations.ts';
import { maxUnavailable } from './fenceposts.ts';
import { allSets, type Rollout } from './rollout.ts';
import { totalActual, totalAvailable, totalReady, totalReplicas } from './sizes.ts';

export type DeploymentStatus = Deployment['status'];
export type DeploymentCondition = NonNullable<DeploymentStatus['conditions']>[number];

export function newCondition(client: Client, type: string, status: 'True' | 'False' | 'Unknown', reason: string, message: string): DeploymentCondition {
  const now = timestamp(client.clock.now);
  return { type, status, lastUpdateTime: now, lastTransitionTime: now, reason, message };
}

/** Counts that are zero are left out, as Kubernetes leaves them out. */
export function calculateStatus(client: Client, rollout: Rollout): DeploymentStatus {
  const { d, newRS } = rollout;
  const all = allSets(rollout);
  const available = totalAvailable(all);
  const enough = available >= d.spec.replicas - maxUnavailable(d);
  const condition = enough
    ? newCondition(client, 'Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : newCondition(client, 'Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.');
  return {
    observedGeneration: d.metadata.generation,
    replicas: totalActual(all) || undefined,
    updatedReplicas: newRS?.status.replicas || undefined,
    readyReplicas: totalReady(all) || undefined,
    availableReplicas: available || undefined,
    unavailableReplicas: Math.max(0, totalReplicas(all) - available) || undefined,
    collisionCount: d.status.collisionCount,
    conditions: withCondition(d.status.conditions, condition),
  };
}

const fields = ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas', 'collisionCount', 'conditions'] as const;

/** Writes the status where it differs. */
export function writeStatus(client: Client, d: Deployment, status: DeploymentStatus): Deployment {
  return equal(d.status, status) ? d : client.updateStatus(d, status);
}

/** The revision is an annotation, but it is written together with the status: it must not count as a change of the Deployment. */
export function writeRevision(client: Client, d: Deployment, revision: string, status: DeploymentStatus): Deployment {
  if (d.metadata.annotations?.[revisionAnnotation] === revision) return writeStatus(client, d, status);
  const metadata = { ...d.metadata, annotations: { ...d.metadata.annotations, [revisionAnnotation]: revision } };
  const present = Object.fromEntries(fields.filter((field) => status[field] !== undefined).map((field) => [field, status[field]]));
  return client.update({ ...d, metadata, status: { ...d.status, ...present } }, { subresource: 'status' });
}
