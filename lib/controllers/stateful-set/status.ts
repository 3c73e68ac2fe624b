import type { StatefulSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { Counts } from './replicas.ts';
import type { Revisions } from './revisions.ts';

/** Writes what was counted where it differs; counts that are zero are left out, as Kubernetes leaves them out. */
export function writeStatus(client: Client, set: StatefulSet, counts: Counts, { current, update, collisionCount }: Revisions): void {
  const status = {
    observedGeneration: set.metadata.generation,
    replicas: counts.replicas,
    readyReplicas: counts.ready || undefined,
    currentReplicas: counts.current || undefined,
    updatedReplicas: counts.updated || undefined,
    currentRevision: current.metadata.name,
    updateRevision: update.metadata.name,
    ...(client.version.has('stateful-set-min-ready') && { availableReplicas: counts.available }),
  };
  // With its last pod updated the rollout is over: the new revision is the current one.
  if (set.spec.updateStrategy.type === 'RollingUpdate' && counts.updated === counts.replicas && counts.ready === counts.replicas) {
    status.currentReplicas = status.updatedReplicas;
    status.currentRevision = status.updateRevision;
  }
  client.updateStatus(set, { ...status, collisionCount });
}
