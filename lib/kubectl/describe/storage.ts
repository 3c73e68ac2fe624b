// Volumes, claims and what provides them, in `kubectl describe`.
import { formatLabels, humanDuration, type KubeObject } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { rfc1123 } from '../text/duration.ts';
import { describeEvents } from './events.ts';
import { writeSource } from './volumes.ts';
import { annotations, multiline, type Writer } from './writer.ts';

type Loose = Record<string, any>;
type Describe = (w: Writer, object: KubeObject, call: Call) => void;

const modes: Record<string, string> = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' };
const accessModes = (list: readonly string[] | undefined) => (list ?? []).map((mode) => modes[mode] ?? mode).join(',');
const classOf = ({ metadata, spec }: KubeObject) => metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? '';

function phase({ metadata, status }: KubeObject, call: Call): string {
  return metadata.deletionTimestamp ? `Terminating (lasts ${humanDuration(call.now() - Date.parse(metadata.deletionTimestamp))})` : (status?.phase ?? '');
}

const bracketed = (list: readonly string[] | undefined) => `[${(list ?? []).join(' ')}]`;

export const describePersistentVolume: Describe = (w, object, call) => {
  const { metadata, spec, status } = object;
  w.field(0, 'Name', metadata.name);
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'Finalizers', bracketed(metadata.finalizers)).field(0, 'StorageClass', classOf(object)).field(0, 'Status', phase(object, call));
  w.field(0, 'Claim', spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '').field(0, 'Reclaim Policy', spec.persistentVolumeReclaimPolicy ?? '');
  w.field(0, 'Access Modes', accessModes(spec.accessModes));
  if (spec.volumeMode) w.field(0, 'VolumeMode', spec.volumeMode);
  w.field(0, 'Capacity', spec.capacity?.storage ?? '0');
  nodeAffinity(w, spec.nodeAffinity);
  w.field(0, 'Message', status?.message ?? '').line(0, 'Source:');
  writeSource(w, spec, call, { persistent: true });
  describeEvents(w, call, object);
};

function nodeAffinity(w: Writer, affinity: Loose | undefined): void {
  const terms: Loose[] = affinity?.required?.nodeSelectorTerms ?? [];
  if (terms.length === 0) {
    w.line(0, 'Node Affinity:\t<none>');
    return;
  }
  w.line(0, 'Node Affinity:\t').line(1, 'Required Terms:\t');
  terms.forEach(({ matchExpressions = [] }, i) => {
    (matchExpressions as Loose[]).forEach(({ key, operator, values }, j) => {
      const text = `${key} ${operator.toLowerCase()}${values?.length ? ` [${values.join(', ')}]` : ''}`;
      w.line(2, `${j === 0 ? `Term ${i}:` : ''}\t${text}`);
    });
  });
}

export const describeClaim: Describe = (w, object, call) => {
  const { metadata, spec, status } = object;
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace).field(0, 'StorageClass', classOf(object));
  w.field(0, 'Status', phase(object, call)).field(0, 'Volume', spec.volumeName ?? '');
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'Finalizers', bracketed(metadata.finalizers));
  w.field(0, 'Capacity', spec.volumeName ? (status?.capacity?.storage ?? '0') : '').field(0, 'Access Modes', spec.volumeName ? accessModes(status?.accessModes) : '');
  if (spec.volumeMode) w.field(0, 'VolumeMode', spec.volumeMode);
  dataSource(w, spec.dataSource);
  const users = call.client.list('Pod', { namespace: metadata.namespace! }).items.filter(({ spec: pod }) => pod.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name));
  if (users.length === 0) w.line(0, 'Used By:\t<none>');
  users.forEach((pod, i) => w.line(0, `${i === 0 ? 'Used By:' : ''}\t${pod.metadata.name}`));
  conditions(w, status?.conditions ?? []);
  describeEvents(w, call, object);
};

function dataSource(w: Writer, source: Loose | undefined): void {
  if (!source) return;
  w.line(0, 'DataSource:');
  if (source.apiGroup !== undefined) w.field(1, 'APIGroup', source.apiGroup);
  w.field(1, 'Kind', source.kind).field(1, 'Name', source.name);
}

function conditions(w: Writer, list: readonly Loose[]): void {
  if (list.length === 0) return;
  w.line(0, 'Conditions:').line(1, 'Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage').line(1, '----\t------\t-----------------\t------------------\t------\t-------');
  for (const { type, status, lastProbeTime, lastTransitionTime, reason = '', message = '' } of list) w.line(1, `${type} \t${status} \t${rfc1123(lastProbeTime)} \t${rfc1123(lastTransitionTime)} \t${reason} \t${message}`);
}

export const describeStorageClass: Describe = (w, object, call) => {
  const { metadata, parameters, allowVolumeExpansion, mountOptions, reclaimPolicy, volumeBindingMode, provisioner } = object;
  const isDefault = metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
  w.field(0, 'Name', metadata.name).field(0, 'IsDefaultClass', isDefault ? 'Yes' : 'No').field(0, 'Annotations', formatLabels(metadata.annotations));
  w.field(0, 'Provisioner', provisioner).field(0, 'Parameters', formatLabels(parameters));
  w.field(0, 'AllowVolumeExpansion', allowVolumeExpansion === undefined ? '<unset>' : allowVolumeExpansion ? 'True' : 'False');
  if (!mountOptions?.length) w.line(0, 'MountOptions:\t<none>');
  else {
    w.line(0, 'MountOptions:');
    for (const option of mountOptions) w.line(1, option);
  }
  if (reclaimPolicy) w.field(0, 'ReclaimPolicy', reclaimPolicy);
  if (volumeBindingMode) w.field(0, 'VolumeBindingMode', volumeBindingMode);
  if (object.allowedTopologies) topologies(w, object.allowedTopologies);
  describeEvents(w, call, object);
};

function topologies(w: Writer, terms: readonly Loose[]): void {
  w.write(0, 'AllowedTopologies:\t').line(0, terms.length === 0 ? '<none>' : '');
  terms.forEach(({ matchLabelExpressions = [] }, i) => {
    w.write(1, `Term ${i}:\t`);
    if (matchLabelExpressions.length === 0) w.line(0, '<none>');
    (matchLabelExpressions as Loose[]).forEach(({ key, values = [] }, j) => (j > 0 ? w.write(1, '\t') : w).line(0, `${key} in${values.length > 0 ? ` [${values.join(', ')}]` : ''}`));
  });
}

export const describeCSINode: Describe = (w, object, call) => {
  const { metadata, spec } = object;
  w.field(0, 'Name', metadata.name);
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
  w.field(0, 'CreationTimestamp', rfc1123(metadata.creationTimestamp)).line(0, 'Spec:');
  if (spec.drivers) w.line(1, 'Drivers:');
  for (const { name, nodeID, allocatable, topologyKeys } of (spec.drivers ?? []) as Loose[]) {
    w.line(2, `${name}:`).field(3, 'Node ID', nodeID);
    if (allocatable?.count !== undefined) w.line(3, 'Allocatables:').field(4, 'Count', allocatable.count);
    if (topologyKeys) w.field(3, 'Topology Keys', bracketed(topologyKeys));
  }
  describeEvents(w, call, object);
};
