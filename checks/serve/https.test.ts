import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { KubeconfigError, kubeconfigOf, writeKubeconfig } from '../../lib/serve/index.ts';
import { agentOf, ask, configMap, json, open, type Served, served } from './served.ts';

const test = suite<{ at: Served }>('https');
test.before(async (context) => void (context.at = await served()));
test.after(({ at }) => at.close());
const maps = '/api/v1/namespaces/default/configmaps';

test('the administrator reads and writes', async ({ at }) => {
  const created = await at.ask(maps, json('POST', configMap('one', { a: '1' })));
  assert.equal([created.code, created.body.data], [201, { a: '1' }]);
  const got = await at.ask(`${maps}/one`);
  assert.equal([got.code, got.body.metadata.uid], [200, created.body.metadata.uid]);
  assert.is(got.headers['content-type'], 'application/json');
  assert.ok(got.text.endsWith('\n'));
  const record = at.cluster.requests().at(-1)!;
  assert.equal([record.verb, record.path, record.user, record.code], ['get', `${maps}/one`, 'kubernetes-admin', 200]);
  assert.equal((await at.ask(`${maps}/one`, { method: 'DELETE' })).code, 200);
  assert.equal((await at.ask(`${maps}/one`)).body.message, 'configmaps "one" not found');
});

test('a request is seen by controllers before the next one is answered', async ({ at }) => {
  await at.ask('/api/v1/namespaces', json('POST', { metadata: { name: 'fresh' } }));
  assert.is((await at.ask('/api/v1/namespaces/fresh/serviceaccounts/default')).code, 200);
});

test('answers say to which flow they belong, refusals too', async ({ at }) => {
  const uid = async (kind: string, name: string) => (await at.ask(`/apis/flowcontrol.apiserver.k8s.io/v1/${kind}/${name}`)).body.metadata.uid;
  const flow = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await at.ask(path, { headers });
    return [answer.headers['x-kubernetes-pf-flowschema-uid'], answer.headers['x-kubernetes-pf-prioritylevel-uid']];
  };
  const of = async (schema: string, level: string) => [await uid('flowschemas', schema), await uid('prioritylevelconfigurations', level)];
  assert.equal(await flow(maps), await of('exempt', 'exempt'));
  assert.equal(await flow(maps, { 'Impersonate-User': 'ada' }), await of('global-default', 'global-default'));
  assert.equal(await flow(maps, { 'Impersonate-User': 'system:serviceaccount:kube-system:x' }), await of('kube-system-service-accounts', 'workload-high'));
  const schema = { metadata: { name: 'of-ada' }, spec: { matchingPrecedence: 500, priorityLevelConfiguration: { name: 'workload-low' }, rules: [{ subjects: [{ kind: 'User', user: { name: 'ada' } }], resourceRules: [{ verbs: ['list'], apiGroups: [''], resources: ['*'], namespaces: ['default'] }] }] } };
  assert.is((await at.ask('/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas', json('POST', schema))).code, 201);
  assert.equal(await flow(maps, { 'Impersonate-User': 'ada' }), await of('of-ada', 'workload-low'));
  assert.equal(await flow('/api/v1/nodes', { 'Impersonate-User': 'ada' }), await of('global-default', 'global-default'));
  assert.is((await at.ask('/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/of-ada', { method: 'DELETE' })).code, 200);
});

test('who comes with a certificate has its fingerprint', async ({ at }) => {
  const { body } = await at.ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', json('POST', {}));
  assert.match(body.status.userInfo.extra['authentication.kubernetes.io/credential-id'][0], /^X509SHA256=[0-9a-f]{64}$/);
});

test('the server proves who it is with the authority of the kubeconfig', async ({ at }) => {
  const stranger = await ask(at.serving, '/version', { ca: undefined }).catch((error: NodeJS.ErrnoException) => error.code);
  assert.match(String(stranger), /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY/);
});

test('without a certificate one is system:anonymous and may read what everybody may', async ({ at }) => {
  const agent = agentOf({ authority: at.serving.authority });
  assert.is((await ask(at.serving, '/version', { agent })).body.gitVersion, 'v1.33.4');
  assert.is((await ask(at.serving, '/healthz', { agent })).text, 'ok');
  const pods = await ask(at.serving, '/api/v1/namespaces/default/pods', { agent });
  assert.equal([pods.code, pods.body.message], [403, 'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"']);
  assert.is((await ask(at.serving, '/apis', { agent })).body.message, 'forbidden: User "system:anonymous" cannot get path "/apis"');
  agent.destroy();
});

