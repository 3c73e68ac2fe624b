// The scheduler in a cluster: what it binds, what it says, when it tries again.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { podCondition } from '../../lib/api/index.ts';
import { createScheduler, unresolvable } from '../../lib/scheduler/index.ts';
import { addNode, addPod, asking, attempts, bareCluster, clientOf, eventsOf, nodeOf, podOf } from './helpers.ts';

test('a pod gets a node and an event', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1');
  addPod(cluster, 'web');
  cluster.settle();
  assert.is(nodeOf(cluster, 'web'), 'n1');
  assert.equal(eventsOf(cluster, 'web'), ['Scheduled Successfully assigned default/web to n1']);
  assert.is(podCondition(podOf(cluster, 'web'), 'PodScheduled')?.status, 'True');
});

test('a pod that fits nowhere says why, in an event and a condition', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1', { cpu: '1' });
  addNode(cluster, 'n2', { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] });
  addPod(cluster, 'big', asking('2'));
  cluster.settle();
  const message =
    '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {dedicated: db}. preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.';
  assert.equal(eventsOf(cluster, 'big'), [`FailedScheduling ${message}`]);
  const { type, status, reason, message: written } = podCondition(podOf(cluster, 'big'), 'PodScheduled')!;
  assert.equal([type, status, reason, written], ['PodScheduled', 'False', 'Unschedulable', message]);
  assert.is(podOf(cluster, 'big').status.phase, 'Pending');
});

test('v1.20 says it in its own words', () => {
  const cluster = bareCluster({ version: 'v1.20' });
  addNode(cluster, 'n1', { cpu: '1', taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] });
  addPod(cluster, 'web');
  cluster.settle();
  const said = "FailedScheduling 0/1 nodes are available: 1 node(s) had taint {dedicated: db}, that the pod didn't tolerate.";
  // Its own report of the first attempt makes it try again: the pod has another version then, and the event is a new one.
  assert.equal(eventsOf(cluster, 'web'), [said, said]);
});

test('what is too long for an event is cut off since v1.21; before, there is no event', () => {
  for (const [version, lengths] of [['v1.21', [1024]], ['v1.20', []]] as const) {
    const cluster = bareCluster({ version });
    for (let i = 0; i < 40; i++) addNode(cluster, `n${i}`, { taints: [{ key: `key-of-node-${i}`, value: 'db', effect: 'NoSchedule' }] });
    addPod(cluster, 'web');
    cluster.settle();
    const said = eventsOf(cluster, 'web').map((text) => text.slice('FailedScheduling '.length));
    assert.equal(said.map(({ length }) => length), lengths, version);
    for (const note of said) assert.match(note, / \.\.\.$/);
  }
});

test('without nodes', () => {
  const cluster = bareCluster();
  addPod(cluster, 'web');
  cluster.settle();
  assert.equal(eventsOf(cluster, 'web'), ['FailedScheduling no nodes available to schedule pods']);
});

test('without nodes a pod is tried again after its back-off since v1.32; before, it waits for an event', () => {
  for (const [version, expected] of [['v1.33', 5], ['v1.31', 1]] as const) {
    const cluster = bareCluster({ version });
    addPod(cluster, 'web');
    cluster.advance('20s');
    assert.is(attempts(cluster, 'web'), expected, version);
  }
});

test('a label of its own helps a pod only if a plugin waits for it, since v1.32', () => {
  for (const [version, expected] of [['v1.33', 1], ['v1.31', 2]] as const) {
    const cluster = bareCluster({ version });
    addNode(cluster, 'n1', { cpu: '1' });
    addPod(cluster, 'big', asking('2'));
    cluster.advance('10s');
    cluster.client.patch('Pod', { namespace: 'default', name: 'big' }, { metadata: { labels: { a: 'b' } } }, { type: 'merge' });
    cluster.settle();
    assert.is(attempts(cluster, 'big'), expected, version);
  }
});

test('pods of one instant do not overcommit a node', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1', { cpu: '1' });
  addNode(cluster, 'n2', { cpu: '1' });
  for (const name of ['a', 'b', 'c']) addPod(cluster, name, asking('600m'));
  cluster.settle();
  const placed = ['a', 'b', 'c'].map((name) => nodeOf(cluster, name)).filter(Boolean);
  assert.equal(placed.sort(), ['n1', 'n2']);
});

