// Snapshots of volumes: what they keep, who holds them, and volumes that begin with what is in them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../lib/api/index.ts';
import { type Cluster, type ClusterOptions, createCluster } from '../../lib/index.ts';

const test = suite('snapshots');

const group = 'snapshot.storage.k8s.io';
const driver = 'hostpath.csi.k8s.io';
const finalizer = (name: string) => `snapshot.storage.kubernetes.io/${name}-protection`;
const key = (name: string) => ({ namespace: 'default', name });
const storageClass = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'csi' }, provisioner: driver };
const snapshotClass = (name: string, more: object = {}) => ({ apiVersion: `${group}/v1`, kind: 'VolumeSnapshotClass', metadata: { name }, driver, deletionPolicy: 'Delete', ...more });
const snapshot = (name: string, source: object, more: object = { volumeSnapshotClassName: 'now' }) => ({ apiVersion: `${group}/v1`, kind: 'VolumeSnapshot', metadata: key(name), spec: { source, ...more } });
const ofClaim = (name = 'data') => ({ persistentVolumeClaimName: name });
const claim = (name: string, spec: object = {}) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: key(name), spec: { storageClassName: 'csi', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec } });
const fromSnapshot = (name: string) => ({ dataSource: { apiGroup: group, kind: 'VolumeSnapshot', name } });
const fromClaim = (name: string) => ({ dataSource: { kind: 'PersistentVolumeClaim', name } });
const reader = (name: string, claimName: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: key(name),
  spec: { containers: [{ name: 'sh', image: 'busybox', command: ['sleep', 'infinity'], volumeMounts: [{ name: 'v', mountPath: '/data' }] }], volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] },
});

/** A cluster with a claim `data` that the pod `writer` uses. */
function cluster(options: ClusterOptions = {}): Cluster & { make(...objects: object[]): void; snapshotOf(name: string): KubeObject; said(name: string): string[]; sh(pod: string, command: string): string } {
  const c = createCluster({ nodes: 2, snapshots: true, ...options });
  const make = (...objects: object[]) => {
    for (const object of objects) c.client.create(object as KubeObject);
    c.advance('10s');
  };
  make(storageClass, snapshotClass('now'), claim('data'), reader('writer', 'data'));
  return Object.assign(c, {
    make,
    snapshotOf: (name: string) => c.client.get('VolumeSnapshot', key(name)),
    said: (name: string) => c.client.list('Event').items.filter(({ involvedObject }) => involvedObject.name === name).map(({ reason, message }) => `${reason} ${message}`),
    sh: (pod: string, command: string) => c.kubectl.run(['exec', pod, '--', 'sh', '-c', command]).printed,
  });
}

test('a snapshot keeps what was written before it', () => {
  const c = cluster();
  c.sh('writer', 'mkdir /data/sub; echo first > /data/sub/a');
  c.make(snapshot('snap', ofClaim()));
  c.sh('writer', 'echo second > /data/sub/a; echo more > /data/b');
  c.make(claim('restored', fromSnapshot('snap')), reader('reader', 'restored'));
  c.advance('10s');
  assert.is(c.sh('reader', 'find /data -type f; cat /data/sub/a'), '/data/sub/a\nfirst');
  c.sh('reader', 'echo third > /data/sub/a');
  assert.is(c.sh('writer', 'cat /data/sub/a'), 'second');
  c.make(claim('again', fromSnapshot('snap')), reader('second', 'again'));
  c.advance('10s');
  assert.is(c.sh('second', 'cat /data/sub/a'), 'first');
  assert.equal(c.problems, []);
});

test('a claim cloned from another', () => {
  const c = cluster();
  c.sh('writer', 'echo first > /data/a');
  c.make(claim('clone', { ...fromClaim('data'), resources: { requests: { storage: '2Gi' } } }), reader('reader', 'clone'));
  c.sh('writer', 'echo second > /data/a');
  c.advance('10s');
  assert.is(c.sh('reader', 'cat /data/a'), 'first');
  const { dataSource, dataSourceRef } = c.client.get('PersistentVolumeClaim', key('clone')).spec;
  assert.equal([dataSource, dataSourceRef], [fromClaim('data').dataSource, fromClaim('data').dataSource]);
});

