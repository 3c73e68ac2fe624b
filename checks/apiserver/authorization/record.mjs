// Records what a real API server (with RBAC and Node authorization, started afresh, its ClusterRoles aggregated) says about
// random roles, bindings and requests:
//
//   NODE_TLS_REJECT_UNAUTHORIZED=0 node record.mjs https://127.0.0.1:6443 ADMIN_TOKEN > recorded.json
const [server, token] = process.argv.slice(2);

let state = 20;
const int = (bound) => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * bound);
};
const pick = (list) => list[int(list.length)];
const some = (list, most) => [...new Set(Array.from({ length: 1 + int(most) }, () => pick(list)))];

const namespaces = ['rec-a', 'rec-b'];
const groups = ['', 'apps', 'batch', 'example.com'];
const resources = ['pods', 'pods/log', 'deployments', 'deployments/scale', 'secrets', 'configmaps', 'nodes', 'widgets/scale'];
const verbs = ['get', 'list', 'watch', 'create', 'update', 'delete', 'use'];
const names = ['a', 'b', 'c'];
const urls = ['/healthz', '/healthz/*', '/logs/*', '/metrics', '/a/b*'];
const paths = ['/healthz', '/healthz/etcd', '/logs', '/logs/x/y', '/metrics', '/a/bcd', '/a', '/version'];
const accounts = namespaces.flatMap((namespace) => ['robot', 'default'].map((name) => ({ kind: 'ServiceAccount', name, namespace })));
const people = ['jane', 'joe', 'ann'].map((name) => ({ kind: 'User', name }));
const teams = ['dev', 'ops'].map((name) => ({ kind: 'Group', name }));
const group = 'rbac.authorization.k8s.io';

function rule(cluster) {
  if (cluster && int(4) === 0) return { verbs: some([...verbs, '*'], 2), nonResourceURLs: some([...urls, '*'], 2) };
  return {
    verbs: int(6) === 0 ? ['*'] : some(verbs, 3),
    apiGroups: int(5) === 0 ? ['*'] : some(groups, 2),
    resources: int(8) === 0 ? ['*'] : int(5) === 0 ? ['*/scale'] : some(resources, 3),
    ...(int(3) === 0 && { resourceNames: some(names, 2) }),
  };
}

const rules = (cluster) => Array.from({ length: 1 + int(2) }, () => rule(cluster));
const roles = namespaces.flatMap((namespace) => ['r0', 'r1', 'r2', 'r3'].map((name) => ({ kind: 'Role', metadata: { namespace, name }, rules: rules(false) })));
const clusterRoles = ['c0', 'c1', 'c2', 'c3'].map((name) => ({ kind: 'ClusterRole', metadata: { name }, rules: rules(true) }));
const bindings = namespaces.flatMap((namespace) =>
  Array.from({ length: 6 }, (_, i) => ({
    kind: 'RoleBinding',
    metadata: { namespace, name: `b${i}` },
    subjects: some([...people, ...teams, ...accounts], 2),
    roleRef: { apiGroup: group, ...(int(2) === 0 ? { kind: 'Role', name: pick(['r0', 'r1', 'r2', 'r3', 'missing']) } : { kind: 'ClusterRole', name: pick(['c0', 'c1', 'view', 'edit', 'missing']) }) },
  })),
);
const clusterBindings = Array.from({ length: 5 }, (_, i) => ({
  kind: 'ClusterRoleBinding',
  metadata: { name: `rec-b${i}` },
  subjects: some([...people, ...teams, ...accounts], 2),
  roleRef: { apiGroup: group, kind: 'ClusterRole', name: pick(['c1', 'c2', 'c3', 'gone']) },
}));
const objects = [...roles, ...clusterRoles, ...bindings, ...clusterBindings];

const plurals = { Role: 'roles', ClusterRole: 'clusterroles', RoleBinding: 'rolebindings', ClusterRoleBinding: 'clusterrolebindings' };
const pathOf = ({ kind, metadata: { namespace } }) => `/apis/${group}/v1${namespace ? `/namespaces/${namespace}` : ''}/${plurals[kind]}`;

