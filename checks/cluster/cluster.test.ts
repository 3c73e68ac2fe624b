import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Client, type Cluster, type Controller, createCluster, forObject } from '../../lib/index.ts';

const test = suite('cluster');

const nodeStatus = (cluster: Cluster, name: string) => cluster.client.get('Node', { name }).status.conditions?.find((c) => c.type === 'Ready')?.status;
const pods = (cluster: Cluster, selector = 'app=web') => cluster.client.list('Pod', { namespace: 'default', labelSelector: selector }).items;
const ready = (cluster: Cluster) => pods(cluster).filter((pod) => pod.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') && !pod.metadata.deletionTimestamp);

async function withWeb(replicas = 3, options: Parameters<typeof createCluster>[0] = {}): Promise<Cluster> {
  const cluster = createCluster({ nodes: 3, ...options });
  await cluster.kubectl.text`create deployment web --image=nginx --replicas=${replicas}`;
  cluster.advance('20s');
  return cluster;
}

test('a new cluster is ready: nodes, namespaces, the kubernetes service', async () => {
  const cluster = createCluster({ nodes: 2 });
  assert.equal(cluster.client.list('Node').items.map((n) => n.metadata.name), ['control-plane', 'worker-1', 'worker-2']);
  for (const name of ['control-plane', 'worker-1', 'worker-2']) assert.is(nodeStatus(cluster, name), 'True');
  assert.equal(cluster.client.list('Namespace').items.map((n) => n.metadata.name), ['default', 'kube-node-lease', 'kube-public', 'kube-system']);
  assert.is(cluster.client.get('Service', { namespace: 'default', name: 'kubernetes' }).spec.clusterIP, '10.96.0.1');
});

test('pods stay off the control plane', async () => {
  const cluster = await withWeb(6);
  assert.equal([...new Set(pods(cluster).map((pod) => pod.spec.nodeName))].sort(), ['worker-1', 'worker-2', 'worker-3']);
});

test('a node without power: Unknown after its grace, pods elsewhere after their toleration', async () => {
  for (const [version, grace] of [['v1.20', 40], ['v1.33', 50]] as const) {
    const cluster = await withWeb(3, { version });
    cluster.fault.powerOff('worker-2');
    cluster.advance(`${grace - 12}s`);
    assert.is(nodeStatus(cluster, 'worker-2'), 'True', version);
    cluster.advance('20s');
    assert.is(nodeStatus(cluster, 'worker-2'), 'Unknown', version);
    cluster.advance('6m');
    assert.is(ready(cluster).filter((pod) => pod.spec.nodeName !== 'worker-2').length, 3, version);
    cluster.fault.powerOn('worker-2');
    cluster.advance('1m');
    assert.is(nodeStatus(cluster, 'worker-2'), 'True', version);
    assert.is(pods(cluster).length, 3, version);
  }
});

test('a cut cable is like a dead node to the control plane, and heals', async () => {
  const cluster = await withWeb(3);
  cluster.fault.cut('worker-1', 'control-plane');
  cluster.advance('2m');
  assert.is(nodeStatus(cluster, 'worker-1'), 'Unknown');
  cluster.fault.restore('worker-1', 'control-plane');
  cluster.advance('30s');
  assert.is(nodeStatus(cluster, 'worker-1'), 'True');
});

test('each process can crash: what it did stops, and goes on when it is back', async () => {
  const cluster = await withWeb(2);
  cluster.fault.crash('kube-scheduler');
  await cluster.kubectl.text`scale deployment web --replicas=4`;
  cluster.advance('30s');
  assert.equal([pods(cluster).length, pods(cluster).filter((pod) => pod.spec.nodeName).length], [4, 2]);
  cluster.fault.start('kube-scheduler');
  cluster.fault.crash('kube-controller-manager');
  cluster.advance('30s');
  assert.is(ready(cluster).length, 4);
  await cluster.kubectl.text`delete pod ${pods(cluster)[0]!.metadata.name} --wait=false`;
  cluster.advance('1m');
  assert.is(pods(cluster).length, 3);
  cluster.fault.start('kube-controller-manager');
  cluster.advance('30s');
  assert.is(ready(cluster).length, 4);
});

test('without the API server nothing is asked and nothing is lost', async () => {
  const cluster = await withWeb(3);
  cluster.fault.crash('kube-apiserver');
  assert.match(await cluster.kubectl.text`get pods`, /The connection to the server 10\.0\.0\.10:6443 was refused/);
  cluster.advance('20s');
  cluster.fault.start('kube-apiserver');
  cluster.advance('1m');
  assert.is(ready(cluster).length, 3);
  assert.equal(['worker-1', 'worker-2', 'worker-3'].map((name) => nodeStatus(cluster, name)), ['True', 'True', 'True']);
});

test('an image that cannot be pulled, until it can', async () => {
  const cluster = createCluster({ nodes: 1 });
  cluster.fault.breakImage('nginx');
  await cluster.kubectl.text`create deployment web --image=nginx`;
  cluster.advance('1m');
  const waiting = pods(cluster)[0]!.status.containerStatuses?.[0]?.state?.waiting?.reason;
  assert.ok(waiting === 'ErrImagePull' || waiting === 'ImagePullBackOff', waiting);
  cluster.fault.mendImage('nginx');
  cluster.advance('6m');
  assert.is(ready(cluster).length, 1);
});

/** A learner's replica set controller in ten lines. */
const small = (client: Client): Controller => ({
  name: 'small',
  watches: [forObject('ReplicaSet')],
  reconcile(request) {
    const rs = client.find('ReplicaSet', request);
    if (!rs) return;
    const { template } = rs.spec;
    const have = client.list('Pod', { namespace: request.namespace, labelSelector: `owner=${request.name}` }).items.length;
    for (let missing = rs.spec.replicas - have; missing > 0; missing--) {
      client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { generateName: `${request.name}-`, namespace: request.namespace, labels: { ...template.metadata?.labels, owner: request.name } }, spec: template.spec });
    }
    return { requeueAfter: 1000 };
  },
});

