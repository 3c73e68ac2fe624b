import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CompactedError, createCluster } from '../../lib/index.ts';

const test = suite('backup and restore');
const names = (cluster: ReturnType<typeof createCluster>, kind: 'Pod' | 'Deployment', namespace: string) => cluster.client.list(kind, { namespace }).items.map(({ metadata }) => metadata.name);

async function withShop() {
  const cluster = createCluster({ nodes: 2 });
  await cluster.kubectl.text`create namespace shop`;
  await cluster.kubectl.text`create deployment web --image=nginx --replicas=3 -n shop`;
  await cluster.kubectl.text`expose deployment web --port=80 -n shop`;
  cluster.advance('30s');
  return cluster;
}

test('a deleted namespace is back, with its pods, uids and addresses', async () => {
  const cluster = await withShop();
  const { client } = cluster;
  const before = client.list('Pod', { namespace: 'shop' }).items;
  const service = client.get('Service', { namespace: 'shop', name: 'web' });
  const snapshot = cluster.etcd.snapshot();
  await cluster.kubectl.text`delete namespace shop`;
  cluster.advance('2m');
  assert.equal(names(cluster, 'Pod', 'shop'), []);
  assert.ok(cluster.etcd.revision > snapshot.revision);

  const problems = cluster.problems.length;
  cluster.restore(snapshot);
  assert.is(cluster.etcd.get('/registry/services/specs/shop/web')!.value, service);
  cluster.advance('1m');
  const after = client.list('Pod', { namespace: 'shop' }).items;
  assert.equal(after.map((pod) => pod.metadata.uid), before.map((pod) => pod.metadata.uid));
  assert.ok(after.every((pod) => pod.status.containerStatuses![0]!.ready), JSON.stringify(after.map((pod) => pod.status), null, 1));
  assert.match(await cluster.kubectl.text`get endpoints web -n shop`, /10\.244\.\d+\.\d+:80,/);
  await cluster.kubectl.text`create service clusterip other --tcp=80 -n shop`;
  assert.is.not(client.get('Service', { namespace: 'shop', name: 'other' }).spec.clusterIP, service.spec.clusterIP);
  assert.is(cluster.problems.length, problems);
});

test('what came after the snapshot is gone: the API forgets it, kubelets kill its containers', async () => {
  const cluster = await withShop();
  const snapshot = cluster.etcd.snapshot();
  await cluster.kubectl.text`create deployment late --image=nginx --replicas=2 -n shop`;
  cluster.advance('30s');
  const late = cluster.client.list('Pod', { namespace: 'shop', labelSelector: 'app=late' }).items;
  assert.equal(late.map((pod) => cluster.kubelets.dial(pod, 80).error), [undefined, undefined]);
  cluster.restore(snapshot);
  cluster.advance('1m');
  assert.equal(names(cluster, 'Deployment', 'shop'), ['web']);
  assert.is(names(cluster, 'Pod', 'shop').length, 3);
  const pod = late[0]!;
  assert.is(cluster.kubelets.dial(pod, 80).error, 'timeout');
  assert.ok(cluster.client.list('Node').items.every((node) => node.status.conditions!.find((c) => c.type === 'Ready')!.status === 'True'));
  assert.equal(cluster.problems, []);
});

test('revisions go back to those of the snapshot; watches that were open end', async () => {
  const cluster = await withShop();
  const snapshot = cluster.etcd.snapshot();
  const watch = cluster.etcd.watch({ prefix: '/registry/configmaps/' });
  await cluster.kubectl.text`create configmap a -n shop`;
  assert.equal(watch.read().map(({ type, kv }) => `${type} ${kv.key}`), ['PUT /registry/configmaps/shop/a']);
  cluster.restore(snapshot);
  assert.is(cluster.etcd.revision >= snapshot.revision, true);
  assert.throws(() => watch.read(), (error: unknown) => error instanceof CompactedError);
  // History up to the snapshot is part of it.
  const first = Math.min(...cluster.etcd.range({ prefix: '/registry/pods/shop/' }).kvs.map(({ createRevision }) => createRevision));
  assert.is(cluster.etcd.range({ prefix: '/registry/pods/shop/', revision: first - 1 }).count, 0);
  assert.is(cluster.etcd.range({ prefix: '/registry/pods/shop/', revision: first }).count, 1);
  await cluster.kubectl.text`create configmap b -n shop`;
  assert.equal(cluster.etcd.watch({ prefix: '/registry/configmaps/shop/', revision: snapshot.revision }).read().map(({ kv }) => kv.name), ['b']);
  // Compaction goes on, though revisions have been there before.
  cluster.advance('20m');
  assert.ok(cluster.etcd.compactRevision > snapshot.revision);
});