test('higher priority goes first, then the older pod', () => {
  const cluster = bareCluster({ scheduler: false });
  addNode(cluster, 'n1', { pods: '2' });
  for (const [name, value] of [['low', 1], ['high', 1000]] as const) cluster.client.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value });
  addPod(cluster, 'first', { priorityClassName: 'low' });
  addPod(cluster, 'second', { priorityClassName: 'low' });
  addPod(cluster, 'urgent', { priorityClassName: 'high' });
  const scheduler = createScheduler({ client: clientOf(cluster, 'kube-scheduler'), loop: cluster.loop });
  scheduler.start();
  while (scheduler.ready()) scheduler.step();
  assert.equal(['first', 'second', 'urgent'].map((name) => nodeOf(cluster, name)), ['n1', undefined, 'n1']);
});

test('a new node lets a waiting pod in, before v1.33 after its back-off', () => {
  for (const version of ['v1.32', 'v1.33']) {
    const cluster = bareCluster({ version });
    addNode(cluster, 'n1', { cpu: '1' });
    addPod(cluster, 'big', asking('2'));
    cluster.settle();
    addNode(cluster, 'n2', { cpu: '4' });
    cluster.settle();
    assert.is(nodeOf(cluster, 'big'), version === 'v1.33' ? 'n2' : undefined);
    cluster.advance('1s');
    assert.is(nodeOf(cluster, 'big'), 'n2');
  }
});

test('a pod that goes makes room', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1', { cpu: '1' });
  addPod(cluster, 'old', asking('800m'));
  cluster.settle();
  addPod(cluster, 'new', asking('800m'));
  cluster.advance('20s');
  assert.is(nodeOf(cluster, 'new'), undefined);
  cluster.client.delete(podOf(cluster, 'old'), { gracePeriodSeconds: 0 });
  cluster.settle();
  assert.is(nodeOf(cluster, 'new'), 'n1', 'its back-off is over: it is tried at once');
});

test('a pod that has ended takes no room', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1', { cpu: '1' });
  addPod(cluster, 'job', asking('800m'));
  cluster.settle();
  cluster.client.updateStatus(podOf(cluster, 'job'), { phase: 'Succeeded' });
  addPod(cluster, 'new', asking('800m'));
  cluster.advance('2s');
  assert.is(nodeOf(cluster, 'new'), 'n1');
});

test('events that cannot help do not wake a pod', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1', { cpu: '1' });
  addPod(cluster, 'big', asking('2'));
  cluster.advance('10s');
  addNode(cluster, 'small', { cpu: '1' });
  cluster.client.patch('Node', { name: 'n1' }, { metadata: { labels: { disk: 'ssd' } } }, { type: 'merge' });
  cluster.advance('10s');
  assert.is(attempts(cluster, 'big'), 1);
  const old = bareCluster({ version: 'v1.20' });
  addNode(old, 'n1', { cpu: '1' });
  addPod(old, 'big', asking('2'));
  old.advance('10s');
  addNode(old, 'small', { cpu: '1' });
  old.advance('10s');
  assert.ok(attempts(old, 'big') > 1, 'v1.20 tries after every change of a node');
});

test('a change of a node wakes only those whom it was in the way of, since v1.32', () => {
  const tries = (change: object, subresource?: 'status') => {
    const cluster = bareCluster();
    addNode(cluster, 'n1', { cpu: '2', labels: { disk: 'ssd' } });
    addPod(cluster, 'first', asking('1500m'));
    cluster.settle();
    addPod(cluster, 'big', { ...asking('1'), nodeSelector: { disk: 'ssd' } });
    addNode(cluster, 'n2', { labels: { disk: 'hdd' } });
    cluster.advance('20s');
    const before = attempts(cluster, 'big');
    cluster.client.patch('Node', { name: 'n1' }, change, { type: 'merge', ...(subresource && { subresource }) });
    cluster.settle();
    return attempts(cluster, 'big') - before;
  };
  assert.is(tries({ metadata: { labels: { color: 'red' } } }), 0, 'the node matched before');
  assert.is(tries({ status: { allocatable: { memory: '4Gi' } } }, 'status'), 0, 'the node has no more than before');
  assert.is(tries({ status: { allocatable: { cpu: '2200m' } } }, 'status'), 1);
});

