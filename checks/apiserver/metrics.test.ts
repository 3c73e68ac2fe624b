// /metrics: what was asked and what is stored, as a real v1.20.2 says it for the same requests.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { ApiServer, type HttpRequest } from '../../lib/apiserver/index.ts';
import { Store } from '../../lib/etcd/index.ts';
import { createCluster } from '../../lib/index.ts';
import { Clock, createRandom } from '../../lib/sim/index.ts';

const test = suite('metrics');

function server(version: string, traceLimit?: number) {
  const one = new ApiServer({ store: new Store(), clock: new Clock(), random: createRandom(1), version: createVersion(version), traceLimit, bootstrapPolicy: true });
  const http = (method: string, path: string, body?: object, more: Partial<HttpRequest> = {}) => one.http({ method, path, userAgent: 'curl/8', contentType: 'application/json', ...(body && { body }), ...more });
  http('POST', '/api/v1/namespaces', { metadata: { name: 'default' } });
  const lines = (name: string) => String(http('GET', '/metrics').body).split('\n').filter((line) => line.startsWith(name));
  return { http, lines };
}

const pods = '/api/v1/namespaces/default/pods';
const maps = '/api/v1/namespaces/default/configmaps';

test('each request under its verb, scope and code', () => {
  const { http, lines } = server('v1.20');
  http('GET', pods);
  http('GET', pods);
  http('GET', '/api/v1/pods');
  http('GET', `${pods}/nope`);
  http('POST', `${maps}?dryRun=All`, { metadata: { name: 'one' } });
  http('POST', maps, { metadata: { name: 'one' } });
  http('PATCH', `${maps}/one?fieldManager=me`, { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } }, { contentType: 'application/apply-patch+yaml' });
  http('PATCH', `${maps}/one`, { data: { a: 'c' } }, { contentType: 'application/merge-patch+json' });
  http('DELETE', maps);
  http('GET', `${maps}?watch=1`);
  http('GET', '/api/v1/namespaces/default/status');
  const line = (code: number, resource: string, scope: string, verb: string, count: number, more: { dry?: string; sub?: string } = {}) =>
    `apiserver_request_total{code="${code}",component="apiserver",contentType="application/json",dry_run="${more.dry ?? ''}",group="",resource="${resource}",scope="${scope}",subresource="${more.sub ?? ''}",verb="${verb}",version="v1"} ${count}`;
  assert.equal(lines('apiserver_request_total'), [
    line(0, 'configmaps', 'namespace', 'WATCH', 1),
    line(200, 'configmaps', 'namespace', 'DELETE', 1),
    line(200, 'configmaps', 'resource', 'APPLY', 1),
    line(200, 'configmaps', 'resource', 'PATCH', 1),
    line(200, 'namespaces', 'resource', 'GET', 1, { sub: 'status' }),
    line(200, 'pods', 'cluster', 'LIST', 1),
    line(200, 'pods', 'namespace', 'LIST', 2),
    line(201, 'configmaps', 'resource', 'POST', 1),
    line(201, 'namespaces', 'resource', 'POST', 1),
    line(201, 'configmaps', 'resource', 'POST', 1, { dry: 'All' }),
    line(404, 'pods', 'resource', 'GET', 1),
  ]);
  assert.equal(http('DELETE', '/metrics').body, 'metrics reset\n');
  assert.equal(lines('apiserver_request_total'), []);
});

test('names, help and labels of the release', () => {
  const old = server('v1.20');
  old.http('GET', '/apis/networking.k8s.io/v1beta1/namespaces/default/ingresses');
  const text = String(old.http('GET', '/metrics').body);
  assert.match(text, '# HELP etcd_object_counts [ALPHA] Number of stored objects at the time of last check split by kind.\n# TYPE etcd_object_counts gauge\n');
  assert.match(text, 'etcd_object_counts{resource="namespaces"} 1\n');
  assert.match(text, 'apiserver_requested_deprecated_apis{group="networking.k8s.io",removed_release="1.22",resource="ingresses",subresource="",version="v1beta1"} 1\n');
  assert.match(text, 'git_tree_state="clean",git_version="v1.20.2",go_version="go1.15.5",major="1",minor="20",platform="linux/amd64"} 1\n');
  assert.not.match(text, 'apiserver_storage_objects');
  const now = server('v1.33');
  now.http('GET', `${pods}?watch=1`);
  const today = String(now.http('GET', '/metrics').body);
  assert.match(today, 'apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="pods",scope="namespace",subresource="",verb="WATCH",version="v1"} 1\n');
  assert.match(today, '# HELP apiserver_storage_objects [STABLE] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.\n');
  assert.not.match(today, 'etcd_object_counts');
  assert.is(now.http('GET', '/metrics').type, 'text/plain; version=0.0.4; charset=utf-8');
});

test('what the trace has forgotten is still counted', () => {
  const { http, lines } = server('v1.33', 10);
  for (let i = 0; i < 25; i++) http('GET', pods);
  assert.match(lines('apiserver_request_total').join(), /resource="pods".* 25/);
  for (let i = 0; i < 25; i++) http('GET', pods);
  assert.match(lines('apiserver_request_total').join(), /resource="pods".* 50/);
});

test('only whoever may sees them; what authorization refuses is not counted', async () => {
  const { server: real, kubectl } = createCluster({ nodes: 1 });
  const get = (user: string, groups: string[]) => real.http({ method: 'GET', path: '/metrics', user, groups: [...groups, 'system:authenticated'] });
  const refused = get('jane', []);
  assert.equal([refused.code, (refused.body as { message: string }).message], [403, 'forbidden: User "jane" cannot get path "/metrics"']);
  assert.is(get('prometheus', ['system:monitoring']).code, 200);
  await kubectl.text`get pods --as=jane`;
  const text = await kubectl.text`get --raw /metrics`;
  assert.match(text, /^# HELP apiserver_request_total \[STABLE\] /);
  assert.match(text, /apiserver_request_total\{code="201",component="apiserver",dry_run="",group="",resource="nodes",scope="resource",subresource="",verb="POST",version="v1"\} 2\n/);
  assert.not.match(text, 'code="403"');
  assert.match(text, 'apiserver_storage_objects{resource="nodes"} 2\n');
});

test.run();
