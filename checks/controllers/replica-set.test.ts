import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, type Pod, type ReplicaSet } from '../../lib/api/index.ts';
import { podsToDelete } from '../../lib/controllers/index.ts';
import { type ControlPlane, createControlPlane, run, template } from './control-plane.ts';

const test = suite('replica sets');

function replicaSet(replicas: number, spec: object = {}): Record<string, unknown> {
  return { kind: 'ReplicaSet', metadata: { name: 'web', namespace: 'default' }, spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template({ app: 'web' }), ...spec } };
}

function started(replicas: number, options: Parameters<typeof createControlPlane>[0] = {}): ControlPlane {
  const plane = createControlPlane(options);
  plane.client.create(replicaSet(replicas));
  plane.advance('2s');
  return plane;
}

const rs = (plane: ControlPlane) => plane.client.get('ReplicaSet', { namespace: 'default', name: 'web' }) as ReplicaSet;
const pods = (plane: ControlPlane) => plane.list<Pod>('Pod', 'default');
const scale = (plane: ControlPlane, replicas: number) => plane.client.patch('ReplicaSet', { namespace: 'default', name: 'web' }, { spec: { replicas } }, { type: 'merge' });

test('never makes a pod too many or too few, whatever the order of steps', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const plane = started(7, { seed });
    assert.is(pods(plane).length, 7, `seed ${seed}`);
    assert.is(plane.events().filter(({ reason }) => reason === 'SuccessfulCreate').length, 7, `seed ${seed}`);
    scale(plane, 3);
    plane.advance('2s');
    assert.is(pods(plane).length, 3, `seed ${seed}`);
    assert.is(rs(plane).status.replicas, 3);
    assert.equal(plane.errors, []);
  }
});

test('goes on where it was after a crash between two writes', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const plane = createControlPlane({ seed });
    plane.client.create(replicaSet(12));
    // The manager dies after a few steps of this instant, again and again.
    for (let crash = 0; crash < 5; crash++) {
      const { steps } = plane.loop;
      const pump = plane.loop.pump;
      plane.loop.pump = () => {
        pump();
        if (plane.loop.steps > steps + 3 + crash && plane.manager.running) plane.manager.stop();
      };
      plane.settle();
      plane.loop.pump = pump;
      plane.manager.start();
    }
    plane.advance('3s');
    assert.is(pods(plane).length, 12, `seed ${seed}`);
  }
});

test('counts ready and, after minReadySeconds, available pods', () => {
  const plane = createControlPlane();
  plane.client.create(replicaSet(2, { minReadySeconds: 10 }));
  plane.advance('1s');
  for (const pod of pods(plane)) run(plane, pod);
  plane.advance('2s');
  assert.is(rs(plane).status.readyReplicas, 2);
  assert.is(rs(plane).status.availableReplicas, undefined);
  plane.advance('10s');
  assert.is(rs(plane).status.availableReplicas, 2);
});

test('adopts what its selector finds and releases what it does not find any more', () => {
  const plane = createControlPlane();
  plane.client.create({ kind: 'Pod', metadata: { name: 'orphan', namespace: 'default', labels: { app: 'web' } }, ...({ spec: { containers: [{ name: 'c', image: 'i' }] } }) });
  plane.client.create(replicaSet(2));
  plane.advance('2s');
  assert.is(pods(plane).length, 2);
  assert.is(plane.client.get('Pod', { namespace: 'default', name: 'orphan' }).metadata.ownerReferences?.[0]?.name, 'web');
  plane.client.patch('Pod', { namespace: 'default', name: 'orphan' }, { metadata: { labels: { app: 'quarantine' } } });
  plane.advance('2s');
  assert.is(plane.client.get('Pod', { namespace: 'default', name: 'orphan' }).metadata.ownerReferences, undefined);
  assert.is(pods(plane).filter(({ metadata }) => metadata.labels?.app === 'web').length, 2);
  assert.is(rs(plane).status.replicas, 2);
});