test('v1.20: a deleted node wakes nobody, any change of a service or of a waiting pod does', () => {
  const cluster = bareCluster({ version: 'v1.20' });
  for (const name of ['n1', 'n2']) addNode(cluster, name, { cpu: '1' });
  cluster.client.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
  addPod(cluster, 'big', asking('2'));
  cluster.advance('5s');
  const before = attempts(cluster, 'big');
  cluster.client.delete(cluster.client.get('Node', { name: 'n2' }));
  cluster.settle();
  assert.is(attempts(cluster, 'big'), before);
  cluster.client.patch('Service', { namespace: 'default', name: 'web' }, { metadata: { labels: { a: 'b' } } }, { type: 'merge' });
  cluster.settle();
  assert.is(attempts(cluster, 'big'), before + 1);
});

test('a waiting pod that is deleted is passed over, which v1.20 always says', () => {
  const said = (version: string) => {
    const cluster = bareCluster({ version });
    addPod(cluster, 'web');
    cluster.advance('5s');
    cluster.client.delete(podOf(cluster, 'web'));
    cluster.settle();
    return eventsOf(cluster, 'web').at(-1);
  };
  assert.is(said('v1.20'), 'FailedScheduling skip schedule deleting pod: default/web');
  assert.is(said('v1.33'), 'FailedScheduling no nodes available to schedule pods');
});

test('without events a pod is tried again after five minutes, in v1.20 after one (and at once because of its status)', () => {
  for (const [version, expected] of [['v1.33', 1], ['v1.20', 3]] as const) {
    const cluster = bareCluster({ version });
    addNode(cluster, 'n1', { cpu: '1' });
    addPod(cluster, 'big', asking('2'));
    cluster.advance('2m');
    assert.is(attempts(cluster, 'big'), expected, version);
    cluster.advance('4m');
    assert.ok(attempts(cluster, 'big') > expected, version);
  }
});

test('the condition is written once while the message stays', () => {
  const cluster = bareCluster({ version: 'v1.20' });
  addNode(cluster, 'n1', { cpu: '1' });
  addPod(cluster, 'big', asking('2'));
  cluster.advance('5m');
  assert.ok(attempts(cluster, 'big') > 2);
  const writes = cluster.requests().filter(({ path, verb }) => verb === 'patch' && path.endsWith('/pods/big/status'));
  assert.is(writes.length, 1);
});

test('a change of the pod brings it back at once', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1');
  addPod(cluster, 'web', { nodeSelector: { disk: 'ssd' } });
  cluster.advance('10s');
  cluster.client.patch('Node', { name: 'n1' }, { metadata: { labels: { disk: 'ssd' } } }, { type: 'merge' });
  cluster.settle();
  assert.is(nodeOf(cluster, 'web'), 'n1');
});

test('a resized pod counts with the greatest of what it asks for, was given and has; what is freed lets others in', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1', { cpu: '2' });
  addPod(cluster, 'web', asking('1500m'));
  cluster.settle();
  const has = (cpu: string, conditions: object[] = []) => {
    const requests = { cpu };
    cluster.client.patch('Pod', { namespace: 'default', name: 'web' }, { status: { conditions, containerStatuses: [{ name: 'c', image: 'nginx', imageID: '', ready: true, restartCount: 0, resources: { requests }, allocatedResources: requests }] } }, { type: 'merge', subresource: 'status' });
  };
  has('1500m');
  cluster.client.patch('Pod', { namespace: 'default', name: 'web' }, { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '500m' } } }] } }, { subresource: 'resize' });
  addPod(cluster, 'other', asking('1'));
  cluster.advance('5s');
  assert.is(nodeOf(cluster, 'other'), undefined, 'web still has 1500m');
  has('500m');
  cluster.settle();
  assert.is(nodeOf(cluster, 'other'), 'n1');
  cluster.client.patch('Pod', { namespace: 'default', name: 'web' }, { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '9' } } }] } }, { subresource: 'resize' });
  has('500m', [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }]);
  addPod(cluster, 'third', asking('500m'));
  cluster.settle();
  assert.is(nodeOf(cluster, 'third'), 'n1', 'what can never be given is not counted');
});

test('pods with gates, of other schedulers, or on their way out are left alone', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1');
  addPod(cluster, 'gated', { schedulingGates: [{ name: 'example.com/wait' }] });
  addPod(cluster, 'foreign', { schedulerName: 'mine' });
  addPod(cluster, 'leaving', { nodeSelector: { no: 'node' } }, { finalizers: ['example.com/keep'] });
  cluster.settle();
  cluster.client.delete(podOf(cluster, 'leaving'));
  cluster.client.patch('Node', { name: 'n1' }, { metadata: { labels: { no: 'node' } } }, { type: 'merge' });
  cluster.advance('10s');
  assert.equal(['gated', 'foreign', 'leaving'].map((name) => nodeOf(cluster, name)), [undefined, undefined, undefined]);
  cluster.client.patch('Pod', { namespace: 'default', name: 'gated' }, { spec: { schedulingGates: null } }, { type: 'merge' });
  cluster.settle();
  assert.is(nodeOf(cluster, 'gated'), 'n1');
});

