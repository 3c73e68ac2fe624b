// Preemption in a cluster: who goes, who waits, who is told what.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { podCondition } from '../../lib/api/index.ts';
import type { Cluster } from '../../lib/cluster/index.ts';
import { addNode, addPod, asking, bareCluster, eventsOf, nodeOf, podOf } from './helpers.ts';

const classes = { low: 1, middle: 10, high: 100 };

function cluster(options: Parameters<typeof bareCluster>[0] = {}): Cluster {
  const out = bareCluster(options);
  for (const [name, value] of Object.entries(classes)) out.client.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value });
  out.client.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'polite' }, value: 100, preemptionPolicy: 'Never' });
  return out;
}

/** A pod that runs already. */
function running(c: Cluster, name: string, { node, priority = 'low', cpu = '1', labels = {}, startTime = '2026-01-01T00:00:00Z' }: { node: string; priority?: string; cpu?: string; labels?: object; startTime?: string }): void {
  addPod(c, name, { ...asking(cpu), nodeName: node, priorityClassName: priority }, { labels });
  c.client.updateStatus(podOf(c, name), { phase: 'Running', startTime });
}

const wanting = (c: Cluster, name: string, cpu: string, priorityClassName = 'high') => addPod(c, name, { ...asking(cpu), priorityClassName });
const going = (c: Cluster) => c.client.list('Pod').items.filter(({ metadata }) => metadata.deletionTimestamp).map(({ metadata }) => metadata.name);
const promised = (c: Cluster, name: string) => podOf(c, name).status.nominatedNodeName;

test('the least important pods go, the pod waits until they are gone', () => {
  const c = cluster();
  addNode(c, 'n1', { cpu: '3' });
  running(c, 'a', { node: 'n1', priority: 'middle' });
  running(c, 'b', { node: 'n1' });
  running(c, 'c', { node: 'n1', priority: 'middle' });
  wanting(c, 'big', '1');
  c.settle();
  assert.equal(going(c), ['b']);
  assert.is(promised(c, 'big'), 'n1');
  const { uid } = podOf(c, 'big').metadata;
  assert.equal(eventsOf(c, 'b'), [`Preempted Preempted by pod ${uid} on node n1`]);
  assert.equal(eventsOf(c, 'big'), ['FailedScheduling 0/1 nodes are available: 1 Insufficient cpu.']);
  const { reason, message } = podCondition(podOf(c, 'b'), 'DisruptionTarget')!;
  assert.equal([reason, message], ['PreemptionByScheduler', 'default-scheduler: preempting to accommodate a higher priority pod']);
  c.advance('20s');
  assert.is(nodeOf(c, 'big'), undefined, 'the victim is still there');
  c.client.delete(podOf(c, 'b'), { gracePeriodSeconds: 0 });
  c.advance('11s');
  assert.is(nodeOf(c, 'big'), 'n1');
});

test('v1.20: no condition, the event names the pod', () => {
  const c = cluster({ version: 'v1.20' });
  addNode(c, 'n1', { cpu: '1' });
  running(c, 'a', { node: 'n1' });
  wanting(c, 'big', '1');
  c.settle();
  assert.equal(eventsOf(c, 'a'), ['Preempted Preempted by default/big on node n1']);
  assert.is(podCondition(podOf(c, 'a'), 'DisruptionTarget'), undefined);
});

test('nobody takes the place of a pod of the same priority, or with preemptionPolicy Never', () => {
  const c = cluster();
  addNode(c, 'n1', { cpu: '1' });
  running(c, 'a', { node: 'n1', priority: 'middle' });
  wanting(c, 'equal', '1', 'middle');
  wanting(c, 'polite', '1', 'polite');
  c.settle();
  assert.equal(going(c), []);
  assert.match(eventsOf(c, 'equal')[0]!, 'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.');
  assert.match(eventsOf(c, 'polite')[0]!, 'preemption: not eligible due to preemptionPolicy=Never.');
});

test('the place is kept from pods of lower priority, not from those of higher', () => {
  const c = cluster();
  addNode(c, 'n1', { cpu: '2' });
  running(c, 'a', { node: 'n1', cpu: '2' });
  wanting(c, 'first', '2', 'middle');
  c.settle();
  wanting(c, 'late', '1', 'low');
  c.settle();
  c.client.delete(podOf(c, 'a'), { gracePeriodSeconds: 0 });
  c.settle();
  assert.equal([nodeOf(c, 'first'), nodeOf(c, 'late')], ['n1', undefined]);
  wanting(c, 'higher', '2', 'high');
  c.settle();
  assert.equal(going(c), ['first']);
});

test('a higher pod takes over the node that was promised to a lower one', () => {
  const c = cluster();
  addNode(c, 'n1', { cpu: '2' });
  running(c, 'a', { node: 'n1', cpu: '2' });
  wanting(c, 'first', '2', 'middle');
  c.settle();
  wanting(c, 'second', '2', 'high');
  c.settle();
  assert.equal([promised(c, 'first'), promised(c, 'second')], [undefined, 'n1']);
});

