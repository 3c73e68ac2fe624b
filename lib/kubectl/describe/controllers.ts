// Deployment, ReplicaSet, ReplicationController.
import { formatLabels, formatLabelSelector, type KubeObject, parseSelector, selectorFromLabelSelector } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { rfc1123 } from '../text/duration.ts';
import { describeEvents } from './events.ts';
import { podTemplate } from './template.ts';
import { annotations, multiline, type Writer } from './writer.ts';

export function podCounts(call: Call, object: KubeObject): string {
  const { selector } = object.spec;
  const matcher = object.kind === 'ReplicationController' ? parseSelector(formatLabels(selector)) : selectorFromLabelSelector(selector);
  const counts: Record<string, number> = { Running: 0, Pending: 0, Succeeded: 0, Failed: 0 };
  for (const { metadata, status } of call.client.list('Pod', { namespace: object.metadata.namespace! }).items) {
    if (!matcher.matches(metadata.labels) || !metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === object.metadata.uid)) continue;
    if (status.phase! in counts) counts[status.phase!]!++;
  }
  return `${counts.Running} Running / ${counts.Pending} Waiting / ${counts.Succeeded} Succeeded / ${counts.Failed} Failed`;
}

function conditions(w: Writer, list: { type: string; status: string; reason?: string }[] | undefined): void {
  if (!list?.length) return;
  w.write(0, 'Conditions:\n  Type\tStatus\tReason\n');
  w.line(1, '----\t------\t------');
  for (const { type, status, reason = '' } of list) w.line(1, `${type} \t${status}\t${reason}`);
}

export function controlledBy(w: Writer, { metadata }: KubeObject): void {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner) w.field(0, 'Controlled By', `${owner.kind}/${owner.name}`);
}

export function describeReplicaSet(w: Writer, object: KubeObject, call: Call): void {
  const { metadata, spec, status } = object;
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace);
  w.field(0, 'Selector', object.kind === 'ReplicaSet' ? formatLabelSelector(spec.selector) : formatLabels(spec.selector));
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  if (object.kind === 'ReplicaSet') controlledBy(w, object);
  w.field(0, 'Replicas', `${status?.replicas ?? 0} current / ${spec.replicas} desired`);
  w.field(0, 'Pods Status', podCounts(call, object));
  podTemplate(w, spec.template, call);
  conditions(w, status?.conditions);
  describeEvents(w, call, object);
}

export function describeDeployment(w: Writer, object: KubeObject, call: Call): void {
  const { metadata, spec, status = {} } = object;
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace).field(0, 'CreationTimestamp', rfc1123(metadata.creationTimestamp));
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'Selector', formatLabelSelector(spec.selector));
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status;
  w.field(0, 'Replicas', `${spec.replicas} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`);
  w.field(0, 'StrategyType', spec.strategy?.type ?? '').field(0, 'MinReadySeconds', spec.minReadySeconds ?? 0);
  const rolling = spec.strategy?.rollingUpdate;
  if (rolling) w.field(0, 'RollingUpdateStrategy', `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`);
  podTemplate(w, spec.template, call);
  conditions(w, status.conditions);
  replicaSets(w, object, call);
  describeEvents(w, call, object);
}

function replicaSets(w: Writer, deployment: KubeObject, call: Call): void {
  const revision = (set: { metadata: { annotations?: Record<string, string> } }) => Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
  const owned = call.client.list('ReplicaSet', { namespace: deployment.metadata.namespace! }).items.filter(({ metadata }) => metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === deployment.metadata.uid));
  const newest = owned.find((set) => revision(set) === Math.max(...owned.map(revision)));
  const text = (sets: typeof owned) => sets.map(({ metadata, spec, status }) => `${metadata.name} (${status.replicas}/${spec.replicas} replicas created)`).join(', ') || '<none>';
  if (owned.length === 0) return;
  w.field(0, 'OldReplicaSets', text(owned.filter((set) => set !== newest))).field(0, 'NewReplicaSet', text(newest ? [newest] : []));
}
