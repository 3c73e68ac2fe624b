import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

const test = suite('etcd that does not answer');

/** What a command prints, and how long (seconds) it took. */
async function timed(cluster: ReturnType<typeof createCluster>, command: string): Promise<[string, number]> {
  const begun = cluster.loop.clock.now;
  const { printed } = cluster.kubectl.run(command);
  return [printed.split('\n')[0]!, Math.round((cluster.loop.clock.now - begun) / 1000)];
}

test('a read gives up after a minute, writes earlier, as seen on a real v1.20.2', async () => {
  const cluster = createCluster({ nodes: 1 });
  await cluster.kubectl.text`create configmap a`;
  cluster.fault.crash('etcd');
  const late = 'Error from server (Timeout): the server was unable to return a response in the time allotted, but may still be processing the request';
  assert.equal(await timed(cluster, 'get configmap a'), [`${late} (get configmaps a)`, 60]);
  assert.equal(await timed(cluster, 'get configmap'), [`${late} (get configmaps)`, 60]);
  assert.equal(await timed(cluster, 'create configmap b'), ['error: failed to create configmap: Internal error occurred: resource quota evaluation timed out', 10]);
  assert.equal(await timed(cluster, 'create namespace b'), ['Error from server (InternalError): Internal error occurred: resource quota evaluation timed out', 10]);
  assert.equal(await timed(cluster, 'run p --image=nginx'), ['Error from server (Timeout): Timeout: request did not complete within requested timeout 34s', 34]);
  assert.equal(await timed(cluster, 'label configmap a x=1'), [`${late} (get configmaps a)`, 60]);
});

test('the health of the server says whose fault it is', () => {
  const cluster = createCluster({ nodes: 0 });
  cluster.fault.crash('etcd');
  const { code, body } = cluster.server.http({ method: 'GET', path: '/livez' });
  assert.is(code, 500);
  assert.match(String(body), /\[\+\]log ok\n\[-\]etcd failed: reason withheld\n[^]*livez check failed\n$/);
  assert.match(cluster.kubectl.run('get --raw /readyz').stderr, /^Error from server \(InternalError\): an error on the server \("\[\+\]ping ok/);
  assert.is(cluster.server.http({ method: 'GET', path: '/livez?exclude=etcd' }).code, 200);
  assert.is(cluster.server.http({ method: 'GET', path: '/version' }).code, 200);
});

test('whoever takes any version is answered from the cache', () => {
  const cluster = createCluster({ nodes: 1 });
  cluster.fault.crash('etcd');
  const { code, body } = cluster.server.http({ method: 'GET', path: '/api/v1/nodes?resourceVersion=0' });
  assert.is(code, 200);
  assert.is((body as { items: unknown[] }).items.length, 2);
});

test('what runs goes on, and all is well when etcd is back', async () => {
  const cluster = createCluster({ nodes: 1 });
  await cluster.kubectl.text`create deployment web --image=nginx --replicas=2`;
  cluster.advance('20s');
  const pods = cluster.client.list('Pod', { namespace: 'default' }).items;
  cluster.fault.crash('etcd');
  cluster.advance('3m');
  for (const pod of pods) assert.is(cluster.kubelets.dial(pod, 80).error, undefined);
  cluster.fault.start('etcd');
  cluster.advance('1m');
  assert.equal(cluster.client.list('Pod', { namespace: 'default' }).items.map(({ metadata }) => metadata.uid), pods.map(({ metadata }) => metadata.uid));
  assert.ok(cluster.client.list('Node').items.every((node) => node.status.conditions!.find(({ type }) => type === 'Ready')!.status === 'True'));
  await cluster.kubectl.text`scale deployment web --replicas=3`;
  cluster.advance('30s');
  assert.is(cluster.client.get('Deployment', { namespace: 'default', name: 'web' }).status.readyReplicas, 3);
});

test('requests that are refused at the door are in the trace too', async () => {
  const cluster = createCluster({ nodes: 0 });
  await cluster.kubectl.text`config set-credentials guest --token=nobody`;
  assert.is(await cluster.kubectl.text`get pods --user=guest`, 'error: You must be logged in to the server (Unauthorized)\n');
  await cluster.kubectl.text`get pods --as=alice`;
  assert.equal(cluster.requests().slice(-2).map(({ code, user }) => [code, user]), [[401, ''], [403, 'alice']]);
  const token = (await cluster.kubectl.text`create token default`).trim();
  await cluster.kubectl.text`config set-credentials robot --token=${token}`;
  assert.match(await cluster.kubectl.text`get pods --user=robot`, /User "system:serviceaccount:default:default" cannot list/);
  // A certificate is looked at first.
  assert.is(cluster.kubectl.run('get pods --token=nobody').printed, 'No resources found in default namespace.');
});

test.run();
