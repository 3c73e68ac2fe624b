import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Node, Pod } from '../../lib/api/index.ts';
import { microTimestamp } from '../../lib/sim/index.ts';
import { type ControlPlane, createControlPlane, run, template } from './control-plane.ts';

const test = suite('nodes');

const ready = (status = 'True') => ({ type: 'Ready', status, reason: 'KubeletReady', message: '' });

function addNode(plane: ControlPlane, name: string, zone?: string): void {
  const labels: Record<string, string> = zone ? { 'topology.kubernetes.io/zone': zone } : {};
  plane.client.create({ kind: 'Node', metadata: { name, labels }, spec: {}, status: { conditions: [ready()] } });
  plane.client.create({ kind: 'Lease', metadata: { name, namespace: 'kube-node-lease' }, spec: { renewTime: microTimestamp(plane.clock.now) } });
}

/** Lets time pass in which these nodes renew their leases. */
function live(plane: ControlPlane, names: string[], seconds: number): void {
  for (let i = 0; i < seconds; i += 5) {
    for (const name of names) renew(plane, name);
    plane.advance('5s');
  }
}

function renew(plane: ControlPlane, name: string): void {
  plane.client.patch('Lease', { namespace: 'kube-node-lease', name }, { spec: { renewTime: microTimestamp(plane.clock.now) } }, { type: 'merge' });
}

const taints = (plane: ControlPlane, name: string) => ((plane.client.get('Node', { name }) as Node).spec.taints ?? []).map(({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`);
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`);
const status = (plane: ControlPlane, name: string) => plane.client.get('Node', { name }).status.conditions!.find(({ type }) => type === 'Ready')!.status;

function pod(plane: ControlPlane, name: string, nodeName: string, spec: object = {}): Pod {
  const { spec: podSpec } = template({}) as { spec: object };
  return run(plane, plane.client.create({ kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { nodeName, ...podSpec, ...spec } }));
}

test('a node is unknown after 40 seconds of silence, after 50 from v1.32 on', () => {
  for (const [version, grace] of [['v1.20', 40], ['v1.33', 50]] as const) {
    const plane = createControlPlane({ version });
    for (const name of names('n', 3)) addNode(plane, name);
    live(plane, names('n', 3), 20);
    live(plane, ['n2', 'n3'], grace - 5);
    assert.is(status(plane, 'n1'), 'True', version);
    live(plane, ['n2', 'n3'], 20);
    assert.is(status(plane, 'n1'), 'Unknown', version);
    assert.equal(taints(plane, 'n1'), ['unreachable:NoSchedule', 'unreachable:NoExecute']);
    live(plane, names('n', 3), 5);
    plane.client.updateStatus(plane.client.get('Node', { name: 'n1' }), { conditions: [ready()] });
    live(plane, names('n', 3), 10);
    assert.equal(taints(plane, 'n1'), []);
  }
});

test('the larger the cluster, the longer kubelets keep what they have read', () => {
  const plane = createControlPlane({ only: ['ttl'] });
  const ttl = (name: string) => plane.client.get('Node', { name }).metadata.annotations?.['node.alpha.kubernetes.io/ttl'];
  for (const name of names('n', 100)) addNode(plane, name);
  plane.advance('1s');
  assert.is(ttl('n1'), '0');
  addNode(plane, 'n101');
  plane.advance('1s');
  assert.equal([ttl('n101'), ttl('n1')], ['15', '0'], 'the others learn of it with their next heartbeat');
  for (const name of names('n', 11)) plane.client.delete({ kind: 'Node', metadata: { name } });
  plane.client.patch('Node', { name: 'n101' }, { metadata: { labels: { a: 'b' } } });
  plane.advance('1s');
  assert.is(ttl('n101'), '15', 'the sizes overlap');
  plane.client.delete({ kind: 'Node', metadata: { name: 'n12' } });
  plane.client.patch('Node', { name: 'n101' }, { metadata: { labels: { a: 'c' } } });
  plane.advance('1s');
  assert.is(ttl('n101'), '0');
});

test('a look finds the grace period gone, the next one taints', () => {
  const plane = createControlPlane({ version: 'v1.20' });
  for (const name of names('n', 3)) addNode(plane, name);
  live(plane, names('n', 3), 10);
  // The last heartbeats came five seconds ago, after a look, and were seen just now.
  const at: Record<string, number> = {};
  for (let second = 5; second < 60; second++) {
    if (second % 5 === 0) for (const name of ['n2', 'n3']) renew(plane, name);
    if (status(plane, 'n1') === 'Unknown') at['Unknown'] ??= second;
    if (taints(plane, 'n1').includes('unreachable:NoExecute')) at['NoExecute'] ??= second;
    plane.advance('1s');
  }
  assert.equal(at, { Unknown: 45, NoExecute: 51 });
});

test('pods go after the seconds they tolerate, 300 by default', () => {
  const plane = createControlPlane();
  for (const name of names('n', 3)) addNode(plane, name);
  live(plane, names('n', 3), 10);
  pod(plane, 'default', 'n1');
  pod(plane, 'soon', 'n1', { tolerations: [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 }] });
  pod(plane, 'never', 'n1', { tolerations: [{ operator: 'Exists' }] });
  const going = () => plane.list('Pod', 'default').filter(({ metadata }) => metadata.deletionTimestamp).map(({ metadata }) => metadata.name);
  live(plane, ['n2', 'n3'], 60);
  assert.equal(going(), []);
  assert.ok(plane.list<Pod>('Pod', 'default').every(({ status: { conditions = [] } }) => conditions.some((c) => c.type === 'Ready' && c.status === 'False')));
  live(plane, ['n2', 'n3'], 40);
  assert.equal(going(), ['soon']);
  live(plane, ['n2', 'n3'], 300);
  assert.equal(going(), ['default', 'soon']);
});

test('where most of a small zone is silent, nothing is evicted there; elsewhere it goes on', () => {
  const plane = createControlPlane();
  const [a, b] = [names('a', 4), names('b', 4)];
  for (const name of a) addNode(plane, name, 'a');
  for (const name of b) addNode(plane, name, 'b');
  live(plane, [...a, ...b], 10);
  live(plane, ['a4', 'b2', 'b3', 'b4'], 180);
  assert.equal(taints(plane, 'a1'), ['unreachable:NoSchedule']);
  assert.equal(taints(plane, 'b1'), ['unreachable:NoSchedule', 'unreachable:NoExecute']);
});

test('one node in ten seconds is tainted NoExecute', () => {
  const plane = createControlPlane();
  const all = names('n', 8);
  for (const name of all) addNode(plane, name);
  live(plane, all, 10);
  live(plane, all.slice(4), 65);
  const tainted = () => all.filter((name) => taints(plane, name).includes('unreachable:NoExecute')).length;
  const first = tainted();
  assert.ok(first >= 1 && first <= 2, String(first));
  live(plane, all.slice(4), 40);
  assert.is(tainted(), 4);
});

test('when all nodes are silent, no pod is evicted', () => {
  const plane = createControlPlane();
  for (const name of names('n', 3)) addNode(plane, name);
  live(plane, names('n', 3), 10);
  pod(plane, 'p', 'n1', { tolerations: [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 1 }] });
  plane.advance('10m');
  for (const name of names('n', 3)) assert.equal(taints(plane, name), ['unreachable:NoSchedule']);
  assert.is(plane.client.get('Pod', { namespace: 'default', name: 'p' }).metadata.deletionTimestamp, undefined);
});

