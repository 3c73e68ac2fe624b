import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, deprecationWarning, resources } from '../../lib/api/index.ts';
import { createCluster } from '../../lib/index.ts';

const [old, now] = [createVersion('v1.20'), createVersion('v1.33')];

test('what a release says of a version that is on its way out', () => {
  assert.is(deprecationWarning('extensions/v1beta1', 'Ingress', old), 'extensions/v1beta1 Ingress is deprecated in v1.14+, unavailable in v1.22+; use networking.k8s.io/v1 Ingress');
  assert.is(deprecationWarning('v1', 'ComponentStatus', old), 'v1 ComponentStatus is deprecated in v1.19+');
  assert.is(deprecationWarning('v1', 'Endpoints', old), undefined);
  assert.is(deprecationWarning('v1', 'Endpoints', now), 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice');
  assert.is(deprecationWarning('apps/v1', 'Deployment', now), undefined);
});

test('stable versions that are not deprecated by themselves warn of nothing', () => {
  const stable = resources.flatMap(({ kind, group, versions }) => versions.filter(({ version }) => /^v\d+$/.test(version)).map(({ version }) => [group ? `${group}/${version}` : version, kind] as const));
  assert.equal(stable.filter(([apiVersion, kind]) => deprecationWarning(apiVersion, kind, now)).map(([, kind]) => kind), ['Endpoints', 'ComponentStatus']);
});

test('kubectl shows it', () => {
  const { kubectl } = createCluster({ nodes: 1 });
  assert.is(kubectl.run(['get', 'componentstatuses']).stderr, 'Warning: v1 ComponentStatus is deprecated in v1.19+\n');
});

test('a refusal warns, too, and of everything in one order: of the version first', () => {
  const { server } = createCluster({ version: 'v1.20', nodes: 0, kubelets: false });
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: '1' };
  const rule = (name: string) => ({ apiVersion: 'rbac.authorization.k8s.io/v1beta1', kind: 'Role', metadata: { name, ownerReferences: [owner, owner] }, rules: [{ verbs: [] }] });
  const { code, warnings } = server.http({ method: 'POST', path: '/apis/rbac.authorization.k8s.io/v1beta1/namespaces/default/roles', body: rule('reader') });
  assert.is(code, 422);
  assert.is(warnings!.length, 2);
  assert.match(warnings![0]!, 'rbac.authorization.k8s.io/v1beta1 Role is deprecated in v1.17+');
  assert.match(warnings![1]!, 'ownerReferences contains duplicate entries');
});

test.run();
