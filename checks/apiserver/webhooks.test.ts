import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';
import { throwsText } from '../throws.ts';

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
  throwsText(() => create('bad'), 'admission webhook "check.example.com" denied the request: names begin with ok-');
});

test('a webhook changes what is stored', () => {
  const { cluster, create } = clusterWith(configuration('Mutating'));
  cluster.webhook('default/policy', () => ({ allowed: true, patch: [{ op: 'add', path: '/data', value: { by: 'webhook' } }] }));
  assert.equal(create('a').data, { by: 'webhook' });
});

test('a webhook that does not answer fails the write, or is ignored', () => {
  const failing = clusterWith(configuration('Validating'));
  throwsText(() => failing.create('a'), 'Internal error occurred: failed calling webhook "check.example.com": failed to call webhook: Post "https://policy.default.svc:443/check?timeout=10s": context deadline exceeded');
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

/** The test image of Kubernetes, behind a Service; it answers in ways that tests look for. */
async function withWebhookPod(version?: string) {
  const cluster = createCluster({ nodes: 1, ...(version && { version }) });
  await cluster.kubectl.text`create deployment policy --image=registry.k8s.io/e2e-test-images/agnhost:2.53 -- /agnhost webhook --port=8444`;
  await cluster.kubectl.text`expose deployment policy --port=443 --target-port=8444`;
  cluster.advance('30s');
  const configure = (kind: 'Mutating' | 'Validating', path: string, hook: object = {}) =>
    cluster.client.create(configuration(kind, { clientConfig: { service: { namespace: 'default', name: 'policy', path }, caBundle: 'Q0E=' }, ...hook }));
  const create = (data: Record<string, string>) => cluster.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' }, data });
  return { cluster, configure, create };
}

test('a pod behind the Service refuses in its own words', async () => {
  const { configure, create } = await withWebhookPod();
  configure('Validating', '/configmaps');
  throwsText(() => create({ 'webhook-e2e-test': 'webhook-disallow' }), 'admission webhook "check.example.com" denied the request: the configmap contains unwanted key and value');
  assert.is(create({ a: 'b' }).metadata.name, 'c');
});

test('a pod behind the Service changes what is stored', async () => {
  const { configure, create } = await withWebhookPod();
  configure('Mutating', '/mutating-configmaps');
  assert.equal(create({ 'mutation-start': 'yes' }).data, { 'mutation-start': 'yes', 'mutation-stage-1': 'yes' });
});

test('a pod behind the Service is asked about connections, too', async () => {
  const { cluster, configure } = await withWebhookPod();
  configure('Validating', '/pods/attach', { rules: [{ operations: ['CONNECT'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods/attach'] }] });
  const connect = (query: string) => cluster.server.admitConnect({ user: 'jane', groups: [], namespace: 'default', name: 'to-be-attached-pod', subresource: 'attach', query: new URLSearchParams(query) });
  throwsText(() => connect('container=container1&stdin=true&stdout=true'), "admission webhook \"check.example.com\" denied the request: attaching to pod 'to-be-attached-pod' is not allowed");
  connect('container=container1&stdout=true');
});

test('without a caBundle nobody trusts the pod', async () => {
  const { configure, create } = await withWebhookPod();
  configure('Validating', '/always-deny', { clientConfig: { service: { namespace: 'default', name: 'policy', path: '/always-deny' } } });
  throwsText(() => create({}), 'Post "https://policy.default.svc:443/always-deny?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority');
});

test('who is too slow, who is gone and what is not there are told apart, in the words of the release', async () => {
  const { cluster, configure, create } = await withWebhookPod();
  configure('Validating', '/always-allow-delay-5s', { timeoutSeconds: 1 });
  throwsText(() => create({}), 'failed calling webhook "check.example.com": failed to call webhook: Post "https://policy.default.svc:443/always-allow-delay-5s?timeout=1s": context deadline exceeded');
  const old = await withWebhookPod('v1.20');
  old.configure('Validating', '/nowhere');
  throwsText(() => old.create({}), 'failed calling webhook "check.example.com": Post "https://policy.default.svc:443/nowhere?timeout=10s": the server could not find the requested resource');
  await cluster.kubectl.text`scale deployment policy --replicas=0`;
  cluster.advance('1m');
  const { clusterIP } = cluster.client.get('Service', { namespace: 'default', name: 'policy' }).spec;
  throwsText(() => create({}), `dial tcp ${clusterIP}:443: connect: connection refused`);
});

test.run();
