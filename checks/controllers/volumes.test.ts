// Claims and volumes: who gets which, who has to wait for what, and what becomes of a volume afterwards.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Manifest } from '../../lib/api/index.ts';
import { type ControlPlane, createControlPlane } from './control-plane.ts';

const test = suite('volumes');

const classOf = (name: string, more: object = {}) => ({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, provisioner: 'rancher.io/local-path', ...more });

function volume(name: string, size: string, spec: object = {}): Manifest {
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: size }, hostPath: { path: '/data' }, ...spec } } as Manifest;
}

function claim(name: string, size: string, spec: object = {}): Manifest {
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'default' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } }, storageClassName: '', ...spec } } as Manifest;
}

function plane(objects: Manifest[], options: Parameters<typeof createControlPlane>[0] = {}): ControlPlane {
  const out = createControlPlane(options);
  for (const object of objects) out.client.create(object);
  out.advance('1s');
  return out;
}

const key = (name: string) => ({ namespace: 'default', name });
const boundTo = (p: ControlPlane, name: string) => p.client.get('PersistentVolumeClaim', key(name)).spec.volumeName;
const phaseOf = (p: ControlPlane, name: string) => p.client.get('PersistentVolume', { name }).status.phase;
const said = (p: ControlPlane, name: string) => p.events().filter(({ object }) => object.endsWith(`/${name}`)).map(({ reason, message }) => `${reason} ${message}`);

