// The replica set of the present template: found, or made.
import { computeHash, type Deployment, isAlreadyExists, type LabelSelector, type Manifest, type ReplicaSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { findCondition, withCondition } from '../shared/conditions.ts';
import { isNamespaceTerminating } from '../shared/errors.ts';
import { controllerReference, isControlledBy } from '../shared/owners.ts';
import { lastRevision, newReplicaSetAnnotations, revisionAnnotation, sizeAnnotations } from './annotations.ts';
import { hasProgressDeadline } from './progress.ts';
import { allSets, hashLabel, type Rollout, sameTemplate } from './rollout.ts';
import { scalingMessage } from './scaling.ts';
import { newReplicaCount } from './sizes.ts';
import { type DeploymentCondition, newCondition, writeRevision, writeStatus } from './status.ts';

/** Brings revision, copied annotations and minReadySeconds of the new replica set up to date, where there is one. */
export function syncRevision(client: Client, rollout: Rollout): void {
  const { d, newRS: rs, oldRSs } = rollout;
  if (!rs) return;
  const annotations = newReplicaSetAnnotations(d, rs.metadata.annotations, lastRevision(oldRSs) + 1n);
  const { minReadySeconds } = d.spec;
  if (annotations !== rs.metadata.annotations || (rs.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)) {
    rollout.newRS = client.update<ReplicaSet>({ ...rs, metadata: { ...rs.metadata, annotations }, spec: { ...rs.spec, minReadySeconds } });
    return;
  }
  const unknown = hasProgressDeadline(d) && !findCondition(d.status.conditions, 'Progressing');
  const condition = unknown ? newCondition(client, 'Progressing', 'True', 'FoundNewReplicaSet', `Found new replica set "${rs.metadata.name}"`) : undefined;
  rollout.d = note(client, d, annotations[revisionAnnotation] ?? '', condition);
}

/** Makes the new replica set, with as many pods as surge allows at once. */
export function createNewReplicaSet(client: Client, rollout: Rollout): ReplicaSet {
  const { d } = rollout;
  const manifest = newReplicaSet(rollout);
  const name = manifest.metadata!.name!;
  const revision = manifest.metadata!.annotations![revisionAnnotation]!;
  const created = createOrFind(client, d, manifest);
  let condition: DeploymentCondition | undefined;
  if (created.isNew) {
    if (created.rs.spec.replicas > 0) client.event(d, 'Normal', 'ScalingReplicaSet', scalingMessage(client, { name, from: 0, size: created.rs.spec.replicas }));
    if (hasProgressDeadline(d)) condition = newCondition(client, 'Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set "${name}"`);
  }
  rollout.newRS = created.rs;
  rollout.d = note(client, d, revision, condition);
  return created.rs;
}

function newReplicaSet(rollout: Rollout): Manifest {
  const { d, oldRSs } = rollout;
  const { metadata, spec } = d.spec.template;
  const hash = computeHash(d.spec.template, d.status.collisionCount);
  const labels = { ...metadata?.labels, [hashLabel]: hash };
  const annotations = newReplicaSetAnnotations(d, undefined, lastRevision(oldRSs) + 1n);
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${d.metadata.name}-${hash}`,
      namespace: d.metadata.namespace,
      ownerReferences: [controllerReference(d)],
      labels,
      annotations: { ...annotations, ...sizeAnnotations(d) },
    },
    spec: {
      replicas: newReplicaCount(d, allSets(rollout), 0),
      ...(d.spec.minReadySeconds && { minReadySeconds: d.spec.minReadySeconds }),
      selector: withLabel(d.spec.selector, hash),
      template: { metadata: { ...metadata, labels }, spec },
    },
  };
}

function withLabel(selector: LabelSelector, hash: string): LabelSelector {
  return { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } };
}

/** The name comes from the template alone, so that a second attempt (after a crash, on a stale cache) meets the first one's work. */
function createOrFind(client: Client, d: Deployment, manifest: Manifest): { rs: ReplicaSet; isNew: boolean } {
  const { name, namespace } = manifest.metadata!;
  try {
    return { rs: client.create<ReplicaSet>(manifest), isNew: true };
  } catch (error) {
    if (!isAlreadyExists(error)) throw reportFailure(client, d, name!, error as Error);
    const rs = client.find('ReplicaSet', { namespace, name: name! });
    if (!rs) throw error;
    if (isControlledBy(rs, d) && sameTemplate(rs.spec.template, d.spec.template)) return { rs, isNew: false };
    // Another template with the same hash: count it, and the next attempt gets another name.
    writeStatus(client, d, { ...d.status, collisionCount: (d.status.collisionCount ?? 0) + 1 });
    throw error;
  }
}

function reportFailure(client: Client, d: Deployment, name: string, error: Error): Error {
  if (isNamespaceTerminating(error)) return error;
  const message = `Failed to create new replica set "${name}": ${error.message}`;
  client.event(d, 'Warning', 'ReplicaSetCreateError', message);
  if (hasProgressDeadline(d)) {
    const condition = newCondition(client, 'Progressing', 'False', 'ReplicaSetCreateError', message);
    writeStatus(client, d, { ...d.status, conditions: withCondition(d.status.conditions, condition) });
  }
  return error;
}

function note(client: Client, d: Deployment, revision: string, condition?: DeploymentCondition): Deployment {
  const conditions = condition ? withCondition(d.status.conditions, condition) : d.status.conditions;
  return writeRevision(client, d, revision, { ...d.status, ...(conditions && { conditions }) });
}