test('bearer tokens: a wrong one is nobody’s', async ({ at }) => {
  const agent = agentOf({ authority: at.serving.authority });
  const answer = await ask(at.serving, '/version', { agent, headers: { Authorization: 'Bearer nobody' } });
  assert.equal([answer.code, answer.body.reason, answer.body.message], [401, 'Unauthorized', 'Unauthorized']);
  agent.destroy();
});

test('another certificate of the same authority is another user', async ({ at }) => {
  const agent = agentOf(await at.serving.kubeconfigFor('ann', ['students']));
  assert.is((await ask(at.serving, '/apis/apps', { agent })).code, 200);
  const answer = await ask(at.serving, '/apis/apps/v1/namespaces/default/deployments/web', { agent, method: 'DELETE' });
  assert.is(answer.body.message, 'deployments.apps "web" is forbidden: User "ann" cannot delete resource "deployments" in API group "apps" in the namespace "default"');
  agent.destroy();
});

test('everybody may ask who they are', async ({ at }) => {
  const agent = agentOf(await at.serving.kubeconfigFor('ann', ['students']));
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const answer = await ask(at.serving, path, { agent, ...json('POST', { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' }) });
  const { extra, ...user } = answer.body.status.userInfo;
  assert.equal([answer.code, user, Object.keys(extra)], [201, { username: 'ann', groups: ['students', 'system:authenticated'] }, ['authentication.kubernetes.io/credential-id']]);
  agent.destroy();
});

test('only who may impersonate does', async ({ at }) => {
  const headers = { 'Impersonate-User': 'ann' };
  assert.match((await at.ask('/api/v1/nodes', { headers })).body.message, 'User "ann" cannot list resource "nodes"');
  assert.is((await at.ask('/api/v1/nodes', { headers: { ...headers, 'Impersonate-Group': 'system:masters' } })).code, 200);
  const agent = agentOf(await at.serving.kubeconfigFor('bob'));
  assert.match((await ask(at.serving, '/api/v1/nodes', { agent, headers })).body.message, 'users "ann" is forbidden: User "bob" cannot impersonate resource "users" in API group ""');
  agent.destroy();
});

test('a certificate of another authority is refused', async ({ at }) => {
  const other = await served();
  const agent = agentOf({ ...other.serving.admin, authority: at.serving.authority });
  assert.is((await ask(at.serving, '/version', { agent })).code, 401);
  agent.destroy();
  await other.close();
});

test('large answers are compressed for those who can read that', async ({ at }) => {
  const text = 'x'.repeat(200_000);
  await at.ask(maps, json('POST', configMap('large', { text })));
  const response = await open(at.serving, `${maps}/large`, { agent: agentOf(at.serving.admin), headers: { 'Accept-Encoding': 'gzip' } });
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  assert.is(response.headers['content-encoding'], 'gzip');
  assert.is(JSON.parse(gunzipSync(Buffer.concat(pieces)).toString()).data.text, text);
  assert.is((await at.ask(`${maps}/large`)).headers['content-encoding'], undefined);
  assert.is((await at.ask('/version', { headers: { 'Accept-Encoding': 'gzip' } })).headers['content-encoding'], undefined);
});

test('YAML in and out', async ({ at }) => {
  const created = await at.ask(maps, { method: 'POST', headers: { 'Content-Type': 'application/yaml', Accept: 'application/yaml' }, body: 'metadata:\n  name: from-yaml\ndata:\n  a: "1"\n' });
  assert.equal([created.code, created.headers['content-type'], parse(created.text).data], [201, 'application/yaml', { a: '1' }]);
});

test('protobuf out, for kinds that have it', async ({ at }) => {
  const accept = (Accept: string) => ({ headers: { Accept } });
  const protobuf = 'application/vnd.kubernetes.protobuf';
  const only = await at.ask(maps, accept(protobuf));
  assert.equal([only.code, only.headers['content-type'], only.text.slice(0, 4)], [200, protobuf, 'k8s\0']);
  const most = await at.ask(maps, accept(`application/json;q=0.5,${protobuf}`));
  assert.is(most.headers['content-type'], protobuf);
  const missing = await at.ask(`${maps}/nothing`, accept(`${protobuf}, */*`));
  assert.equal([missing.code, missing.headers['content-type'], missing.text.includes('configmaps "nothing" not found')], [404, protobuf, true]);
  const table = await at.ask(maps, accept(`${protobuf};as=Table;v=v1;g=meta.k8s.io,application/json`));
  assert.equal([table.headers['content-type'], table.body.kind], ['application/json', 'ConfigMapList']);
  const none = await at.ask(maps, accept(`${protobuf};as=Table;v=v1;g=meta.k8s.io`));
  assert.equal([none.code, none.body.reason, none.text.startsWith('{\n  "kind": "Status"')], [406, 'NotAcceptable', true]);
});

test('a watch in protobuf: frames with their length before them', async ({ at }) => {
  const response = await at.open(`${maps}?watch=true&timeoutSeconds=1`, { headers: { Accept: 'application/vnd.kubernetes.protobuf;stream=watch' } });
  assert.is(response.headers['content-type'], 'application/vnd.kubernetes.protobuf;stream=watch');
  for await (const piece of response) {
    const bytes = piece as Buffer;
    assert.equal([bytes.readUInt32BE(0) <= bytes.length - 4, bytes.subarray(4, 11).toString('latin1')], [true, '\n\x05ADDED']);
    break;
  }
});

test('keys stand in the order of the Go types, and < > & are escaped', async ({ at }) => {
  await at.ask(maps, json('POST', { data: { b: '<&>', a: '1' }, metadata: { name: 'order', labels: { z: '1', a: '2' } }, kind: 'ConfigMap', apiVersion: 'v1' }));
  const { text } = await at.ask(`${maps}/order`);
  assert.match(text, /^\{"kind":"ConfigMap","apiVersion":"v1","metadata":\{"name":"order","namespace":"default","uid":"[^"]*","resourceVersion":"\d+","creationTimestamp":"[^"]*","labels":\{"a":"2","z":"1"\},"managedFields":\[\{"manager":/);
  assert.ok(text.endsWith('"data":{"a":"1","b":"\\u003c\\u0026\\u003e"}}\n'));
});

test('unknown fields: a Warning header, or a refusal', async ({ at }) => {
  const body = { ...configMap('typo'), dataa: {} };
  const warned = await at.ask(`${maps}?fieldValidation=Warn`, json('POST', body));
  assert.equal([warned.code, warned.headers.warning], [201, '299 - "unknown field \\"dataa\\""']);
  const refused = await at.ask(`${maps}?fieldValidation=Strict`, json('POST', { ...body, metadata: { name: 'typo2' } }));
  assert.equal([refused.code, refused.body.reason], [400, 'BadRequest']);
});

test('curl gets something that people can read', async ({ at }) => {
  assert.match((await at.ask('/version', { headers: { 'User-Agent': 'curl/8.0' } })).text, /^\{\n  "major": "1",/);
});

test('discovery in one answer, in the newest form that both know', async ({ at }) => {
  const form = (v: string) => `application/json;g=apidiscovery.k8s.io;v=${v};as=APIGroupDiscoveryList`;
  const answer = await at.ask('/apis', { headers: { Accept: `${form('v2')},${form('v2beta1')},application/json` } });
  assert.equal([answer.headers['content-type'], answer.body.kind], [form('v2'), 'APIGroupDiscoveryList']);
  const apps = answer.body.items.find((item: any) => item.metadata.name === 'apps');
  const deployments = apps.versions[0].resources.find((one: any) => one.resource === 'deployments');
  assert.equal([deployments.scope, deployments.shortNames, deployments.subresources.map((s: any) => s.subresource)], ['Namespaced', ['deploy'], ['scale', 'status']]);
  assert.is((await at.ask('/api', { headers: { Accept: form('v2beta1') } })).body.apiVersion, 'apidiscovery.k8s.io/v2beta1');
  assert.is((await at.ask('/apis')).body.kind, 'APIGroupList');
});

test('OpenAPI: fields, words and merge keys', async ({ at }) => {
  const index = (await at.ask('/openapi/v3')).body;
  const { components, paths } = (await at.ask(index.paths['apis/apps/v1'].serverRelativeURL)).body;
  const spec = components.schemas['io.k8s.api.apps.v1.DeploymentSpec'];
  assert.equal([spec.required, spec.properties.replicas.format], [['selector', 'template'], 'int32']);
  assert.match(spec.properties.replicas.description, 'Number of desired pods.');
  assert.is(components.schemas['io.k8s.api.core.v1.PodSpec'].properties.containers['x-kubernetes-patch-merge-key'], 'name');
  const { parameters } = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'].patch;
  assert.ok(parameters.some(({ name }: any) => name === 'fieldValidation'));
  assert.is((await at.ask('/openapi/v2')).body.swagger, '2.0');
  assert.is((await at.ask('/openapi/v3/apis/none/v1')).code, 404);
});

test('pods and services through the API server', async ({ at }) => {
  at.cluster.kubectl.run('create deployment page --image=nginx');
  at.cluster.kubectl.run('expose deployment page --port=8080 --target-port=80');
  at.cluster.kubectl.run('create service clusterip empty --tcp=80');
  at.advance('20s');
  const [pod] = at.cluster.client.list('Pod', { namespace: 'default', labelSelector: 'app=page' }).items;
  const base = '/api/v1/namespaces/default';
  for (const path of [`pods/${pod!.metadata.name}/proxy/`, `pods/${pod!.metadata.name}:80/proxy/`, 'services/page/proxy/', 'services/http:page:8080/proxy/']) {
    const answer = await at.ask(`${base}/${path}`);
    assert.equal([answer.code, /Welcome to nginx!/.test(answer.text)], [200, true], path);
  }
  assert.is((await at.ask(`${base}/services/page/proxy/nothing`)).code, 404);
  assert.match((await at.ask(`${base}/pods/${pod!.metadata.name}:81/proxy/`)).body.message, /^error trying to reach service: dial tcp [\d.]+:81: connect: connection refused$/);
  at.cluster.kubectl.run('run links --image=registry.k8s.io/e2e-test-images/agnhost:2.53 --env=\'SERVE_PORT_8000=<a href="/next">next</a>\' -- porter');
  at.advance('20s');
  assert.is((await at.ask(`${base}/pods/links:8000/proxy/`)).text, `<a href="${base}/pods/links:8000/proxy/next">next</a>`);
  assert.is((await at.ask(`${base}/services/empty/proxy/`)).body.message, 'no endpoints available for service "empty"');
  assert.is((await at.ask(`${base}/services/none/proxy/`)).body.message, 'services "none" not found');
});

test('the kubelet answers through its node: its pods, its health, the logs of its machine', async ({ at }) => {
  at.cluster.kubectl.run('run lone --image=nginx');
  at.advance('20s');
  const { nodeName } = at.cluster.client.get('Pod', { namespace: 'default', name: 'lone' }).spec;
  const { body } = await at.ask(`/api/v1/nodes/${nodeName}/proxy/pods`);
  assert.ok(body.items.some(({ metadata, status }: any) => metadata.name === 'lone' && status.phase === 'Running'));
  assert.ok(body.items.every(({ spec }: any) => spec.nodeName === nodeName));
  assert.is((await at.ask(`/api/v1/nodes/${nodeName}:10250/proxy/healthz`)).text, 'ok');
  assert.match((await at.ask(`/api/v1/nodes/${nodeName}/proxy/logs/`)).text, /^<pre>\n(<a href="[^"]*">.*<\/a>\n)*<\/pre>\n$/);
  assert.is((await at.ask(`/api/v1/nodes/${nodeName}/proxy/nothing`)).code, 404);
  assert.is((await at.ask('/api/v1/nodes/none/proxy/pods')).body.message, 'nodes "none" not found');
  assert.match((await at.ask(`/api/v1/nodes/${nodeName}:81/proxy/`)).body.message, /^error trying to reach service: dial tcp [\d.]+:81: connect: connection refused$/);
});

test('a kubeconfig is private, and other clusters stay in it', ({ at }) => {
  const folder = mkdtempSync(join(tmpdir(), 'kubook-'));
  const file = join(folder, 'below', 'config');
  assert.equal(writeKubeconfig(file, at.serving.admin), { merged: false });
  assert.is(statSync(file).mode & 0o777, 0o600);
  assert.is(readFileSync(file, 'utf8'), at.serving.kubeconfig);
  assert.equal(writeKubeconfig(file, { ...at.serving.admin, server: 'https://127.0.0.1:1' }), { merged: false });

  const other = join(folder, 'other');
  writeFileSync(other, '# mine\napiVersion: v1\nkind: Config\nclusters:\n- name: work\n  cluster: {server: https://work}\ncurrent-context: work\n');
  assert.equal(writeKubeconfig(other, at.serving.admin), { merged: true });
  writeKubeconfig(other, at.serving.admin);
  const text = readFileSync(other, 'utf8');
  assert.match(text, /^# mine\n/);
  assert.equal(parse(text).clusters.map((one: any) => one.name), ['work', 'kubook']);
  assert.equal([parse(text)['current-context'], parse(text).contexts.length], ['kubook', 1]);

  const notes = join(folder, 'notes.txt');
  writeFileSync(notes, 'not a kubeconfig');
  assert.throws(() => writeKubeconfig(notes, at.serving.admin), (error: unknown) => error instanceof KubeconfigError);
  assert.is(readFileSync(notes, 'utf8'), 'not a kubeconfig');
  assert.ok(kubeconfigOf(at.serving.admin).includes(at.serving.url));
  rmSync(folder, { recursive: true });
});

test('nothing went wrong inside', ({ at }) => assert.equal(at.errors, []));
test.run();