async function send(method, path, { body, as, groups: inGroups = [] } = {}) {
  const headers = new Headers({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' });
  if (as) headers.set('Impersonate-User', as);
  for (const one of inGroups) headers.append('Impersonate-Group', one);
  const answer = await fetch(server + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  try {
    return { code: answer.status, body: JSON.parse(text) };
  } catch {
    return { code: answer.status, body: text };
  }
}

const userNames = ['jane', 'joe', 'ann', 'bob', ...accounts.map(({ namespace, name }) => `system:serviceaccount:${namespace}:${name}`), 'system:kube-scheduler', 'system:node:node-1', 'root'];
const groupsOf = (name) => (name === 'root' ? ['system:masters'] : name.startsWith('system:node') ? ['system:nodes', 'system:authenticated'] : int(3) === 0 ? [pick(['dev', 'ops'])] : int(2) === 0 ? ['system:authenticated'] : []);

function review() {
  const user = pick(userNames);
  const spec = { user, ...((found) => (found.length > 0 ? { groups: found } : {}))(groupsOf(user)) };
  if (int(6) === 0) return { ...spec, nonResourceAttributes: { verb: pick(['get', 'post', 'put']), path: pick(paths) } };
  const [resource, subresource] = pick([...resources, 'leases', 'services']).split('/');
  const namespace = pick([...namespaces, '', 'kube-system']);
  return { ...spec, resourceAttributes: { verb: pick(verbs), group: pick(groups), resource, ...(subresource && { subresource }), ...(namespace && { namespace }), ...(int(2) === 0 && { name: pick([...names, 'node-1']) }) } };
}

const sameRole = (user, spec) => ({ user, ...spec });
const attempts = [
  ...Array.from({ length: 12 }, (_, i) => sameRole(pick(['jane', 'joe', 'ann']), { object: { kind: 'Role', metadata: { namespace: pick(namespaces), name: `try${i}` }, rules: rules(false) } })),
  ...Array.from({ length: 8 }, (_, i) => sameRole(pick(['jane', 'joe', 'ann']), { object: { kind: 'ClusterRole', metadata: { name: `try${i}` }, rules: rules(true) } })),
  ...Array.from({ length: 12 }, (_, i) => sameRole(pick(['jane', 'joe', 'ann']), { object: { kind: 'RoleBinding', metadata: { namespace: pick(namespaces), name: `bind${i}` }, subjects: [{ kind: 'User', name: 'x' }], roleRef: { kind: 'ClusterRole', name: pick(['c0', 'c1', 'c2', 'view', 'missing']) } } })),
  { user: 'jane', object: { kind: 'ClusterRole', metadata: { name: 'all' }, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } } },
];
const requests = [
  ['GET', '/api/v1/namespaces/default/pods'], ['GET', '/api/v1/pods'], ['GET', '/api/v1/namespaces/default/pods/web'], ['GET', '/api/v1/namespaces/default/pods/web/log'], ['POST', '/apis/apps/v1/namespaces/default/deployments'],
  ['DELETE', '/apis/apps/v1/namespaces/default/deployments'], ['DELETE', '/apis/apps/v1/namespaces/default/deployments/web'], ['PATCH', '/apis/apps/v1/namespaces/default/deployments/web/scale'], ['PUT', '/api/v1/nodes/n1/status'],
  ['GET', '/api/v1/namespaces/default'], ['GET', '/api/v1/namespaces/default/status'], ['GET', '/api/v1/nodes'], ['GET', '/api/v1/watch/namespaces/default/pods'], ['GET', '/api/v1/namespaces/default/pods?watch=true'], ['GET', '/api/v1/namespaces/default/pods?fieldSelector=metadata.name%3Dweb'],
  ['GET', '/logs/'], ['GET', '/metrics'], ['POST', '/healthz'], ['GET', '/apis/nosuch.example.com/v1/namespaces/x/things'], ['GET', '/nosuch'], ['POST', '/api/v1/namespaces'], ['GET', '/api/v1/namespaces/default/services/web/proxy/a/b'],
];

for (const name of namespaces) await send('POST', '/api/v1/namespaces', { body: { metadata: { name } } });
for (const object of objects) {
  const { code, body } = await send('POST', pathOf(object), { body: object });
  if (code !== 201) throw new Error(JSON.stringify(body));
}
await new Promise((resolve) => setTimeout(resolve, 2000));
const out = { objects, reviews: [], rules: [], attempts: [], requests: [] };
for (let i = 0; i < 500; i++) {
  const spec = review();
  const { body } = await send('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { body: { spec } });
  out.reviews.push({ spec, status: body.status });
}
for (const user of ['jane', 'joe', 'ann', 'bob', 'system:serviceaccount:rec-a:robot', 'system:node:node-1']) {
  for (const namespace of namespaces) {
    const inGroups = user.startsWith('system:node') ? ['system:nodes'] : [];
    const { body } = await send('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { as: user, groups: inGroups, body: { spec: { namespace } } });
    out.rules.push({ user, groups: inGroups, namespace, status: body.status });
  }
}
for (const [method, path] of requests) {
  const { code, body } = await send(method, path, { as: 'bob', body: method === 'GET' || method === 'DELETE' ? undefined : {} });
  out.requests.push({ method, path, code, body: code === 403 ? body : undefined });
}
// Who may write roles at all, so that what follows asks only whether he gives away more than he has.
const writers = { kind: 'ClusterRole', metadata: { name: 'writers' }, rules: [{ verbs: ['create'], apiGroups: [group], resources: ['*'] }] };
const letThem = { kind: 'ClusterRoleBinding', metadata: { name: 'writers' }, subjects: people, roleRef: { kind: 'ClusterRole', name: 'writers' } };
for (const object of [writers, letThem]) await send('POST', pathOf(object), { body: object });
out.writers = [writers, letThem];
await new Promise((resolve) => setTimeout(resolve, 2000));
for (const attempt of attempts) {
  const { code, body } = await send('POST', pathOf(attempt.object), { as: attempt.user, body: attempt.object });
  out.attempts.push({ ...attempt, code, ...(code !== 201 && { body }) });
}
const lines = ([key, list]) => `${JSON.stringify(key)}: [\n${list.map((one) => JSON.stringify(one)).join(',\n')}\n]`;
console.log(`{\n${Object.entries(out).map(lines).join(',\n')}\n}`);
