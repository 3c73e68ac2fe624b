// Records what a real API server (Node,RBAC authorization, NodeRestriction, without the ServiceAccount plugin) lets the node w1 do:
//
//   NODE_TLS_REJECT_UNAUTHORIZED=0 node record-node.mjs https://127.0.0.1:6443 ADMIN_TOKEN > node.json
const [server, token] = process.argv.slice(2);

const inDefault = '/api/v1/namespaces/default';
const pods = `${inDefault}/pods`;
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const mirror = { 'kubernetes.io/config.mirror': 'm' };
const pod = (name, nodeName, { metadata, container, spec } = {}) => ({ metadata: { name, ...metadata }, spec: { nodeName, automountServiceAccountToken: false, containers: [{ name: 'a', image: 'b', ...container }], ...spec } });

const references = {
  container: { envFrom: [{ secretRef: { name: 'used' } }], env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'k' } } }] },
  spec: { imagePullSecrets: [{ name: 'pull' }], volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'claim' } }, { name: 'p', projected: { sources: [{ secret: { name: 'proj' } }] } }] },
};
const setup = [
  ['POST', '/api/v1/nodes', { metadata: { name: 'w1' } }],
  ['POST', '/api/v1/nodes', { metadata: { name: 'w2' } }],
  ['POST', `${inDefault}/secrets`, { metadata: { name: 'used' } }],
  ['POST', `${inDefault}/secrets`, { metadata: { name: 'other' } }],
  ['POST', `${inDefault}/configmaps`, { metadata: { name: 'cm' } }],
  ['POST', pods, pod('mine', 'w1', references)],
  ['POST', pods, pod('theirs', 'w2')],
  ['POST', leases, { metadata: { name: 'w2' } }],
];
const reads = ['/api/v1/nodes', '/api/v1/nodes/w2', '/api/v1/secrets', '/api/v1/persistentvolumes/pv', '/api/v1/pods', '/metrics', `${pods}/theirs`, `${leases}/w2`, leases, '/apis/coordination.k8s.io/v1/namespaces/default/leases/w1', '/apis/storage.k8s.io/v1/csinodes/w2'];
const inNamespace = ['secrets/used', 'secrets/other', 'secrets', 'secrets/pull', 'secrets/proj', 'configmaps/cm', 'configmaps/nope', 'persistentvolumeclaims/claim', 'persistentvolumeclaims', 'services'];
const own = { apiVersion: 'v1', kind: 'Node', name: 'w1', uid: 'u' };
const asked = [
  ...[...reads, ...inNamespace.map((name) => `${inDefault}/${name}`)].map((path) => ['GET', path]),
  ['PUT', `${inDefault}/secrets/used`, {}],
  ['DELETE', `${inDefault}/configmaps/cm`],
  ['POST', leases, { metadata: { name: 'w2x' } }],
  ['POST', leases, { metadata: { name: 'w1' } }],
  ['PATCH', `${leases}/w1`, { spec: { holderIdentity: 'w1' } }],
  ['PATCH', '/api/v1/nodes/w2', { metadata: { labels: { a: 'b' } } }],
  ['PATCH', '/api/v1/nodes/w1', { metadata: { labels: { a: 'b' } } }],
  ['PATCH', '/api/v1/nodes/w1', { metadata: { labels: { 'x.kubernetes.io/a': 'b', 'node-restriction.kubernetes.io/z': 'q' } } }],
  ['PATCH', '/api/v1/nodes/w1', { metadata: { labels: { 'kubelet.kubernetes.io/a': 'b' } } }],
  ['PATCH', '/api/v1/nodes/w1/status', { metadata: { labels: { 'k8s.io/a': 'b' } } }],
  ['PATCH', '/api/v1/nodes/w1', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }],
  ['DELETE', '/api/v1/nodes/w1'],
  ['POST', '/api/v1/nodes', { metadata: { name: 'w3' } }],
  ['POST', pods, pod('x', 'w1')],
  ['POST', pods, pod('x', 'w2', { metadata: { annotations: mirror } })],
  ['POST', pods, pod('x', 'w1', { metadata: { annotations: mirror } })],
  ['POST', pods, pod('x', 'w1', { metadata: { annotations: mirror, ownerReferences: [own] } })],
  ['POST', pods, pod('x', 'w1', { metadata: { annotations: mirror, ownerReferences: [{ ...own, controller: true, blockOwnerDeletion: true }] } })],
  ['POST', pods, pod('x', 'w1', { metadata: { annotations: mirror, ownerReferences: [own, { ...own, uid: 'v' }] } })],
  ['POST', pods, pod('x', 'w1', { metadata: { annotations: mirror, ownerReferences: [{ ...own, controller: true }] }, spec: { serviceAccountName: 'default' } })],
  ['POST', pods, pod('x', 'w1', { metadata: { annotations: mirror, ownerReferences: [{ ...own, controller: true }] } })],
  ['DELETE', `${pods}/theirs`],
  ['PATCH', `${pods}/theirs/status`, { status: { phase: 'Failed' } }],
  ['PATCH', `${pods}/mine/status`, { status: { message: 'm' } }],
  ['PATCH', `${pods}/mine/status`, { metadata: { labels: { a: 'b' } } }],
  ['PATCH', `${pods}/mine`, { metadata: { labels: { a: 'b' } } }],
  ['POST', `${pods}/theirs/eviction`, { apiVersion: 'policy/v1beta1', kind: 'Eviction', metadata: { name: 'theirs' } }],
  ['PATCH', `${inDefault}/persistentvolumeclaims/claim`, {}],
];

async function send([method, path, body], asNode) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
  if (asNode) Object.assign(headers, { 'Impersonate-User': 'system:node:w1', 'Impersonate-Group': 'system:nodes' });
  const answer = await fetch(server + path, { method, headers, body: body && JSON.stringify(body) });
  return { code: answer.status, body: await answer.json() };
}

for (const request of setup) {
  const { code, body } = await send(request);
  if (code !== 201) throw new Error(JSON.stringify(body));
}
await new Promise((resolve) => setTimeout(resolve, 2000));
const requests = [];
for (const request of asked) {
  const { code, body } = await send(request, true);
  requests.push(JSON.stringify({ request, code, ...(code >= 400 && { message: body.message }) }));
}
console.log(`{"setup": ${JSON.stringify(setup)},\n"requests": [\n${requests.join(',\n')}\n]}`);
