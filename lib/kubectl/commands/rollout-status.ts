// What `rollout status` says of an object: one line, and whether it is done.
import type { KubeObject } from '../../api/index.ts';
import { CommandError } from '../errors.ts';

export interface RolloutState {
  text: string;
  done: boolean;
}

export function rolloutState(object: KubeObject, kindLabel: string): RolloutState {
  switch (object.kind) {
    case 'Deployment':
      return deployment(object);
    case 'DaemonSet':
      return daemonSet(object);
    case 'StatefulSet':
      return statefulSet(object);
    default:
      throw new CommandError(`no status viewer has been implemented for ${kindLabel}`);
  }
}

const waiting = (text: string): RolloutState => ({ text, done: false });

function deployment({ metadata: { name, generation = 0 }, spec, status = {} }: KubeObject): RolloutState {
  const quoted = JSON.stringify(name);
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0, conditions = [] } = status;
  if (generation > observedGeneration) return waiting('Waiting for deployment spec update to be observed...');
  const progressing = conditions.find(({ type }: { type: string }) => type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') throw new CommandError(`deployment ${quoted} exceeded its progress deadline`);
  const rollout = `Waiting for deployment ${quoted} rollout to finish:`;
  if (updatedReplicas < (spec.replicas ?? 1)) return waiting(`${rollout} ${updatedReplicas} out of ${spec.replicas ?? 1} new replicas have been updated...`);
  if (replicas > updatedReplicas) return waiting(`${rollout} ${replicas - updatedReplicas} old replicas are pending termination...`);
  if (availableReplicas < updatedReplicas) return waiting(`${rollout} ${availableReplicas} of ${updatedReplicas} updated replicas are available...`);
  return { text: `deployment ${quoted} successfully rolled out`, done: true };
}

const rollingOnly = 'rollout status is only available for RollingUpdate strategy type';

function daemonSet({ metadata: { name, generation = 0 }, spec, status = {} }: KubeObject): RolloutState {
  if (spec.updateStrategy?.type !== 'RollingUpdate') throw new CommandError(rollingOnly);
  const { observedGeneration = 0, updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0 } = status;
  if (generation > observedGeneration) return waiting('Waiting for daemon set spec update to be observed...');
  const rollout = `Waiting for daemon set ${JSON.stringify(name)} rollout to finish:`;
  if (updatedNumberScheduled < desiredNumberScheduled) return waiting(`${rollout} ${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...`);
  if (numberAvailable < desiredNumberScheduled) return waiting(`${rollout} ${numberAvailable} of ${desiredNumberScheduled} updated pods are available...`);
  return { text: `daemon set ${JSON.stringify(name)} successfully rolled out`, done: true };
}

function statefulSet({ metadata: { generation = 0 }, spec, status = {} }: KubeObject): RolloutState {
  if (spec.updateStrategy?.type !== 'RollingUpdate') throw new CommandError(rollingOnly);
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0, updateRevision = '', currentRevision = '' } = status;
  if (observedGeneration === 0 || generation > observedGeneration) return waiting('Waiting for statefulset spec update to be observed...');
  const replicas = spec.replicas ?? 1;
  if (readyReplicas < replicas) return waiting(`Waiting for ${replicas - readyReplicas} pods to be ready...`);
  const partition = spec.updateStrategy.rollingUpdate?.partition ?? 0;
  if (partition > 0) {
    if (updatedReplicas < replicas - partition) return waiting(`Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${replicas - partition} new pods have been updated...`);
    return { text: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...`, done: true };
  }
  if (updateRevision !== currentRevision) return waiting(`waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...`);
  return { text: `statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...`, done: true };
}