test('a pod that lost its hope is no longer nominated', () => {
  const c = cluster();
  addNode(c, 'n1', { cpu: '2' });
  running(c, 'a', { node: 'n1', cpu: '2' });
  wanting(c, 'first', '2', 'middle');
  c.settle();
  assert.is(promised(c, 'first'), 'n1');
  c.client.delete(podOf(c, 'a'), { gracePeriodSeconds: 0 });
  running(c, 'guest', { node: 'n1', cpu: '2', priority: 'high' });
  c.advance('15s');
  assert.is(promised(c, 'first'), undefined);
});

interface Node {
  [pod: string]: { priority?: string; cpu?: string; labels?: object; startTime?: string };
}

/** Which node is chosen for a pod of 2 CPUs, and whose place it takes. */
function choice(nodes: Record<string, Node>, version = 'v1.33', budgets: Record<string, number> = {}): string[] {
  const c = cluster({ version });
  for (const [node, pods] of Object.entries(nodes)) {
    addNode(c, node, { cpu: '2' });
    for (const [name, pod] of Object.entries(pods)) running(c, name, { node, ...pod });
  }
  for (const [app, disruptionsAllowed] of Object.entries(budgets)) {
    const budget = c.client.create({ apiVersion: version === 'v1.20' ? 'policy/v1beta1' : 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: app, namespace: 'default' }, spec: { minAvailable: 1, selector: { matchLabels: { app } } } });
    c.client.updateStatus(budget, { disruptionsAllowed });
  }
  wanting(c, 'big', '2');
  c.settle();
  return [promised(c, 'big') ?? '-', ...going(c).sort()];
}

test('the six criteria, one after the other', () => {
  const protectedApp = { labels: { app: 'db' } };
  assert.equal(choice({ n1: { a: { cpu: '2', ...protectedApp } }, n2: { b: { cpu: '2', priority: 'middle' } } }, 'v1.33', { db: 0 }), ['n2', 'b'], 'budgets first');
  assert.equal(choice({ n1: { a: { cpu: '2', ...protectedApp } }, n2: { b: { cpu: '2', priority: 'middle' } } }, 'v1.33', { db: 1 }), ['n1', 'a'], 'a budget with room protects nobody');
  assert.equal(choice({ n1: { a: { cpu: '2', priority: 'middle' } }, n2: { b: {}, d: {} } }), ['n2', 'b', 'd'], 'the lowest highest priority');
  assert.equal(choice({ n1: { a: { priority: 'middle' }, e: { priority: 'middle' } }, n2: { b: { priority: 'middle' }, d: {} } }), ['n2', 'b', 'd'], 'the lowest sum');
  assert.equal(choice({ n1: { a: {}, e: {} }, n2: { b: { cpu: '2' } } }), ['n2', 'b'], 'the fewest pods');
  assert.equal(choice({ n1: { a: { cpu: '2' } }, n2: { b: { cpu: '2', startTime: '2026-01-01T00:00:01Z' } } }), ['n2', 'b'], 'those that run for the shortest time');
});

test('of two pods of one node the one that budgets protect stays', () => {
  const c = cluster();
  addNode(c, 'n1', { cpu: '2' });
  running(c, 'spare', { node: 'n1', priority: 'middle', labels: { app: 'web' } });
  running(c, 'protected', { node: 'n1', labels: { app: 'db' } });
  const budget = c.client.create({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'db', namespace: 'default' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'db' } } } });
  c.client.updateStatus(budget, { disruptionsAllowed: 0 });
  wanting(c, 'big', '1');
  c.settle();
  assert.equal(going(c), ['spare']);
});

test('a pod that keeps others away gives way', () => {
  const c = cluster();
  addNode(c, 'n1');
  const away = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' }] } };
  addPod(c, 'hermit', { nodeName: 'n1', priorityClassName: 'low', affinity: away });
  addPod(c, 'other', { nodeName: 'n1', priorityClassName: 'low' });
  addPod(c, 'web', { priorityClassName: 'high' }, { labels: { app: 'web' } });
  c.settle();
  assert.equal(going(c), ['hermit']);
});

test('explain says whose place could be taken, and why not elsewhere', () => {
  const c = cluster();
  for (const [name, cpu] of [['n1', '2'], ['n2', '2'], ['n3', '1']] as const) addNode(c, name, { cpu });
  addNode(c, 'n4', { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] });
  running(c, 'a', { node: 'n1', cpu: '2', priority: 'middle' });
  running(c, 'b', { node: 'n2', cpu: '2' });
  running(c, 'c', { node: 'n3' });
  c.settle();
  wanting(c, 'big', '2');
  const { preemption, drawing } = c.explain('big');
  assert.equal(preemption?.chosen, ['n2']);
  assert.equal(preemption?.candidates.map(({ node, victims, lostBy }) => [node, victims.map(({ pod }) => pod), lostBy]), [
    ['n2', ['default/b'], undefined],
    ['n1', ['default/a'], 'highestPriority'],
  ]);
  const lines = String(drawing).split('\n');
  assert.ok(lines.includes('  ★ n2  default/b(1)'));
  assert.ok(lines.includes('  ○ n1  default/a(10) — 내보낼 파드의 가장 높은 우선순위가 더 높다'));
  assert.match(drawing.svg, '<svg');
  assert.equal(preemption?.refusals, { n3: ['Insufficient cpu'], n4: ['Preemption is not helpful for scheduling'] });
});

test.run();