test('a cordoned node is tainted, an uncordoned one is not', () => {
  const plane = createControlPlane();
  addNode(plane, 'n1');
  plane.advance('1s');
  plane.client.patch('Node', { name: 'n1' }, { spec: { unschedulable: true } }, { type: 'merge' });
  plane.advance('1s');
  assert.equal(taints(plane, 'n1'), ['unschedulable:NoSchedule']);
  plane.client.patch('Node', { name: 'n1' }, { spec: { unschedulable: null } }, { type: 'merge' });
  plane.advance('1s');
  assert.equal(taints(plane, 'n1'), []);
});

test('each node has its own range; the last one is told that there is none', () => {
  const plane = createControlPlane({ options: { nodeipam: { clusterCIDR: '10.1.0.0/23', nodeMaskSize: 24 } } });
  for (const name of names('n', 3)) addNode(plane, name);
  plane.advance('1s');
  const ranges = plane.list<Node>('Node').map(({ spec }) => spec.podCIDR);
  assert.equal([...ranges].sort(), ['10.1.0.0/24', '10.1.1.0/24', undefined]);
  assert.ok(plane.events().some(({ reason, component }) => reason === 'CIDRNotAvailable' && component === 'cidrAllocator'));
});

test('pods of a deleted node are removed after its quarantine', () => {
  for (const version of ['v1.20', 'v1.33']) {
    const plane = createControlPlane({ version });
    addNode(plane, 'n1');
    plane.advance('1s');
    pod(plane, 'p', 'n1');
    plane.client.delete(plane.client.get('Node', { name: 'n1' }));
    plane.advance('39s');
    assert.is(plane.list('Pod', 'default').length, 1);
    plane.advance('45s');
    assert.is(plane.list('Pod', 'default').length, 0);
  }
});

test('the oldest of too many finished pods go', () => {
  const plane = createControlPlane({ options: { podgc: { terminatedPodThreshold: 2 } } });
  for (const name of ['a', 'b', 'c', 'd']) {
    plane.client.updateStatus(pod(plane, name, ''), { phase: 'Succeeded' });
    plane.advance('1s');
  }
  assert.equal(plane.list('Pod', 'default').map(({ metadata }) => metadata.name), ['c', 'd']);
});

test.run();