test('snapshot and content name each other, and both are held', () => {
  const c = cluster();
  c.make(snapshot('snap', ofClaim()));
  const { metadata, status } = c.snapshotOf('snap');
  const name = `snapcontent-${metadata.uid}`;
  assert.equal(metadata.finalizers, [finalizer('volumesnapshot-as-source'), finalizer('volumesnapshot-bound')]);
  assert.equal({ ...status, creationTime: '' }, { boundVolumeSnapshotContentName: name, creationTime: '', readyToUse: true, restoreSize: '1Gi' });
  const content = c.client.get('VolumeSnapshotContent', { name });
  assert.equal(content.metadata.finalizers, [finalizer('volumesnapshotcontent-bound')]);
  const volume = c.client.list('PersistentVolume').items[0]!;
  assert.equal(content.spec.source, { volumeHandle: volume.spec.csi!.volumeHandle });
  assert.is(content.status.restoreSize, 2 ** 30);
  assert.equal(c.said('snap'), ['CreatingSnapshot Waiting for a snapshot default/snap to be created by the CSI driver.', 'SnapshotCreated Snapshot default/snap was successfully created by the CSI driver.', 'SnapshotReady Snapshot default/snap is ready to use.']);
  assert.equal(c.client.get('PersistentVolumeClaim', key('data')).metadata.finalizers, ['kubernetes.io/pvc-protection']);

  // A content that is deleted waits for its snapshot; with it, it goes at once.
  c.client.delete(content);
  c.advance('10s');
  assert.ok(c.client.get('VolumeSnapshotContent', { name }).metadata.deletionTimestamp);
  c.client.delete(c.snapshotOf('snap'));
  c.advance('10s');
  assert.equal([c.client.list('VolumeSnapshot').items, c.client.list('VolumeSnapshotContent').items], [[], []]);
});

test('Retain keeps the content, and another snapshot can be made of it', () => {
  const c = cluster();
  c.sh('writer', 'echo first > /data/a');
  c.make(snapshotClass('kept', { deletionPolicy: 'Retain' }), snapshot('snap', ofClaim(), { volumeSnapshotClassName: 'kept' }));
  c.client.delete(c.snapshotOf('snap'));
  c.advance('10s');
  const [content] = c.client.list('VolumeSnapshotContent').items;
  const { snapshotHandle } = content!.status;
  c.client.delete(content!);
  c.advance('10s');
  const imported = { apiVersion: `${group}/v1`, kind: 'VolumeSnapshotContent', metadata: { name: 'imported' }, spec: { deletionPolicy: 'Retain', driver, source: { snapshotHandle }, volumeSnapshotRef: { name: 'old', namespace: 'default' } } };
  c.make(snapshot('old', { volumeSnapshotContentName: 'imported' }, {}));
  c.make(imported, claim('restored', fromSnapshot('old')), reader('reader', 'restored'));
  c.advance('10s');
  assert.ok(c.said('old').includes('SnapshotContentMissing VolumeSnapshotContent is missing'));
  assert.is(c.snapshotOf('old').status.readyToUse, true);
  assert.is(c.snapshotOf('old').status.error, undefined);
  assert.is(c.client.get('VolumeSnapshotContent', { name: 'imported' }).spec.volumeSnapshotRef.uid, c.snapshotOf('old').metadata.uid);
  assert.is(c.sh('reader', 'cat /data/a'), 'first');
});

test('the default class is that of the driver', () => {
  const c = cluster();
  c.make(snapshot('none', ofClaim(), {}));
  assert.ok(c.said('none').includes('SetDefaultSnapshotClassFailed Failed to set default snapshot class with error cannot find default snapshot class'));
  const byDefault = { annotations: { 'snapshot.storage.kubernetes.io/is-default-class': 'true' } };
  c.make(snapshotClass('usual', { metadata: { name: 'usual', ...byDefault } }), snapshotClass('other', { metadata: { name: 'other', ...byDefault }, driver: 'ebs.csi.aws.com' }));
  c.advance('30s');
  assert.equal([c.snapshotOf('none').spec.volumeSnapshotClassName, c.snapshotOf('none').status.readyToUse], ['usual', true]);
});

