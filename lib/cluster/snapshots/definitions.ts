// The three definitions that external-snapshotter ships (client/config/crd): version v1, its schema and its columns.
import { type Manifest, snapshotGroup } from '../../api/index.ts';

type Schema = Record<string, unknown>;

const text = (description: string, more: Schema = {}): Schema => ({ type: 'string', description, ...more });
const object = (description: string, properties: Record<string, Schema>, more: Schema = {}): Schema => ({ type: 'object', description, properties, ...more });
const rule = (message: string, expression: string) => ({ message, rule: expression });
const immutable = (field: string): Schema => ({ 'x-kubernetes-validations': [rule(`${field} is immutable`, 'self == oldSelf')] });
const onceSet = (field: string) => rule(`${field} is required once set`, `!has(oldSelf.${field}) || has(self.${field})`);
const exactlyOne = (a: string, b: string) => rule(`exactly one of ${a} and ${b} must be set`, `(has(self.${a}) && !has(self.${b})) || (!has(self.${a}) && has(self.${b}))`);

const column = (name: string, jsonPath: string, type = 'string', description?: string) => ({ name, type, jsonPath, ...(description && { description }) });
const age = column('Age', '.metadata.creationTimestamp', 'date');

const head: Record<string, Schema> = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } };
const error = object('The last error in taking the snapshot.', { message: { type: 'string' }, time: { type: 'string', format: 'date-time' } });
const ready: Schema = { type: 'boolean', description: 'Whether a volume can be made of the snapshot.' };
const deletionPolicy = text('Whether the snapshot in the storage goes with its VolumeSnapshot ("Delete") or stays ("Retain").', { enum: ['Delete', 'Retain'] });
const quantity = String.raw`^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`;

const snapshotSchema = object(
  "A user's request for a snapshot of a volume, or for one that is already there.",
  {
    ...head,
    spec: object(
      'What the snapshot is taken of.',
      {
        source: object(
          'A claim in the same namespace, or the content of a snapshot that exists. Cannot be changed.',
          {
            persistentVolumeClaimName: text('The claim whose volume a snapshot is taken of.', immutable('persistentVolumeClaimName')),
            volumeSnapshotContentName: text('The VolumeSnapshotContent of a snapshot that exists.', immutable('volumeSnapshotContentName')),
          },
          { 'x-kubernetes-validations': [onceSet('persistentVolumeClaimName'), onceSet('volumeSnapshotContentName'), exactlyOne('volumeSnapshotContentName', 'persistentVolumeClaimName')] },
        ),
        volumeSnapshotClassName: text("The class of the snapshot. Without one, the default class of the volume's driver.", { 'x-kubernetes-validations': [rule('volumeSnapshotClassName must not be the empty string when set', 'size(self) > 0')] }),
      },
      { required: ['source'] },
    ),
    status: object('What is known of the snapshot. Both it and its content have to name each other.', {
      boundVolumeSnapshotContentName: text('The content of this snapshot.'),
      creationTime: text('When the snapshot was taken.', { format: 'date-time' }),
      error,
      readyToUse: ready,
      restoreSize: text('How large a volume must be at least to hold the snapshot.', { pattern: quantity, 'x-kubernetes-int-or-string': true }),
      volumeGroupSnapshotName: text('The VolumeGroupSnapshot that it is part of.'),
    }),
  },
  { required: ['spec'] },
);

const reference = object(
  'The VolumeSnapshot that the content belongs to.',
  Object.fromEntries(['apiVersion', 'fieldPath', 'kind', 'name', 'namespace', 'resourceVersion', 'uid'].map((field) => [field, { type: 'string' }])),
  { 'x-kubernetes-map-type': 'atomic', 'x-kubernetes-validations': [rule('both spec.volumeSnapshotRef.name and spec.volumeSnapshotRef.namespace must be set', 'has(self.name) && has(self.__namespace__)')] },
);

