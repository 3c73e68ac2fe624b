import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ApiRequest, attributesOfRequest, attributesOfPath, knownUser } from '../../lib/apiserver/index.ts';
import { type Cluster, createCluster } from '../../lib/index.ts';

const http = (cluster: Cluster, method: string, path: string, { user, groups = ['system:authenticated'], body, contentType }: { user: string; groups?: string[]; body?: unknown; contentType?: string }) =>
  cluster.server.http({ method, path, user, groups, body, contentType: contentType ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json') });

/** Every request of this cluster from now on that the policy would refuse, asked at the moment of the request. */
function refusals(cluster: Cluster): string[] {
  const { server } = cluster;
  const wrong: string[] = [];
  const ask = (request: ApiRequest, fieldSelector?: string) => {
    const user = knownUser(request.user);
    const { allowed, reason } = server.authorizer.authorize(user, { ...attributesOfRequest(request), ...(fieldSelector && { fieldSelector }) });
    if (!allowed) wrong.push(`${request.user} ${request.verb} ${request.resource.plural}/${request.subresource ?? ''} ${request.namespace}/${request.name} ${reason}`);
  };
  const [handle, follow] = [server.handle.bind(server), server.follow.bind(server)];
  server.handle = (request) => (ask(request), handle(request));
  server.follow = (what, fieldSelector) => {
    for (const verb of ['list', 'watch'] as const) ask({ ...what, verb } as ApiRequest, fieldSelector);
    return follow(what, fieldSelector);
  };
  return wrong;
}

for (const version of ['v1.20', 'v1.33']) {
  test(`every component does only what the default policy allows (${version})`, async () => {
    const cluster = createCluster({ nodes: 3, version });
    const wrong = refusals(cluster);
    const { kubectl } = cluster;
    cluster.fault.crash('kube-controller-manager');
    cluster.fault.crash('kube-scheduler');
    cluster.advance('1m');
    cluster.file('budget.yaml', `{"apiVersion": "policy/${version === 'v1.20' ? 'v1beta1' : 'v1'}", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}, "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}}`);
    for (const command of ['create deployment web --image=nginx --replicas=4', 'apply -f budget.yaml', 'expose deployment web --port=80', 'create namespace shop', 'create configmap settings -n shop --from-literal=a=b', 'create deployment db --image=redis -n shop']) await kubectl.text([command] as any);
    cluster.advance('1m');
    for (const command of ['set image deployment/web nginx=nginx:1.25', 'rollout undo deployment/web', 'create clusterrole gathers --aggregation-rule=team=blue', 'create clusterrole part --verb=get --resource=pods', 'label clusterrole part team=blue', 'drain worker-1 --ignore-daemonsets', 'delete namespace shop']) await kubectl.text([command] as any);
    cluster.fault.powerOff('worker-2');
    cluster.advance('15m');
    await kubectl.text`delete node worker-2`;
    await kubectl.text`delete deployment web`;
    cluster.advance('5m');
    assert.ok(cluster.requests().length > 500);
    assert.equal([...new Set(wrong)], []);
  });
}

test('a new cluster has the default roles; reading them changes nothing', () => {
  const cluster = createCluster({ nodes: 1 });
  const revision = cluster.server.storage.store.revision;
  const roles = cluster.client.list('ClusterRole').items;
  assert.is(roles.length, 66);
  assert.is(new Set(roles.map(({ metadata }) => metadata.uid)).size, 66);
  assert.ok(roles.find(({ metadata }) => metadata.name === 'admin')!.rules.length > 20);
  assert.is(cluster.server.storage.store.revision, revision);
  assert.equal(createCluster({ nodes: 1 }).client.list('ClusterRole').items, roles);
});

test('a change of the default roles reaches watchers and controllers', async () => {
  const cluster = createCluster({ nodes: 1 });
  const watch = cluster.client.watch('ClusterRole', { resourceVersion: String(cluster.server.storage.store.revision) });
  await cluster.kubectl.text`create clusterrole mine --verb=get --resource=nodes`;
  await cluster.kubectl.text`label clusterrole mine rbac.authorization.k8s.io/aggregate-to-view=true`;
  cluster.advance('5s');
  cluster.server.pump();
  const seen = watch.read().map(({ type, object }) => `${type} ${object.metadata.name}`);
  assert.equal(seen, ['ADDED mine', 'MODIFIED mine', 'MODIFIED view', 'MODIFIED edit', 'MODIFIED admin']);
  assert.is((await cluster.kubectl.text`auth can-i get nodes --as jane`).includes('no'), true);
  await cluster.kubectl.text`create clusterrolebinding jane --clusterrole=view --user=jane`;
  assert.is((await cluster.kubectl.text`auth can-i get nodes --as jane`).includes('yes'), true);
  await cluster.kubectl.text`delete clusterrole cluster-admin`;
  assert.is(cluster.client.list('ClusterRole').items.some(({ metadata }) => metadata.name === 'cluster-admin'), false);
});

test('a deleted default role takes along what it owns', async () => {
  const cluster = createCluster({ nodes: 1 });
  const { apiVersion, kind, metadata } = cluster.client.get('ClusterRole', { name: 'system:heapster' });
  cluster.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owned', namespace: 'default', ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid }] } });
  cluster.advance('1m');
  assert.ok(cluster.client.list('ConfigMap', { namespace: 'default' }).items.some((one) => one.metadata.name === 'owned'));
  cluster.client.delete({ kind, metadata: { name: metadata.name } });
  cluster.advance('1m');
  assert.not(cluster.client.list('ConfigMap', { namespace: 'default' }).items.some((one) => one.metadata.name === 'owned'));
});

test('a node touches its own node, its lease and its pods, and no others', async () => {
  const cluster = createCluster({ nodes: 2 });
  cluster.client.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'used', namespace: 'default' } });
  cluster.client.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'other', namespace: 'default' } });
  for (const [name, node] of [['mine', 'worker-1'], ['theirs', 'worker-2']]) {
    cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: name!, namespace: 'default' }, spec: { nodeName: node, containers: [{ name: 'a', image: 'nginx', ...(name === 'mine' && { envFrom: [{ secretRef: { name: 'used' } }] }) }] } });
  }
  cluster.advance('30s');
  const user = knownUser('system:node:worker-1');
  const may = (method: string, path: string) => cluster.server.authorizer.authorize(user, attributesOfPath(method, path));
  const pods = '/api/v1/namespaces/default/pods';
  for (const [method, path] of [
    ['GET', '/api/v1/nodes/worker-1'], ['PATCH', '/api/v1/nodes/worker-1/status'], ['GET', `${pods}/mine`], ['GET', '/api/v1/pods?fieldSelector=spec.nodeName%3Dworker-1'], ['PATCH', `${pods}/mine/status`],
    ['GET', '/api/v1/namespaces/default/secrets/used'], ['PUT', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker-1'], ['GET', '/api/v1/services'],
  ]) assert.ok(may(method!, path!).allowed, `${method} ${path}`);
  assert.equal(may('GET', '/api/v1/nodes/worker-2'), { allowed: false, reason: "node 'worker-1' cannot read 'worker-2', only its own Node object" });
  assert.equal(may('GET', '/api/v1/pods'), { allowed: false, reason: 'can only list/watch pods with spec.nodeName field selector' });
  assert.equal(may('GET', `${pods}/theirs`), { allowed: false, reason: "no relationship found between node 'worker-1' and this object" });
  assert.equal(may('GET', '/api/v1/namespaces/default/secrets/other'), { allowed: false, reason: "no relationship found between node 'worker-1' and this object" });
  assert.equal(may('GET', '/api/v1/namespaces/default/secrets'), { allowed: false, reason: 'No Object name found' });
  assert.equal(may('GET', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker-2').reason, 'can only access node lease with the same name as the requesting node');

  const as = { user: user.name, groups: [...user.groups] };
  const message = (method: string, path: string, body?: unknown) => (http(cluster, method, path, { ...as, body }).body as { message?: string }).message;
  assert.is(message('PATCH', '/api/v1/nodes/worker-2', { metadata: { labels: { a: 'b' } } }), 'nodes "worker-2" is forbidden: node "worker-1" is not allowed to modify node "worker-2"');
  assert.is(message('PATCH', '/api/v1/nodes/worker-1', { metadata: { labels: { 'node-role.kubernetes.io/admin': '' } } }), 'nodes "worker-1" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/admin');
  assert.is(message('PATCH', '/api/v1/nodes/worker-1', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }), 'nodes "worker-1" is forbidden: node "worker-1" is not allowed to modify taints');
  assert.is(http(cluster, 'PATCH', '/api/v1/nodes/worker-1', { ...as, body: { metadata: { labels: { a: 'b' } } } }).code, 200);
  assert.is(message('DELETE', `${pods}/theirs`), 'pods "theirs" is forbidden: node "worker-1" can only delete pods with spec.nodeName set to itself');
  assert.is(message('PATCH', `${pods}/theirs/status`, { status: { phase: 'Failed' } }), 'pods "theirs" is forbidden: node "worker-1" can only update pod status for pods with spec.nodeName set to itself');
  assert.is(message('POST', pods, { metadata: { name: 'x' }, spec: { containers: [{ name: 'a', image: 'b' }] } }), 'pods "x" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "worker-1" can only create mirror pods');
});

