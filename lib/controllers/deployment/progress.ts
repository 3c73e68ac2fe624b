// Is the rollout getting on? The condition Progressing says so, until progressDeadlineSeconds have passed without a step.
import type { Deployment } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { findCondition, withCondition, withoutCondition } from '../shared/conditions.ts';
import { allSets, type Rollout } from './rollout.ts';
import { calculateStatus, type DeploymentCondition, type DeploymentStatus, newCondition, writeStatus } from './status.ts';

/** MaxInt32 means: no deadline. */
const noDeadline = 2 ** 31 - 1;
const second = 1000;

export function hasProgressDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== noDeadline;
}

/** All wanted pods are of the present template and available, and no other is left. */
export function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  return updatedReplicas === spec.replicas && replicas === spec.replicas && availableReplicas === spec.replicas && observedGeneration >= (metadata.generation ?? 0);
}

/** Writes the status of a rollout. Returns when to look again, where nothing but time can change it. */
export function syncRolloutStatus(client: Client, rollout: Rollout): void | { requeueAfter: number } {
  const { d } = rollout;
  const status = calculateStatus(client, rollout);
  let conditions = hasProgressDeadline(d) ? progress(client, rollout, status) : withoutCondition(status.conditions, 'Progressing');
  const failure = replicaFailure(rollout);
  conditions = failure ? withCondition(conditions, failure) : withoutCondition(conditions, 'ReplicaFailure');
  const written = writeStatus(client, d, { ...status, conditions });
  if (written === d) return checkAgain(client, d);
}

function progress(client: Client, { d, newRS }: Rollout, status: DeploymentStatus): DeploymentCondition[] {
  const conditions = status.conditions ?? [];
  const current = findCondition(d.status.conditions, 'Progressing');
  if (current?.reason === 'NewReplicaSetAvailable' && (status.replicas ?? 0) === (status.updatedReplicas ?? 0)) return conditions;
  const who = newRS ? `ReplicaSet "${newRS.metadata.name}"` : `Deployment "${d.metadata.name}"`;
  if (isComplete(d, status)) return withCondition(conditions, newCondition(client, 'Progressing', 'True', 'NewReplicaSetAvailable', `${who} has successfully progressed.`));
  if (isProgressing(d.status, status)) {
    const next = newCondition(client, 'Progressing', 'True', 'ReplicaSetUpdated', `${who} is progressing.`);
    // Unlike other conditions it is written again with each step: lastUpdateTime is what the deadline counts from.
    const lastTransitionTime = current?.status === 'True' ? current.lastTransitionTime : next.lastTransitionTime;
    return [...withoutCondition(conditions, 'Progressing'), { ...next, lastTransitionTime }];
  }
  if (!isTimedOut(client, d, current)) return conditions;
  return withCondition(conditions, newCondition(client, 'Progressing', 'False', 'ProgressDeadlineExceeded', `${who} has timed out progressing.`));
}

/** More new pods, fewer old ones, more ready or available ones than last time. */
function isProgressing(before: DeploymentStatus, now: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas;
  const grows = (field: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas') => (now[field] ?? 0) > (before[field] ?? 0);
  return grows('updatedReplicas') || old(now) < old(before) || grows('readyReplicas') || grows('availableReplicas');
}

function isTimedOut(client: Client, d: Deployment, condition: DeploymentCondition | undefined): boolean {
  if (!condition || condition.reason === 'NewReplicaSetAvailable') return false;
  return condition.reason === 'ProgressDeadlineExceeded' || deadline(d, condition) < client.clock.now;
}

function deadline({ spec }: Deployment, { lastUpdateTime }: DeploymentCondition): number {
  return Date.parse(lastUpdateTime ?? '') + spec.progressDeadlineSeconds! * second;
}

/** A rollout that stands still is looked at again once its deadline has passed. */
function checkAgain(client: Client, d: Deployment): void | { requeueAfter: number } {
  const current = findCondition(d.status.conditions, 'Progressing');
  if (!hasProgressDeadline(d) || !current || current.reason === 'ProgressDeadlineExceeded' || isComplete(d, d.status)) return;
  return { requeueAfter: Math.max(0, deadline(d, current) - client.clock.now) + second };
}

/** The failure of a replica set to make pods is the Deployment's failure too; the new one's comes first. */
function replicaFailure(rollout: Rollout): DeploymentCondition | undefined {
  for (const rs of [rollout.newRS, ...allSets(rollout)]) {
    const failure = findCondition(rs?.status.conditions, 'ReplicaFailure');
    if (failure) return { ...failure, lastUpdateTime: failure.lastTransitionTime };
  }
  return undefined;
}

/** A paused Deployment makes no progress and is not blamed for it. */
export function syncPausedCondition(client: Client, d: Deployment): Deployment {
  const current = findCondition(d.status.conditions, 'Progressing');
  if (!hasProgressDeadline(d) || current?.reason === 'ProgressDeadlineExceeded') return d;
  const noted = current?.reason === 'DeploymentPaused';
  if (Boolean(d.spec.paused) === noted) return d;
  const condition = noted
    ? newCondition(client, 'Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed')
    : newCondition(client, 'Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused');
  return writeStatus(client, d, { ...d.status, conditions: withCondition(d.status.conditions, condition) });
}