test('events keep their leases: an hour after the restore those of the snapshot are gone', async () => {
  const cluster = await withShop();
  const snapshot = cluster.etcd.snapshot();
  assert.ok(cluster.etcd.leases.length > 0);
  assert.equal([...new Set(cluster.etcd.leases.map(({ ttl }) => ttl))], [3660]);
  const keys = cluster.etcd.range({ prefix: '/registry/events/shop/' }).kvs.map(({ key }) => key);
  cluster.advance('30m');
  cluster.restore(snapshot);
  cluster.advance('50m');
  assert.ok(keys.every((key) => cluster.etcd.get(key)));
  cluster.advance('12m');
  assert.ok(keys.every((key) => !cluster.etcd.get(key)));
});

test('the same restore twice gives the same cluster', async () => {
  const run = async () => {
    const cluster = await withShop();
    const snapshot = cluster.etcd.snapshot();
    await cluster.kubectl.text`delete deployment web -n shop`;
    cluster.advance('1m');
    cluster.restore(snapshot);
    cluster.advance('1m');
    return cluster.kubectl.text`get pods,events -n shop -o wide`;
  };
  assert.is(await run(), await run());
});

test('a cluster starts on a full etcd as after a power cut', async () => {
  const before = await withShop();
  await before.kubectl.text`run once --image=busybox --restart=Never -n shop -- true`;
  before.advance('1m');
  const pods = before.client.list('Pod', { namespace: 'shop' }).items;
  const etcd = before.etcd.snapshot();
  const cluster = createCluster({ nodes: 2, etcd, seed: 2, start: Date.parse(before.now) });
  cluster.advance('30s');
  const after = cluster.client.list('Pod', { namespace: 'shop' }).items;
  const summary = ({ metadata, status }: (typeof after)[number]) => ({ uid: metadata.uid, phase: status.phase, restarts: status.containerStatuses![0]!.restartCount });
  assert.equal(after.map(summary), pods.map(summary).map((pod) => ({ ...pod, restarts: pod.phase === 'Running' ? 1 : 0 })));
  const [last] = after.filter(({ status }) => status.phase === 'Running').map(({ status }) => status.containerStatuses![0]!.lastState!.terminated!);
  assert.equal([last!.exitCode, last!.reason, last!.startedAt], [255, 'Unknown', pods[1]!.status.containerStatuses![0]!.state!.running!.startedAt]);
  // Nobody else was asked for, nothing was made twice.
  for (const kind of ['Namespace', 'Node', 'Service', 'ReplicaSet', 'ClusterRole'] as const) assert.equal(cluster.client.list(kind).items.map(({ metadata }) => metadata.uid), before.client.list(kind).items.map(({ metadata }) => metadata.uid));
  const events = await cluster.kubectl.text`get events -A`;
  assert.match(events, /Rebooted +node\/worker-1/);
  assert.match(events, /SandboxChanged/);
  await cluster.kubectl.text`scale deployment web -n shop --replicas=5`;
  cluster.advance('30s');
  const uids = cluster.client.list('Pod', { namespace: 'shop' }).items.map(({ metadata }) => metadata.uid);
  assert.is(new Set(uids).size, 6);
  assert.equal(cluster.problems, []);
});

test('a new cluster on an etcd that has been used: revisions go on', () => {
  const etcd = { ...createCluster({ nodes: 0 }).etcd.snapshot(), revision: 5000, compactRevision: 5000, kvs: [], history: [], leases: [] };
  const cluster = createCluster({ nodes: 1, etcd });
  assert.ok(cluster.etcd.range({ prefix: '/registry/clusterroles/' }).kvs.every((kv) => kv.modRevision > 5000 && kv.modRevision < 5200));
  assert.ok(cluster.client.get('Namespace', { name: 'default' }));
});

test.run();