test('updates of roles and bindings are checked like creations', () => {
  const cluster = createCluster({ nodes: 1 });
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  cluster.client.create({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'few', namespace: 'default' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] });
  const writer = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'writer' } };
  cluster.client.create({ ...writer, kind: 'ClusterRole', rules: [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['patch'] }] });
  cluster.client.create({ ...writer, kind: 'ClusterRoleBinding', subjects: [{ kind: 'User', name: 'jane' }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'writer' } });
  const patch = (rules: unknown) => http(cluster, 'PATCH', `${rbac}/namespaces/default/roles/few`, { user: 'jane', body: { rules } });
  const more = patch([{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]);
  assert.is(more.code, 403);
  assert.match((more.body as { message: string }).message, 'user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}');
  assert.is(http(cluster, 'PATCH', `${rbac}/namespaces/default/roles/few`, { user: 'jane', body: { metadata: { finalizers: ['example.com/a'] } } }).code, 200);
  cluster.client.create({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'b', namespace: 'default' }, subjects: [], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'few' } });
  const moved = http(cluster, 'PATCH', `${rbac}/namespaces/default/rolebindings/b`, { user: 'root', groups: ['system:masters'], body: { roleRef: { name: 'other' } } });
  assert.is((moved.body as { message: string }).message, 'RoleBinding.rbac.authorization.k8s.io "b" is invalid: roleRef: Invalid value: rbac.RoleRef{APIGroup:"rbac.authorization.k8s.io", Kind:"Role", Name:"other"}: cannot change roleRef');
});

test('another user in a cell is refused as over HTTP', async () => {
  const cluster = createCluster({ nodes: 1 });
  await cluster.kubectl.text`run web --image=nginx`;
  cluster.advance('10s');
  await cluster.kubectl.text`create rolebinding jane --clusterrole=view --user=jane`;
  assert.match(await cluster.kubectl.text`get pods --as jane`, 'web');
  assert.match(await cluster.kubectl.text`exec web --as jane -- date`, 'pods "web" is forbidden: User "jane" cannot create resource "pods/exec" in API group "" in the namespace "default"');
  assert.match(await cluster.kubectl.text`logs web --as joe`, 'pods "web" is forbidden: User "joe" cannot get resource "pods" in API group "" in the namespace "default"');
  assert.match(await cluster.kubectl.text`get secrets --as jane`, 'secrets is forbidden');
});

test.run();