const contentSchema = object(
  'A snapshot as it lies in the storage.',
  {
    ...head,
    spec: object(
      'What the content stands for.',
      {
        deletionPolicy,
        driver: text('The CSI driver that made the snapshot.'),
        source: object(
          'The volume that the snapshot is taken of, or a snapshot that exists.',
          {
            snapshotHandle: text('What the driver calls a snapshot that exists.', immutable('snapshotHandle')),
            volumeHandle: text('What the driver calls the volume.', immutable('volumeHandle')),
          },
          { 'x-kubernetes-validations': [onceSet('volumeHandle'), onceSet('snapshotHandle'), exactlyOne('volumeHandle', 'snapshotHandle')] },
        ),
        sourceVolumeMode: text('The mode of the volume.', immutable('sourceVolumeMode')),
        volumeSnapshotClassName: text('The class that it was made with.'),
        volumeSnapshotRef: reference,
      },
      { required: ['deletionPolicy', 'driver', 'source', 'volumeSnapshotRef'], 'x-kubernetes-validations': [onceSet('sourceVolumeMode')] },
    ),
    status: object('What the driver says of the snapshot.', {
      creationTime: { type: 'integer', format: 'int64', description: 'When it was taken, in nanoseconds since 1970.' },
      error,
      readyToUse: ready,
      restoreSize: { type: 'integer', format: 'int64', minimum: 0, description: 'Its size in bytes.' },
      snapshotHandle: text('What the driver calls it.'),
      volumeGroupSnapshotHandle: text('What the driver calls the group that it is part of.'),
    }),
  },
  { required: ['spec'] },
);

const classSchema = object(
  'How a driver takes snapshots.',
  { ...head, deletionPolicy, driver: text('The CSI driver.'), parameters: { type: 'object', additionalProperties: { type: 'string' }, description: 'What the driver is told.' } },
  { required: ['deletionPolicy', 'driver'] },
);

const snapshotColumns = [
  column('ReadyToUse', '.status.readyToUse', 'boolean'),
  column('SourcePVC', '.spec.source.persistentVolumeClaimName'),
  column('SourceSnapshotContent', '.spec.source.volumeSnapshotContentName'),
  column('RestoreSize', '.status.restoreSize'),
  column('SnapshotClass', '.spec.volumeSnapshotClassName'),
  column('SnapshotContent', '.status.boundVolumeSnapshotContentName'),
  column('CreationTime', '.status.creationTime', 'date'),
  age,
];
const contentColumns = [
  column('ReadyToUse', '.status.readyToUse', 'boolean'),
  column('RestoreSize', '.status.restoreSize', 'integer'),
  column('DeletionPolicy', '.spec.deletionPolicy'),
  column('Driver', '.spec.driver'),
  column('VolumeSnapshotClass', '.spec.volumeSnapshotClassName'),
  column('VolumeSnapshot', '.spec.volumeSnapshotRef.name'),
  column('VolumeSnapshotNamespace', '.spec.volumeSnapshotRef.namespace'),
  age,
];
const classColumns = [column('Driver', '.driver'), column('DeletionPolicy', '.deletionPolicy'), age];

interface Definition {
  scope: 'Cluster' | 'Namespaced';
  plural?: string;
  shortNames: string[];
  columns: object[];
  schema: Schema;
  subresources?: object;
}

function definition(kind: string, { scope, plural = `${kind.toLowerCase()}s`, shortNames, columns, schema, subresources }: Definition): Manifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${snapshotGroup}`, annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes-csi/external-snapshotter/pull/814' } },
    spec: {
      group: snapshotGroup,
      names: { kind, listKind: `${kind}List`, plural, shortNames, singular: kind.toLowerCase() },
      scope,
      versions: [{ name: 'v1', served: true, storage: true, additionalPrinterColumns: columns, schema: { openAPIV3Schema: schema }, subresources }],
    },
  } as Manifest;
}

/** Differs from Kubernetes: only version v1; descriptions are short. */
export const snapshotDefinitions: readonly Manifest[] = [
  definition('VolumeSnapshotClass', { scope: 'Cluster', plural: 'volumesnapshotclasses', shortNames: ['vsclass', 'vsclasses'], columns: classColumns, schema: classSchema, subresources: {} }),
  definition('VolumeSnapshotContent', { scope: 'Cluster', shortNames: ['vsc', 'vscs'], columns: contentColumns, schema: contentSchema, subresources: { status: {} } }),
  definition('VolumeSnapshot', { scope: 'Namespaced', shortNames: ['vs'], columns: snapshotColumns, schema: snapshotSchema, subresources: { status: {} } }),
];