test('what a snapshot waits for, in its status and once in an event', () => {
  const c = cluster();
  c.make({ ...storageClass, metadata: { name: 'local' }, provisioner: 'rancher.io/local-path' }, claim('folder', { storageClassName: 'local' }));
  c.make(snapshot('class', ofClaim(), { volumeSnapshotClassName: 'no' }), snapshot('claim', ofClaim('no')), snapshot('folder-snap', ofClaim('folder')));
  c.advance('1m');
  const volume = c.client.get('PersistentVolumeClaim', key('folder')).spec.volumeName;
  const failed = 'SnapshotContentCreationFailed Failed to create snapshot content with error';
  assert.equal(c.said('class'), ['GetSnapshotClassFailed Failed to get snapshot class with error volumesnapshotclass.snapshot.storage.k8s.io "no" not found']);
  assert.equal(c.said('claim'), [`${failed} snapshot controller failed to update claim on API server: cannot get claim from snapshot`]);
  assert.equal(c.said('folder-snap'), [`${failed} cannot find CSI PersistentVolumeSource for volume ${volume}`]);
  assert.equal(c.snapshotOf('claim').status.readyToUse, false);
  c.make(claim('no'));
  c.advance('5m');
  assert.equal([c.snapshotOf('claim').status.readyToUse, c.snapshotOf('claim').status.error], [true, undefined]);
});

test('a claim that cannot be filled says why, and is filled when it can', () => {
  const c = cluster();
  c.make(snapshot('snap', ofClaim()), claim('small', { ...fromSnapshot('snap'), resources: { requests: { storage: '512Mi' } } }), claim('early', fromSnapshot('later')));
  const failed = 'ProvisioningFailed failed to provision volume with StorageClass "csi": error getting handle for DataSource Type VolumeSnapshot by Name';
  assert.ok(c.said('small').includes(`${failed} snap: requested volume size 536870912 is less than the size 1073741824 for the source snapshot snap`));
  assert.ok(c.said('early').includes(`${failed} later: error getting snapshot later from api server: volumesnapshots.snapshot.storage.k8s.io "later" not found`));
  c.make(snapshot('later', ofClaim()));
  c.advance('1m');
  assert.is(c.client.get('PersistentVolumeClaim', key('early')).status.phase, 'Bound');

  // A snapshot stays while a claim is filled from it.
  c.client.delete(c.snapshotOf('snap'));
  c.advance('10s');
  assert.ok(c.said('snap').includes('SnapshotDeletePending Snapshot is being used to restore a PVC'));
  c.client.delete(c.client.get('PersistentVolumeClaim', key('small')));
  c.advance('5m');
  assert.equal(c.client.list('VolumeSnapshot').items.map(({ metadata }) => metadata.name), ['later']);
});

test('what the definitions refuse', () => {
  const c = cluster();
  const refused = (object: object) => {
    try {
      c.client.create(object as KubeObject);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  assert.match(refused(snapshot('both', { ...ofClaim(), volumeSnapshotContentName: 'x' })), 'exactly one of volumeSnapshotContentName and persistentVolumeClaimName must be set');
  assert.match(refused(snapshot('empty', ofClaim(), { volumeSnapshotClassName: '' })), 'volumeSnapshotClassName must not be the empty string when set');
  assert.match(refused(snapshotClass('odd', { deletionPolicy: 'Recycle' })), 'Unsupported value: "Recycle": supported values: "Delete", "Retain"');
});

test('without the definitions nothing of it runs; they come and go', async () => {
  const c = createCluster({ nodes: 1 });
  assert.is(c.requests().some(({ userAgent }) => userAgent === 'snapshot-controller'), false);
  const defined = createCluster({ nodes: 1, snapshots: true });
  const definitions = defined.client.list('CustomResourceDefinition').items.map(({ apiVersion, kind, metadata: { name, annotations }, spec }) => ({ apiVersion, kind, metadata: { name, annotations }, spec }));
  for (const one of definitions) c.client.create(one as KubeObject);
  for (const object of [storageClass, snapshotClass('now'), claim('data')]) c.client.create(object as KubeObject);
  c.client.create(snapshot('snap', ofClaim()) as KubeObject);
  c.advance('1m');
  assert.is(c.client.get('VolumeSnapshot', key('snap')).status.readyToUse, true);
  // Those that hold the instances have to let them go first.
  c.client.delete(c.client.get('VolumeSnapshot', key('snap')));
  c.advance('10s');
  for (const { metadata } of definitions) c.client.delete({ kind: 'CustomResourceDefinition', metadata });
  c.advance('10s');
  for (const one of definitions) c.client.create(one as KubeObject);
  for (const object of [snapshotClass('now'), snapshot('snap', ofClaim())]) c.client.create(object as KubeObject);
  c.advance('10s');
  assert.is(c.client.get('VolumeSnapshot', key('snap')).status.readyToUse, true);
  assert.equal(c.problems, []);
});

test("a snapshot-controller of one's own", () => {
  const c = cluster();
  c.replace('snapshot-controller', undefined);
  c.make(snapshot('snap', ofClaim()));
  assert.is(c.snapshotOf('snap').status, undefined);
});

test.run();