test('tells of fully labelled pods apart', () => {
  const plane = started(2);
  const [pod] = pods(plane);
  plane.client.patch('ReplicaSet', { namespace: 'default', name: 'web' }, { spec: { template: { metadata: { labels: { tier: 'front' } } } } });
  plane.advance('1s');
  assert.is(rs(plane).status.fullyLabeledReplicas, undefined);
  plane.client.patch('Pod', { namespace: 'default', name: pod!.metadata.name }, { metadata: { labels: { tier: 'front' } } });
  plane.advance('1s');
  assert.is(rs(plane).status.fullyLabeledReplicas, 1);
  assert.is(rs(plane).status.replicas, 2);
});

test('starts slowly when pods are refused, and says why', () => {
  const plane = createControlPlane({ only: ['serviceaccount', 'serviceaccount-token'] });
  plane.advance('1s');
  plane.client.create(replicaSet(50));
  let attempts = 0;
  plane.manager.replace('replicaset', (client) => {
    const create = client.create.bind(client);
    client.create = ((object: { kind?: string }, options?: object) => {
      if (object.kind !== 'Pod') return create(object as never, options);
      attempts++;
      if (attempts > 4) throw new Error('no room');
      return create(object as never, options);
    }) as typeof client.create;
    return plane.builtIn('replicaset')(client);
  });
  plane.loop.settle();
  // Batches of 1, 2, 4: the third has the first failures, and the fourth is not tried.
  assert.is(attempts, 7);
  const failure = rs(plane).status.conditions?.[0];
  assert.is(failure?.type, 'ReplicaFailure');
  assert.is(failure?.reason, 'FailedCreate');
  assert.is(failure?.message, 'no room');
});

test('a pod that ends is replaced, one that terminates too', () => {
  const plane = started(2);
  const [first, second] = pods(plane);
  plane.client.updateStatus(first!, { phase: 'Failed' });
  plane.client.patch('Pod', { namespace: 'default', name: second!.metadata.name }, { metadata: { finalizers: ['example.com/hold'] } }, { type: 'merge' });
  plane.client.delete(second!);
  plane.advance('1s');
  assert.is(pods(plane).length, 4);
});

const pod = (name: string, { node = 'n1', phase = 'Running', ready = '', restarts = 0, created = '2026-01-01T00:00:00Z', cost = '' } = {}): Pod =>
  ({
    metadata: { name, uid: name, creationTimestamp: created, annotations: cost ? { 'controller.kubernetes.io/pod-deletion-cost': cost } : {} },
    spec: { nodeName: node || undefined },
    status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: ready || created }], containerStatuses: [{ restartCount: restarts }] },
  }) as unknown as Pod;

const order = (list: Pod[], version: string, related: Pod[] = []) => podsToDelete(list, list.length, { now: Date.UTC(2026, 0, 2), version: createVersion(version), related }).map(({ metadata }) => metadata.name);

test('the pod that is missed least goes first', () => {
  const list = [
    pod('old', { ready: '2026-01-01T00:00:00Z' }),
    pod('new', { ready: '2026-01-01T23:00:00Z' }),
    pod('restarted', { ready: '2026-01-01T00:00:00Z', restarts: 3 }),
    pod('not ready'),
    pod('pending', { phase: 'Pending' }),
    pod('unassigned', { phase: 'Pending', node: '' }),
  ];
  assert.equal(order(list, 'v1.20'), ['unassigned', 'pending', 'not ready', 'new', 'restarted', 'old']);
});

test('deletion cost counts from v1.22 on, neighbours always', () => {
  const ready = '2026-01-01T00:00:00Z';
  const list = [pod('dear', { ready, cost: '100' }), pod('cheap', { ready, cost: '-5', node: 'n2' })];
  assert.equal(order(list, 'v1.33'), ['cheap', 'dear']);
  assert.equal(order(list, 'v1.20', [...list, pod('third', { ready })]), ['dear', 'cheap']);
});

test.run();
