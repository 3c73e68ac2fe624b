import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../lib/api/index.ts';
import { type ControlPlane, createControlPlane } from './control-plane.ts';

const test = suite('garbage collection and namespaces');

function configMap(plane: ControlPlane, name: string, owners: KubeObject[] = [], { namespace = 'default', block = true, finalizers }: { namespace?: string; block?: boolean; finalizers?: string[] } = {}): KubeObject {
  const ownerReferences = owners.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, name: metadata.name, uid: metadata.uid, blockOwnerDeletion: block }));
  return plane.client.create({ kind: 'ConfigMap', metadata: { name, namespace, ownerReferences, ...(finalizers && { finalizers }) } });
}

const names = (plane: ControlPlane, namespace = 'default') => plane.client.list('ConfigMap', { namespace }).items.map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt').sort();

test('what nobody owns any more goes, down to the last generation', () => {
  const plane = createControlPlane();
  const a = configMap(plane, 'a');
  const b = configMap(plane, 'b', [a]);
  configMap(plane, 'c', [b]);
  configMap(plane, 'other');
  plane.advance('1s');
  plane.client.delete(a);
  plane.advance('1s');
  assert.equal(names(plane), ['other']);
});

test('one of two owners is enough to live', () => {
  const plane = createControlPlane();
  const [a, b] = [configMap(plane, 'a'), configMap(plane, 'b')];
  configMap(plane, 'c', [a, b]);
  plane.advance('1s');
  plane.client.delete(a);
  plane.advance('1s');
  assert.equal(names(plane), ['b', 'c']);
  assert.equal(plane.client.get('ConfigMap', { namespace: 'default', name: 'c' }).metadata.ownerReferences?.map(({ name }) => name), ['b']);
});

test('foreground: the owner goes last, and waits only for those that block it', () => {
  const plane = createControlPlane();
  const a = configMap(plane, 'a');
  configMap(plane, 'blocking', [a], { finalizers: ['example.com/hold'] });
  configMap(plane, 'free', [a], { block: false });
  plane.advance('1s');
  plane.client.delete(a, { propagationPolicy: 'Foreground' });
  plane.advance('1s');
  assert.equal(names(plane), ['a', 'blocking']);
  plane.client.patch('ConfigMap', { namespace: 'default', name: 'blocking' }, { metadata: { finalizers: null } }, { type: 'merge' });
  plane.advance('1s');
  assert.equal(names(plane), []);
});

test('orphan: the dependents stay, without their owner', () => {
  const plane = createControlPlane();
  const a = configMap(plane, 'a');
  configMap(plane, 'b', [a]);
  plane.advance('1s');
  plane.client.delete(a, { propagationPolicy: 'Orphan' });
  plane.advance('1s');
  assert.equal(names(plane), ['b']);
  assert.is(plane.client.get('ConfigMap', { namespace: 'default', name: 'b' }).metadata.ownerReferences, undefined);
});

test('an owner that never was, or lives in another namespace, does not count', () => {
  const plane = createControlPlane();
  const a = configMap(plane, 'a', [], { namespace: 'kube-public' });
  plane.advance('1s');
  configMap(plane, 'b', [a]);
  plane.advance('1s');
  assert.equal(names(plane), []);
  assert.ok(plane.events().some(({ reason }) => reason === 'OwnerRefInvalidNamespace'));
});

test('a cluster-scoped object with a namespaced owner is left alone', () => {
  const plane = createControlPlane();
  const a = configMap(plane, 'a');
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: a.metadata.uid };
  plane.client.create({ kind: 'PriorityClass', metadata: { name: 'p', ownerReferences: [{ ...reference, uid: 'gone' }] }, value: 1 });
  plane.advance('5s');
  assert.is(plane.client.list('PriorityClass').items.length, 1);
});

test('a circle of foreground deletions is broken', () => {
  const plane = createControlPlane();
  const a = configMap(plane, 'a');
  const b = configMap(plane, 'b', [a]);
  plane.client.patch('ConfigMap', { namespace: 'default', name: 'a' }, { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'b', uid: b.metadata.uid, blockOwnerDeletion: true }] } }, { type: 'merge' });
  plane.advance('1s');
  plane.client.delete(a, { propagationPolicy: 'Foreground' });
  plane.advance('10s');
  assert.equal(names(plane), []);
});

// As a real v1.20.2 left it: the owner waits for somebody else's finalizer, its dependent is gone.
test('in the foreground dependents go first, also those that do not block an owner that something else holds', () => {
  const plane = createControlPlane();
  const owner = configMap(plane, 'owner', [], { finalizers: ['example.com/hold'] });
  configMap(plane, 'dependent', [owner], { block: false });
  plane.advance('1s');
  plane.client.delete(owner, { propagationPolicy: 'Foreground' });
  plane.advance('10s');
  assert.equal(names(plane), ['owner']);
  assert.equal(plane.client.get('ConfigMap', { namespace: 'default', name: 'owner' }).metadata.finalizers, ['example.com/hold']);
});

test('a namespace is emptied after five seconds, then goes', () => {
  const plane = createControlPlane();
  plane.client.create({ kind: 'Namespace', metadata: { name: 'team' } });
  plane.advance('1s');
  configMap(plane, 'a', [], { namespace: 'team', finalizers: ['example.com/hold'] });
  plane.client.create({ kind: 'Secret', metadata: { name: 's', namespace: 'team' } });
  plane.client.delete({ kind: 'Namespace', metadata: { name: 'team' } });
  plane.advance('4s');
  assert.is(plane.client.list('Secret', { namespace: 'team' }).items.length, 1);
  plane.advance('2s');
  assert.is(plane.client.list('Secret', { namespace: 'team' }).items.length, 0);
  const remaining = plane.client.get('Namespace', { name: 'team' }).status.conditions!.find(({ type }) => type === 'NamespaceFinalizersRemaining')!;
  assert.is(remaining.message, 'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances');
  plane.client.patch('ConfigMap', { namespace: 'team', name: 'a' }, { metadata: { finalizers: null } }, { type: 'merge' });
  plane.advance('20s');
  assert.not.ok(plane.client.list('Namespace').items.some(({ metadata }) => metadata.name === 'team'));
});

test.run();