test('a scheduler of one\'s own, with a plugin of one\'s own', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1', { labels: { floor: '1' } });
  addNode(cluster, 'n2', { labels: { floor: '2' } });
  const upstairs = {
    name: 'Upstairs',
    filter: (_: unknown, { node }: { node: { metadata: { labels?: Record<string, string> } } }) => (node.metadata.labels?.['floor'] === '2' ? undefined : unresolvable('node(s) were downstairs')),
  };
  const scheduler = createScheduler({ client: clientOf(cluster, 'mine'), loop: cluster.loop, name: 'mine', plugins: [upstairs] });
  scheduler.start();
  for (const name of ['a', 'b', 'c']) addPod(cluster, name, { schedulerName: 'mine' });
  cluster.settle();
  assert.equal(['a', 'b', 'c'].map((name) => nodeOf(cluster, name)), ['n2', 'n2', 'n2']);
  addPod(cluster, 'd', { schedulerName: 'mine', nodeSelector: { floor: '1' } });
  cluster.settle();
  assert.match(eventsOf(cluster, 'd')[0]!, '1 node(s) were downstairs');
});

test('weights and left-out plugins change the choice', () => {
  const choose = (options: object) => {
    const cluster = bareCluster({ scheduler: false });
    addNode(cluster, 'full', { cpu: '1' });
    addNode(cluster, 'empty', { cpu: '8', taints: [{ key: 'slow', effect: 'PreferNoSchedule' }] });
    addPod(cluster, 'web', asking('500m'));
    const scheduler = createScheduler({ client: clientOf(cluster, 'kube-scheduler'), ...options });
    scheduler.start();
    scheduler.step();
    return nodeOf(cluster, 'web');
  };
  assert.is(choose({}), 'full', 'the taint weighs 3');
  assert.is(choose({ weights: { TaintToleration: 0 } }), 'empty');
  assert.is(choose({ disable: ['TaintToleration'] }), 'empty');
});

test('a binding that fails is tried again', () => {
  const cluster = bareCluster({ scheduler: false });
  addNode(cluster, 'n1', { cpu: '1' });
  addPod(cluster, 'web', asking('800m'));
  let up = true;
  const scheduler = createScheduler({ client: clientOf(cluster, 'kube-scheduler', () => up), loop: cluster.loop });
  scheduler.start();
  up = false;
  scheduler.step();
  assert.is(nodeOf(cluster, 'web'), undefined);
  up = true;
  cluster.advance('2s');
  assert.is(nodeOf(cluster, 'web'), 'n1', 'the room it was given before is free again');
});

test('a plugin that throws does not lose the pod', () => {
  const cluster = bareCluster({ scheduler: false });
  addNode(cluster, 'n1');
  addPod(cluster, 'web');
  let broken = true;
  const faulty = {
    name: 'Faulty',
    filter() {
      if (broken) throw new Error('faulty plugin');
      return undefined;
    },
  };
  const scheduler = createScheduler({ client: clientOf(cluster, 'kube-scheduler'), loop: cluster.loop, plugins: [faulty] });
  scheduler.start();
  assert.throws(() => scheduler.step(), /faulty plugin/);
  broken = false;
  cluster.advance('2s');
  assert.is(nodeOf(cluster, 'web'), 'n1');
});

test('after a crash everything is read anew', () => {
  const cluster = bareCluster({ scheduler: false });
  addNode(cluster, 'n1', { cpu: '1' });
  const scheduler = createScheduler({ client: clientOf(cluster, 'kube-scheduler'), loop: cluster.loop });
  scheduler.start();
  addPod(cluster, 'a', asking('600m'));
  cluster.settle();
  scheduler.stop();
  addPod(cluster, 'b', asking('600m'));
  cluster.settle();
  assert.is(nodeOf(cluster, 'b'), undefined);
  cluster.client.delete(podOf(cluster, 'a'), { gracePeriodSeconds: 0 });
  scheduler.start();
  cluster.settle();
  assert.is(nodeOf(cluster, 'b'), 'n1');
});