test('the smallest volume that is large enough', () => {
  const p = plane([volume('large', '10Gi'), volume('fitting', '3Gi'), volume('small', '1Gi'), volume('other', '2Gi', { storageClassName: 'slow' }), claim('data', '2Gi')]);
  assert.is(boundTo(p, 'data'), 'fitting');
  const { status, metadata } = p.client.get('PersistentVolumeClaim', key('data'));
  assert.equal([status.phase, status.capacity, status.accessModes], ['Bound', { storage: '3Gi' }, ['ReadWriteOnce']]);
  assert.equal(metadata.annotations, { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' });
  assert.equal(['large', 'fitting'].map((name) => phaseOf(p, name)), ['Available', 'Bound']);
});

test('access modes, selectors and modes of volumes must match; modes beyond what is asked for come last', () => {
  const p = plane([
    volume('shared', '1Gi', { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }),
    volume('plain', '2Gi'),
    volume('block', '1Gi', { volumeMode: 'Block' }),
    claim('data', '1Gi'),
    claim('many', '1Gi', { accessModes: ['ReadWriteMany'] }),
    claim('chosen', '1Gi', { selector: { matchLabels: { tier: 'gold' } } }),
  ]);
  assert.equal(['data', 'many', 'chosen'].map((name) => boundTo(p, name)), ['plain', 'shared', undefined]);
});

test('a claim and a volume that name each other', () => {
  const p = plane([volume('kept', '5Gi', { claimRef: { namespace: 'default', name: 'mine' } }), volume('free', '1Gi'), claim('other', '1Gi', { volumeName: 'kept' }), claim('mine', '1Gi')]);
  assert.is(boundTo(p, 'mine'), 'kept');
  p.advance('15s');
  assert.ok(said(p, 'other').includes('FailedBinding volume "kept" already bound to a different claim.'));
  const wrong = plane([volume('tiny', '1Gi'), claim('big', '2Gi', { volumeName: 'tiny' })]);
  assert.ok(said(wrong, 'big').includes('VolumeMismatch Cannot bind to requested volume "tiny": requested PV is too small'));
});

test('without a volume and a class a claim waits, and says so again every 15 seconds', () => {
  const p = plane([claim('data', '1Gi')]);
  p.advance('31s');
  const [event] = p.events().filter(({ object }) => object.endsWith('/data'));
  assert.equal([event!.reason, event!.message, event!.count], ['FailedBinding', 'no persistent volumes available for this claim and no storage class is set', 3]);
  p.client.create(volume('late', '1Gi'));
  p.advance('1s');
  assert.is(boundTo(p, 'data'), 'late');
});

test('a class makes volumes, at once or for the node of the first pod; they go with their claim', () => {
  const p = plane([classOf('now'), classOf('later', { volumeBindingMode: 'WaitForFirstConsumer' }), claim('a', '1Gi', { storageClassName: 'now' }), claim('b', '1Gi', { storageClassName: 'later' })]);
  p.advance('5s');
  const name = boundTo(p, 'a')!;
  assert.is(name, `pvc-${p.client.get('PersistentVolumeClaim', key('a')).metadata.uid}`);
  assert.is(boundTo(p, 'b'), undefined);
  assert.ok(said(p, 'b').includes('WaitForFirstConsumer waiting for first consumer to be created before binding'));
  p.client.delete({ kind: 'PersistentVolumeClaim', metadata: key('a') });
  p.advance('5s');
  assert.equal(p.list('PersistentVolume'), []);
});

test('what becomes of a volume whose claim is gone', () => {
  const kinds = [volume('retained', '1Gi'), volume('deleted', '2Gi', { persistentVolumeReclaimPolicy: 'Delete', hostPath: { path: '/tmp/x' } }), volume('failed', '3Gi', { persistentVolumeReclaimPolicy: 'Delete' }), volume('recycled', '4Gi', { persistentVolumeReclaimPolicy: 'Recycle' })];
  const p = plane([...kinds, ...[1, 2, 3, 4].map((size) => claim(`c${size}`, `${size}Gi`))]);
  for (const size of [1, 2, 3, 4]) p.client.delete({ kind: 'PersistentVolumeClaim', metadata: key(`c${size}`) });
  p.advance('1s');
  assert.equal(p.list('PersistentVolume').map(({ metadata, status }) => [metadata.name, status.phase]), [['failed', 'Failed'], ['recycled', 'Available'], ['retained', 'Released']]);
  assert.is(p.client.get('PersistentVolume', { name: 'failed' }).status.message, 'host_path deleter only supports /tmp/.+ but received provided /data');
  p.client.create(claim('next', '1Gi'));
  p.advance('1s');
  assert.is(boundTo(p, 'next'), 'recycled', 'a released volume is nobody\'s until somebody takes the claim off it');
});

test('a claim that lost its volume', () => {
  const p = plane([volume('disk', '1Gi'), claim('data', '1Gi')], { only: ['persistentvolume-binder'] });
  const disk = p.client.get('PersistentVolume', { name: 'disk' });
  p.client.update({ ...disk, metadata: { ...disk.metadata, finalizers: [] } });
  p.client.delete(disk);
  p.advance('1s');
  assert.is(p.client.get('PersistentVolumeClaim', key('data')).status.phase, 'Lost');
  assert.ok(said(p, 'data').includes('ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!'));
});

test('two pods at one instant do not get one volume', () => {
  const node = (name: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name } }, status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10' }, capacity: { cpu: '4', memory: '8Gi', pods: '10' } } });
  const later = { storageClassName: 'later' };
  const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'c', image: 'nginx' }], tolerations: [{ operator: 'Exists' }], volumes: [{ name: 'v', persistentVolumeClaim: { claimName: `of-${name}` } }] } });
  const p = plane([node('n1'), classOf('later', { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' }), volume('one', '1Gi', later), volume('two', '1Gi', later), claim('of-a', '1Gi', later), claim('of-b', '1Gi', later)], { scheduler: true });
  for (const name of ['a', 'b']) p.client.create(pod(name) as Manifest);
  p.advance('5s');
  assert.equal(['of-a', 'of-b'].map((name) => boundTo(p, name)).sort(), ['one', 'two']);
  assert.equal(['a', 'b'].map((name) => p.client.get('Pod', key(name)).spec.nodeName), ['n1', 'n1']);
});

test('a claim that a pod describes inside itself is made for it and goes with it', () => {
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Gi' } } };
  const pod = (name: string): Manifest =>
    ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'c', image: 'busybox' }], volumes: [{ name: 'own', ephemeral: { volumeClaimTemplate: { metadata: { labels: { of: name } }, spec } } }] } }) as Manifest;
  const p = plane([volume('one', '1Gi'), volume('two', '1Gi'), pod('a')]);
  const made = p.client.get('PersistentVolumeClaim', key('a-own'));
  assert.equal([made.metadata.labels, made.metadata.ownerReferences?.[0]?.name, made.metadata.finalizers, made.status.phase], [{ of: 'a' }, 'a', ['kubernetes.io/pvc-protection'], 'Bound']);
  p.client.delete({ kind: 'Pod', metadata: key('a') }, { gracePeriodSeconds: 0 });
  p.advance('1m');
  assert.is(p.client.find('PersistentVolumeClaim', key('a-own')), undefined);
  const foreign = plane([claim('b-own', '1Gi'), pod('b')]);
  assert.ok(said(foreign, 'b').includes('FailedBinding ephemeral volume own: PVC default/b-own was not created for pod default/b (pod is not owner)'));
  foreign.client.delete({ kind: 'PersistentVolumeClaim', metadata: key('b-own') });
  foreign.advance('1s');
  assert.ok(foreign.client.get('PersistentVolumeClaim', key('b-own')).metadata.deletionTimestamp, 'the pod uses it: it is held');
});

test.run();
