import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

const apiService = (spec: object = {}) => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1alpha1.wardle.example.com' },
  spec: { group: 'wardle.example.com', version: 'v1alpha1', groupPriorityMinimum: 2000, versionPriority: 200, insecureSkipTLSVerify: true, service: { namespace: 'default', name: 'api' }, ...spec },
});

async function clusterWith({ image = 'gcr.io/kubernetes-e2e-test-images/sample-apiserver:1.17', port = 443 } = {}) {
  const cluster = createCluster({ nodes: 1, version: 'v1.20' });
  const { kubectl, client } = cluster;
  const condition = () => (client.get('APIService', { name: 'v1alpha1.wardle.example.com' }) as any).status.conditions[0];
  const said = () => [condition().status, condition().reason, condition().message];
  const http = (path: string, more: object = {}) => cluster.server.http({ method: 'GET', path, accept: 'application/json', ...more });
  return {
    ...{ cluster, kubectl, client, condition, said, http },
    async deploy() {
      await kubectl.text`create deployment api --image=${image}`;
      await kubectl.text`expose deployment api --port=443 --target-port=${port}`;
      cluster.advance('30s');
    },
  };
}

const group = '/apis/wardle.example.com/v1alpha1';

test('what is missing is said, step by step, and the group is unavailable', async () => {
  const { cluster, client, said, http, kubectl } = await clusterWith({ image: 'nginx', port: 80 });
  client.create(apiService());
  cluster.advance('1s');
  assert.equal(said(), ['False', 'ServiceNotFound', 'service/api in "default" is not present']);
  assert.equal(http(group), { code: 503, body: 'service unavailable\n', type: 'text/plain; charset=utf-8' });
  await kubectl.text`create deployment api --image=nginx`;
  await kubectl.text`create service clusterip api --tcp=8080:80`;
  cluster.advance('1s');
  assert.equal(said(), ['False', 'ServicePortError', 'service/api in "default" is not listening on port 443']);
  await kubectl.text`delete service api`;
  await kubectl.text`create service clusterip api --tcp=443:80`;
  cluster.advance('500ms');
  assert.equal(said(), ['False', 'MissingEndpoints', 'endpoints for service/api in "default" have no addresses with port name "443-80"']);
  cluster.advance('30s');
  const { clusterIP } = client.get('Service', { namespace: 'default', name: 'api' }).spec;
  const url = `https://${clusterIP}:443${group}`;
  assert.equal(said(), ['False', 'FailedDiscoveryCheck', `failing or missing response from ${url}: bad status from ${url}: 404`]);
  assert.match(await kubectl.text`get apiservice v1alpha1.wardle.example.com`, /default\/api +False \(FailedDiscoveryCheck\)/);
  assert.ok((http('/apis').body as any).groups.some(({ name }: any) => name === 'wardle.example.com'));
});

test('another API server answers for its group', async () => {
  const { cluster, client, deploy, said, http, condition } = await clusterWith();
  await deploy();
  client.create(apiService());
  cluster.advance('1s');
  assert.equal(said(), ['True', 'Passed', 'all checks passed']);
  const groups = (http('/apis').body as any).groups.map(({ name }: any) => name);
  assert.is(groups.at(-1), 'wardle.example.com');
  assert.is(JSON.parse(http(group).body as string).resources.length, 2);
  const flunders = `${group}/namespaces/default/flunders`;
  const made = http(flunders, { method: 'POST', contentType: 'application/json', body: JSON.stringify({ metadata: { name: 'f' } }) });
  assert.equal([made.code, JSON.parse(made.body as string).kind], [201, 'Flunder']);
  assert.is(JSON.parse(http(flunders).body as string).items.length, 1);
  assert.is(http(`${flunders}/f`, { user: 'nobody', groups: ['system:authenticated'] }).code, 403);
  assert.is(client.get('ConfigMap', { namespace: 'kube-system', name: 'extension-apiserver-authentication' }).data!['requestheader-username-headers'], '["X-Remote-User"]');
  const { lastTransitionTime } = condition();
  client.delete({ kind: 'Deployment', metadata: { namespace: 'default', name: 'api' } });
  cluster.advance('60s');
  assert.is(said()[1], 'MissingEndpoints');
  assert.ok(condition().lastTransitionTime > lastTransitionTime);
  assert.is(http(flunders).code, 503);
  client.delete({ kind: 'APIService', metadata: { name: 'v1alpha1.wardle.example.com' } });
  assert.is(http(flunders).code, 404);
});

