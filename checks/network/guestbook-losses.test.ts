// What clients of the guestbook lose when something breaks: which requests, why, and how many. A request is what the tutorial's page
// makes for each message: the client to a frontend, and that frontend to a follower of redis. Both are traces.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Cluster, NetworkName } from '../../lib/index.ts';
import { networkNames } from '../../lib/network/index.ts';
import { address, expectLosses, guestbook, keepAsking, known, lost, modes, podsOf } from './guestbook.ts';

const test = suite('guestbook: losses');

const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const;
const pods = (cluster: Cluster) => podsOf(cluster, 'tier in (frontend, backend)');

for (const mode of modes) {
  test(`${mode}: any one node`, async () => {
    const cluster = await guestbook(mode);
    assert.equal(lost(keepAsking(cluster, 10)), []);
    for (const node of ['worker-1', 'worker-2', 'worker-3']) {
      const there = pods(cluster).filter(({ spec }) => spec.nodeName === node);
      assert.ok(there.length > 0, `something runs on ${node}`);
      cluster.fault.powerOff(node);
      expectLosses(keepAsking(cluster, 75, { dead: node }), { cluster, mode, dead: node });
      cluster.fault.powerOn(node);
      cluster.advance('90s');
      assert.equal(lost(keepAsking(cluster, 10)), [], `after ${node} came back`);
    }
  });

  test(`${mode}: any one component of the control plane`, async () => {
    const cluster = await guestbook(mode);
    const before = known(cluster);
    for (const process of components) {
      cluster.fault.crash(process);
      // Nobody writes rules while it is away, and those that are there stay.
      assert.equal(lost(keepAsking(cluster, 60, { before })), [], process);
      cluster.fault.start(process);
      cluster.advance('20s');
      assert.equal(lost(keepAsking(cluster, 10)), [], `${process} is back`);
    }
  });

  test(`${mode}: any one pod`, async () => {
    const cluster = await guestbook(mode);
    for (const { metadata } of pods(cluster).filter(({ metadata: { labels } }) => labels!.role !== 'leader')) {
      await cluster.kubectl.text`delete pod ${metadata.name} --wait=false`;
      // It has left the endpoints before it stops.
      assert.equal(lost(keepAsking(cluster, 15)), [], metadata.name);
      cluster.advance('30s');
    }
    assert.is(pods(cluster).length, 6);
  });
}

test('the leader of redis is one: what is written while there is none is refused, second by second', async () => {
  const cluster = await guestbook('iptables');
  const [frontend] = podsOf(cluster, 'tier=frontend');
  const [leader] = podsOf(cluster, 'role=leader');
  const leaders = () => cluster.client.list('EndpointSlice', { labelSelector: 'kubernetes.io/service-name=redis-leader' }).items.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready);
  await cluster.kubectl.text`delete pod ${leader!.metadata.name} --wait=false`;
  const seconds = Array.from({ length: 30 }, () => {
    const asked = { ready: leaders().length > 0, error: cluster.trace({ from: frontend!.metadata.name, to: `${address(cluster, 'redis-leader')}:6379` }).error };
    cluster.advance('1s');
    return asked;
  });
  assert.ok(seconds.some(({ ready }) => !ready) && seconds.at(-1)!.ready);
  for (const { ready, error } of seconds) assert.is(error, ready ? undefined : 'refused');
});

for (const network of networkNames.filter((name) => name !== 'docker' && name !== 'flannel')) {
  test(`${network}: a pod, a node, the whole control plane`, async () => {
    const cluster = await guestbook('iptables', network as NetworkName);
    const [victim] = podsOf(cluster, 'tier=frontend');
    await cluster.kubectl.text`delete pod ${victim!.metadata.name} --wait=false`;
    assert.equal(lost(keepAsking(cluster, 30)), []);
    const before = known(cluster);
    for (const process of components) cluster.fault.crash(process);
    assert.equal(lost(keepAsking(cluster, 40, { before })), []);
    for (const process of components.toReversed()) cluster.fault.start(process);
    cluster.advance('1m');
    assert.equal(lost(keepAsking(cluster, 10)), []);
    const node = podsOf(cluster, 'tier=frontend')[0]!.spec.nodeName!;
    cluster.fault.powerOff(node);
    expectLosses(keepAsking(cluster, 75, { dead: node }), { cluster, mode: 'iptables', dead: node });
  });
}

test('a kube-proxy that is down goes on with what it knew: only later pods are strangers to its node', async () => {
  const cluster = await guestbook('iptables');
  cluster.fault.crash('kube-proxy', 'control-plane');
  assert.equal(lost(keepAsking(cluster, 20)), []);
  const old = podsOf(cluster, 'tier=frontend').map(({ status }) => `${status.podIP}:80`);
  await cluster.kubectl.text`rollout restart deployment frontend`;
  cluster.advance('1m');
  const requests = keepAsking(cluster, 20);
  assert.is(lost(requests).length, 20, 'all that it knows are gone');
  assert.ok(requests.every(({ to }) => old.includes(to)));
  cluster.fault.start('kube-proxy', 'control-plane');
  assert.equal(lost(keepAsking(cluster, 20)), []);
});

test.run();
