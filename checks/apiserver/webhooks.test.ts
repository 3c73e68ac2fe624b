import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

function configuration(kind: 'Mutating' | 'Validating', hook: object = {}) {
  const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }];
  const service = { namespace: 'default', name: 'policy', path: '/check' };
  const webhook = { name: 'check.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], rules, clientConfig: { service }, ...hook };
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind: `${kind}WebhookConfiguration`, metadata: { name: kind.toLowerCase() }, webhooks: [webhook] };
}

function clusterWith(...objects: object[]) {
  const cluster = createCluster({ nodes: 0, kubelets: false });
  cluster.client.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'policy', namespace: 'default' }, spec: { ports: [{ port: 443 }] } });
  for (const object of objects) cluster.client.create(object);
  const create = (name: string, labels = {}) => cluster.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', labels } });
  return { cluster, create };
}

test('a webhook refuses with its own words', () => {
  const { cluster, create } = clusterWith(configuration('Validating'));
  cluster.webhook('default/policy/check', ({ object }) => ({ allowed: object.metadata.name.startsWith('ok-'), message: 'names begin with ok-' }));
  assert.is(create('ok-1').metadata.name, 'ok-1');
  assert.throws(() => create('bad'), 'admission webhook "check.example.com" denied the request: names begin with ok-');
});

test('a webhook changes what is stored', () => {
  const { cluster, create } = clusterWith(configuration('Mutating'));
  cluster.webhook('default/policy', () => ({ allowed: true, patch: [{ op: 'add', path: '/data', value: { by: 'webhook' } }] }));
  assert.equal(create('a').data, { by: 'webhook' });
});

test('a webhook that does not answer fails the write, or is ignored', () => {
  const failing = clusterWith(configuration('Validating'));
  assert.throws(() => failing.create('a'), 'failed calling webhook "check.example.com": Post "https://policy.default.svc:443/check?timeout=10s": dial tcp: connect: connection refused');
  const lenient = clusterWith(configuration('Validating', { failurePolicy: 'Ignore' }));
  assert.is(lenient.create('a').metadata.name, 'a');
});

test('selectors and rules decide what a webhook sees', () => {
  const { cluster, create } = clusterWith(configuration('Validating', { objectSelector: { matchLabels: { checked: 'yes' } } }));
  const seen: string[] = [];
  cluster.webhook('default/policy', ({ name }) => (seen.push(name), { allowed: true }));
  create('a');
  create('b', { checked: 'yes' });
  cluster.client.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'c', namespace: 'default', labels: { checked: 'yes' } } });
  assert.equal(seen, ['b']);
});

test.run();
