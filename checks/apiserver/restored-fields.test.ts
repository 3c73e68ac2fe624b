// Who owns the fields of what a server makes at its first start, as a v1.20.2 kube-apiserver answers it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/cluster/index.ts';

const { kubectl } = createCluster({ nodes: 1, version: 'v1.20' });

async function ownersOf(path: string): Promise<[manager: string, fields: unknown][]> {
  const object = JSON.parse(await kubectl.text`get --raw ${path}`);
  return (object.metadata.managedFields ?? []).map(({ manager, fieldsV1 }: { manager: string; fieldsV1: unknown }) => [manager, fieldsV1]);
}

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const flow = '/apis/flowcontrol.apiserver.k8s.io/v1beta1';
const autoupdate = { 'f:annotations': { '.': {}, 'f:rbac.authorization.kubernetes.io/autoupdate': {} } };
const bootstrapping = { '.': {}, 'f:kubernetes.io/bootstrapping': {} };

test('roles and bindings are the API server’s', async () => {
  assert.equal(await ownersOf(`${rbac}/clusterroles/system:node`), [['kube-apiserver', { 'f:metadata': { ...autoupdate, 'f:labels': bootstrapping }, 'f:rules': {} }]]);
  assert.equal(await ownersOf(`${rbac}/clusterrolebindings/cluster-admin`), [
    ['kube-apiserver', { 'f:metadata': { ...autoupdate, 'f:labels': bootstrapping }, 'f:roleRef': { 'f:apiGroup': {}, 'f:kind': {}, 'f:name': {} }, 'f:subjects': {} }],
  ]);
});

test('the rules of a role that gathers others are the controller’s', async () => {
  const labels = { ...bootstrapping, 'f:rbac.authorization.k8s.io/aggregate-to-edit': {} };
  assert.equal(await ownersOf(`${rbac}/clusterroles/view`), [
    ['kube-apiserver', { 'f:aggregationRule': { '.': {}, 'f:clusterRoleSelectors': {} }, 'f:metadata': { ...autoupdate, 'f:labels': labels } }],
    ['kube-controller-manager', { 'f:rules': {} }],
  ]);
});

test('flow schemas have a producer and a consumer, API services nobody', async () => {
  const condition = { '.': {}, 'f:lastTransitionTime': {}, 'f:message': {}, 'f:reason': {}, 'f:status': {}, 'f:type': {} };
  assert.equal(await ownersOf(`${flow}/flowschemas/exempt`), [
    ['api-priority-and-fairness-config-consumer-v1', { 'f:status': { 'f:conditions': { '.': {}, 'k:{"type":"Dangling"}': condition } } }],
    ['api-priority-and-fairness-config-producer-v1', { 'f:spec': { 'f:matchingPrecedence': {}, 'f:priorityLevelConfiguration': { 'f:name': {} }, 'f:rules': {} } }],
  ]);
  assert.equal(await ownersOf(`${flow}/prioritylevelconfigurations/exempt`), [['api-priority-and-fairness-config-producer-v1', { 'f:spec': { 'f:type': {} } }]]);
  assert.equal(await ownersOf('/apis/apiregistration.k8s.io/v1/apiservices/v1.apps'), []);
});

test.run();