test('a controller of one\'s own takes the place of a built-in one', async () => {
  const cluster = createCluster({ nodes: 2 });
  cluster.replace('replicaset', small);
  await cluster.kubectl.text`create deployment web --image=nginx --replicas=2`;
  cluster.advance('20s');
  assert.is(ready(cluster).length, 2);
  assert.is(pods(cluster)[0]!.metadata.ownerReferences, undefined);
  assert.equal(cluster.problems, []);
});

test('a controller that throws is recorded, and asked again', async () => {
  const cluster = createCluster({ nodes: 1 });
  const said: string[] = [];
  const { error } = console;
  console.error = (text: string) => said.push(text);
  try {
    cluster.replace('mine', () => ({ name: 'mine', watches: [forObject('Node')], reconcile: () => { throw new Error('앗'); } }));
    cluster.advance('2s');
  } finally {
    console.error = error;
  }
  assert.ok(cluster.problems.length > 4);
  assert.is(said.length, 1);
  assert.match(said[0]!, /mine.*앗/);
});

test('explain says of each plugin and node what the scheduler saw', async () => {
  const cluster = createCluster({ nodes: 2 });
  await cluster.kubectl.text`run big --image=nginx --overrides=${JSON.stringify({ spec: { containers: [{ name: 'big', image: 'nginx', resources: { requests: { cpu: '64' } } }] } })}`;
  cluster.advance('5s');
  const { nodes, message } = cluster.explain('big');
  assert.match(message ?? '', /^0\/3 nodes are available: .*2 Insufficient cpu/);
  const worker = nodes.find((n) => n.node === 'worker-1')!;
  assert.equal(worker.filters.filter((f) => f.code !== 'Success').map((f) => f.plugin), ['NodeResourcesFit']);
  assert.throws(() => cluster.explain('none'), /none/);
});

test('names that do not exist are answered with what there is', () => {
  const cluster = createCluster({ nodes: 1 });
  assert.throws(() => cluster.fault.powerOff('worker-9'), /worker-9.*control-plane, worker-1/);
  assert.throws(() => cluster.fault.crash('kube-dns'), /etcd.*kube-scheduler/);
  assert.throws(() => createCluster({ version: 'v2' }), /v1\.13 to v1\.33/);
});

test('the same seed draws the same cluster in both releases, another seed another', async () => {
  for (const version of ['v1.20', 'v1.33']) {
    const drawn = async (seed: number) => JSON.stringify(pods(await withWeb(5, { seed, version })));
    const [a, b, other] = [await drawn(1), await drawn(1), await drawn(2)];
    assert.ok(a === b);
    assert.ok(a !== other);
  }
});

test('the trace keeps what chose the objects of a list', async () => {
  const cluster = createCluster({ nodes: 1 });
  await cluster.kubectl.text`get pods -l app=web`;
  await cluster.kubectl.text`get pods`;
  const queries = cluster.requests().filter(({ userAgent, verb, path }) => userAgent === 'kubectl' && verb === 'list' && path.endsWith('/pods')).map(({ query }) => query);
  assert.equal(queries, ['labelSelector=app=web', undefined]);
});

test('each object of a new cluster has a revision of its own, in every release', () => {
  for (let minor = 13; minor <= 33; minor++) {
    const { etcd } = createCluster({ nodes: 0, version: `v1.${minor}` });
    const revisions = etcd.range({ prefix: '/registry/' }).kvs.map(({ modRevision }) => modRevision);
    assert.is(new Set(revisions).size, revisions.length, `v1.${minor}`);
  }
});

test.run();