test('explain changes nothing and agrees with what is done', () => {
  const cluster = bareCluster();
  for (const name of ['n1', 'n2', 'n3']) addNode(cluster, name);
  addPod(cluster, 'web', asking('500m'));
  cluster.settle();
  const [first, second] = [cluster.explain('web'), cluster.explain('web')];
  assert.equal(first, second);
  assert.ok(first.best.includes(nodeOf(cluster, 'web')!));
  const { scores, total } = first.nodes[0]!;
  assert.equal(scores['NodeResourcesFit'], { raw: 92, normalized: 92, weighted: 92 });
  assert.is(total, Object.values(scores).reduce((sum, { weighted }) => sum + weighted, 0));
  addPod(cluster, 'other', asking('500m'));
  cluster.settle();
  assert.not.equal(nodeOf(cluster, 'other'), nodeOf(cluster, 'web'));
});

test('a claim that appears lets its pod in', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1');
  addPod(cluster, 'db', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] });
  cluster.advance('10s');
  assert.match(eventsOf(cluster, 'db')[0]!, '0/1 nodes are available: persistentvolumeclaim "data" not found.');
  cluster.client.create({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'fast' }, provisioner: 'example.com/disk', volumeBindingMode: 'WaitForFirstConsumer' });
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'fast' };
  cluster.client.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'default' }, spec });
  cluster.settle();
  const claim = { namespace: 'default', name: 'data' };
  const asked = cluster.client.get('PersistentVolumeClaim', claim);
  assert.is(asked.metadata.annotations?.['volume.kubernetes.io/selected-node'], 'n1');
  assert.is(nodeOf(cluster, 'db'), undefined, 'its volume does not exist yet');
  cluster.client.create({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'disk' }, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, storageClassName: 'fast', hostPath: { path: '/disk' } } });
  cluster.client.update({ ...asked, metadata: { ...asked.metadata, annotations: { ...asked.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' } }, spec: { ...asked.spec, volumeName: 'disk' } });
  cluster.settle();
  assert.is(nodeOf(cluster, 'db'), 'n1');
});

test('a pod whose volumes are not bound within ten minutes is tried again', () => {
  const cluster = bareCluster();
  addNode(cluster, 'n1');
  cluster.client.create({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'never' }, provisioner: 'example.com/disk', volumeBindingMode: 'WaitForFirstConsumer' });
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'never' };
  cluster.client.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'default' }, spec });
  cluster.settle();
  addPod(cluster, 'db', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] });
  cluster.advance('9m');
  assert.equal(eventsOf(cluster, 'db'), []);
  cluster.advance('2m');
  assert.equal(eventsOf(cluster, 'db'), ['FailedScheduling running PreBind plugin "VolumeBinding": binding volumes: timed out waiting for the condition']);
});

test('one process serves several profiles, each with a name of its own', () => {
  const cluster = bareCluster({ scheduler: false });
  for (const name of ['n1', 'n2']) addNode(cluster, name);
  const packing = { name: 'packing', disable: ['NodeResourcesBalancedAllocation', 'PodTopologySpread'], plugins: [{ name: 'FirstNode', score: (_: unknown, node: { name: string }) => (node.name === 'n1' ? 100 : 0) }], weights: { FirstNode: 100 } };
  const scheduler = createScheduler({ client: clientOf(cluster, 'kube-scheduler'), loop: cluster.loop, profiles: [packing] });
  scheduler.start();
  for (const name of ['a', 'b', 'c']) addPod(cluster, name, { ...asking('500m'), schedulerName: 'packing' });
  addPod(cluster, 'd', asking('500m'));
  addPod(cluster, 'nobody', { schedulerName: 'unknown' });
  cluster.settle();
  assert.equal(['a', 'b', 'c', 'd', 'nobody'].map((name) => nodeOf(cluster, name)), ['n1', 'n1', 'n1', 'n2', undefined]);
});

test('the seed decides among equals', () => {
  const run = (seed: number) => {
    const cluster = bareCluster({ seed });
    for (let i = 0; i < 20; i++) addNode(cluster, `n${i}`);
    for (let i = 0; i < 5; i++) addPod(cluster, `p${i}`);
    cluster.settle();
    return Array.from({ length: 5 }, (_, i) => nodeOf(cluster, `p${i}`)).join();
  };
  assert.is(run(7), run(7));
  assert.is.not(run(7), run(8));
});

test.run();