test('a namespace cannot go while a group does not answer', async () => {
  const { cluster, client, kubectl } = await clusterWith();
  client.create(apiService());
  cluster.advance('1s');
  await kubectl.text`create namespace gone`;
  await kubectl.text`delete namespace gone --wait=false`;
  cluster.advance('60s');
  const { phase, conditions } = client.get('Namespace', { name: 'gone' }).status;
  const { reason, message } = conditions!.find(({ type }) => type === 'NamespaceDeletionDiscoveryFailure')!;
  assert.equal([phase, reason, message], ['Terminating', 'DiscoveryFailed', 'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: wardle.example.com/v1alpha1: the server is currently unable to handle the request']);
  client.delete({ kind: 'APIService', metadata: { name: 'v1alpha1.wardle.example.com' } });
  cluster.advance('10m');
  assert.is(client.find('Namespace', { name: 'gone' }), undefined);
});

test('what a namespace has on another API server goes with it', async () => {
  const { cluster, client, deploy, http, kubectl } = await clusterWith();
  await deploy();
  client.create(apiService());
  cluster.advance('1s');
  await kubectl.text`create namespace gone`;
  const flunders = `${group}/namespaces/gone/flunders`;
  http(flunders, { method: 'POST', contentType: 'application/json', body: JSON.stringify({ metadata: { name: 'f' } }) });
  client.delete({ kind: 'Namespace', metadata: { name: 'gone' } });
  cluster.advance('60s');
  assert.equal(JSON.parse(http(flunders).body as string).items, []);
  assert.is(client.find('Namespace', { name: 'gone' }), undefined);
});

test('a watch goes through to the other API server, and ends with it', async () => {
  const { cluster, client, deploy, http, kubectl } = await clusterWith();
  await deploy();
  client.create(apiService());
  cluster.advance('1s');
  const flunders = `${group}/namespaces/default/flunders`;
  const make = (name: string) => http(flunders, { method: 'POST', contentType: 'application/json', body: JSON.stringify({ metadata: { name } }) });
  make('one');
  const events = (text: string | undefined) => text?.split('\n').filter(Boolean).map((line) => JSON.parse(line)).map(({ type, object }) => `${type} ${object.metadata.name}`);
  const all = http(`${flunders}?watch=1`).stream!;
  const later = http(`${flunders}?watch=1&resourceVersion=1`).stream!;
  const short = http(`${flunders}?watch=1&resourceVersion=1&timeoutSeconds=5`).stream!;
  make('two');
  http(`${flunders}/one`, { method: 'DELETE' });
  assert.equal(events(all()), ['ADDED one', 'ADDED two', 'DELETED one']);
  assert.equal(events(later()), ['ADDED two', 'DELETED one']);
  assert.equal(events(all()), []);
  cluster.advance('5s');
  assert.equal([short(), later()], [undefined, '']);
  const watcher = client.watch('flunders.v1alpha1.wardle.example.com', { namespace: 'default' });
  assert.equal(watcher.read().map(({ type, object }) => `${type} ${object.metadata.name}`), ['ADDED two']);
  cluster.loop.clock.after(2000, () => make('three'));
  assert.match(await kubectl.text`get flunders -w`, /^NAME +CREATED AT\ntwo +\S+\nthree +\S+\n$/);
  assert.equal(watcher.read().map(({ type, object }) => `${type} ${object.metadata.name}`), ['ADDED three']);
  client.delete({ kind: 'Deployment', metadata: { namespace: 'default', name: 'api' } });
  cluster.advance('60s');
  assert.is(all(), undefined);
});

test('kubectl in a cell reaches the kinds of another API server', async () => {
  const { cluster, client, deploy, kubectl } = await clusterWith();
  await deploy();
  client.create(apiService());
  cluster.advance('1s');
  cluster.file('f.yaml', 'apiVersion: wardle.example.com/v1alpha1\nkind: Flunder\nmetadata:\n  name: one\n');
  assert.is(await kubectl.text`create -f f.yaml`, 'flunder.wardle.example.com/one created\n');
  assert.match(await kubectl.text`get flunders`, /^NAME +CREATED AT\none +20/);
  assert.is(await kubectl.text`get flunders.v1alpha1.wardle.example.com one -o name`, 'flunder.wardle.example.com/one\n');
  assert.is(await kubectl.text`delete flunder one`, 'flunder.wardle.example.com "one" deleted\n');
  assert.is(await kubectl.text`get flunders`, '');
});

test.run();
