import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Pod, PodDisruptionBudget } from '../../lib/api/index.ts';
import { createCluster } from '../../lib/index.ts';
import { createControlPlane, run, template } from './control-plane.ts';

const test = suite('small controllers');

test('each namespace has a default account and the root certificate', () => {
  const plane = createControlPlane();
  plane.client.create({ kind: 'Namespace', metadata: { name: 'team' } });
  plane.advance('1s');
  plane.client.delete({ kind: 'ServiceAccount', metadata: { namespace: 'team', name: 'default' } });
  plane.client.delete({ kind: 'ConfigMap', metadata: { namespace: 'team', name: 'kube-root-ca.crt' } });
  plane.advance('1s');
  assert.is(plane.list('ServiceAccount', 'team').length, 1);
  assert.match(String((plane.list('ConfigMap', 'team')[0] as { data?: Record<string, string> }).data?.['ca.crt']), /BEGIN CERTIFICATE/);
});

test('token secrets are made until v1.23; one made by hand is filled in always', () => {
  for (const [version, made] of [['v1.20', 1], ['v1.33', 0]] as const) {
    const plane = createControlPlane({ version });
    plane.client.create({ kind: 'ServiceAccount', metadata: { name: 'robot', namespace: 'default' } });
    plane.advance('1s');
    const tokens = () => plane.list('Secret', 'default').filter(({ metadata }) => metadata.annotations?.['kubernetes.io/service-account.name'] === 'robot');
    assert.is(tokens().length, made, version);
    const annotations = { 'kubernetes.io/service-account.name': 'robot' };
    plane.client.create({ kind: 'Secret', type: 'kubernetes.io/service-account-token', metadata: { name: 'mine', namespace: 'default', annotations } });
    plane.advance('1s');
    const mine = plane.client.get('Secret', { namespace: 'default', name: 'mine' });
    assert.equal(Object.keys(mine.data ?? {}).sort(), ['ca.crt', 'namespace', 'token']);
    plane.client.delete({ kind: 'ServiceAccount', metadata: { namespace: 'default', name: 'robot' } });
    plane.advance('1s');
    assert.is(tokens().length, 0, version);
  }
});

test('a budget counts what may go', () => {
  const plane = createControlPlane();
  const selector = { matchLabels: { app: 'web' } };
  plane.client.create({ kind: 'Deployment', metadata: { name: 'web', namespace: 'default' }, spec: { replicas: 4, selector, template: template({ app: 'web' }) } });
  plane.client.create({ kind: 'PodDisruptionBudget', metadata: { name: 'pdb', namespace: 'default' }, spec: { maxUnavailable: '25%', selector } });
  plane.advance('1s');
  const status = () => plane.client.get('PodDisruptionBudget', { namespace: 'default', name: 'pdb' }).status as PodDisruptionBudget['status'];
  assert.is(status().disruptionsAllowed, 0);
  for (const pod of plane.list<Pod>('Pod', 'default')) run(plane, pod);
  plane.advance('1s');
  const { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed } = status();
  assert.equal({ expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed }, { expectedPods: 4, desiredHealthy: 3, currentHealthy: 4, disruptionsAllowed: 1 });
});

// As recorded from kube-controller-manager v1.20.2.
test('two budgets over one pod: a change of it concerns one of them, and the pod says so', () => {
  const plane = createControlPlane({ version: 'v1.20' });
  const budget = (name: string, selector: object) => plane.client.create({ kind: 'PodDisruptionBudget', metadata: { name, namespace: 'default' }, spec: { minAvailable: 1, selector } });
  const status = (name: string) => plane.client.get('PodDisruptionBudget', { namespace: 'default', name }).status as PodDisruptionBudget['status'];
  for (const name of ['a', 'b']) budget(name, { matchLabels: { app: 'web' } });
  budget('empty', {});
  plane.advance('1s');
  const pod = plane.client.create<Pod>({ kind: 'Pod', metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } });
  run(plane, pod);
  plane.advance('100ms');
  assert.ok(plane.events().some(({ object, message }) => object === 'Pod/web' && /^Pod "default"\/"web" matches multiple PodDisruptionBudgets\.  Chose "[ab]" arbitrarily\.$/.test(message)));
  assert.equal(['a', 'b'].map((name) => status(name).currentHealthy).sort(), [0, 1]);
  plane.advance('30s');
  assert.equal(['a', 'b', 'empty'].map((name) => status(name).currentHealthy), [1, 1, 0]);
});

test('a budget counts by the scale of a custom resource, too', () => {
  const { client, advance } = createCluster({ nodes: 1 });
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } } } };
  const scale = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' };
  const names = { plural: 'farms', kind: 'Farm' };
  client.create({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'farms.example.com' }, spec: { group: 'example.com', scope: 'Namespaced', names, versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {}, scale } }] } });
  advance('5s');
  const { metadata } = client.create({ apiVersion: 'example.com/v1', kind: 'Farm', metadata: { name: 'farm', namespace: 'default' }, spec: { size: 4 } });
  const owner = { apiVersion: 'example.com/v1', kind: 'Farm', name: 'farm', uid: metadata.uid, controller: true };
  for (const name of ['a', 'b', 'c']) client.create({ kind: 'Pod', metadata: { name, namespace: 'default', labels: { app: 'farm' }, ownerReferences: [owner] }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } });
  client.create({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'pdb', namespace: 'default' }, spec: { maxUnavailable: '50%', selector: { matchLabels: { app: 'farm' } } } });
  advance('30s');
  const { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed } = client.get('PodDisruptionBudget', { namespace: 'default', name: 'pdb' }).status as PodDisruptionBudget['status'];
  assert.equal({ expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed }, { expectedPods: 4, desiredHealthy: 2, currentHealthy: 3, disruptionsAllowed: 1 });
});

test('a claim in use is held until its pod is gone', () => {
  const plane = createControlPlane();
  const key = { namespace: 'default', name: 'data' };
  plane.client.create({ kind: 'PersistentVolumeClaim', metadata: key, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } });
  const { spec } = template({}) as { spec: object };
  const pod = plane.client.create<Pod>({ kind: 'Pod', metadata: { name: 'p', namespace: 'default' }, spec: { ...spec, volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] } });
  plane.advance('1s');
  plane.client.delete({ kind: 'PersistentVolumeClaim', metadata: key });
  plane.advance('1s');
  assert.is(plane.list('PersistentVolumeClaim', 'default').length, 1);
  plane.client.delete(pod, { gracePeriodSeconds: 0 });
  plane.advance('1s');
  assert.is(plane.list('PersistentVolumeClaim', 'default').length, 0);
});

test('the same seed gives the same requests', () => {
  const transcript = (seed: number) => {
    const plane = createControlPlane({ seed });
    plane.client.create({ kind: 'Deployment', metadata: { name: 'web', namespace: 'default' }, spec: { replicas: 5, selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }) } });
    plane.advance('30s');
    return JSON.stringify(plane.server.requests());
  };
  assert.is(transcript(3), transcript(3));
  assert.is.not(transcript(3), transcript(4));
});

test.run();
