// The guestbook of the tutorial that the notes follow, in every proxy mode, and what its clients lose when something breaks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster, type NetworkName } from '../../lib/index.ts';
import { networkNames } from '../../lib/network/index.ts';

const test = suite('guestbook');
const manifest = readFileSync(join(import.meta.dirname, 'guestbook.yaml'), 'utf8');

type Mode = 'iptables' | 'ipvs' | 'nftables' | 'userspace';
const modes: readonly Mode[] = ['iptables', 'ipvs', 'nftables', 'userspace'];

async function guestbook(proxyMode: Mode, network: NetworkName = 'flannel', nodes = 3): Promise<Cluster> {
  const cluster = createCluster({ nodes, seed: 1, network, proxyMode, version: proxyMode === 'userspace' ? 'v1.20' : 'v1.33' });
  cluster.file('guestbook.yaml', manifest);
  await cluster.kubectl.text`apply -f guestbook.yaml`;
  cluster.advance('90s');
  return cluster;
}

const podsOf = (cluster: Cluster, labelSelector: string) => cluster.client.list('Pod', { labelSelector }).items;
const frontends = (cluster: Cluster) => podsOf(cluster, 'tier=frontend');
const address = (cluster: Cluster) => cluster.client.get('Service', { namespace: 'default', name: 'frontend' }).spec.clusterIP!;
/** A browser outside of the nodes: the control plane's machine runs no pods. */
const browse = (cluster: Cluster, path: string) => cluster.machine('control-plane').sh.run(`curl -s -m 1 'http://${address(cluster)}/${path}'`);
const write = (cluster: Cluster, text: string) => browse(cluster, `guestbook.php?cmd=set&key=messages&value=${encodeURIComponent(text)}`).stdout;
const read = (cluster: Cluster) => browse(cluster, 'guestbook.php?cmd=get&key=messages').stdout;

for (const mode of modes) {
  test(`${mode}: comes up, answers, scales`, async () => {
    const cluster = await guestbook(mode);
    assert.is(frontends(cluster).filter(({ status }) => status.phase === 'Running').length, 3);
    assert.match(browse(cluster, '').stdout, /<title>Guestbook<\/title>/);
    assert.is(write(cluster, ',Hello,World'), '{"message": "Updated"}');
    for (let i = 0; i < 8; i++) assert.is(read(cluster), '{"data": ",Hello,World"}');
    await cluster.kubectl.text`scale deployment frontend --replicas=5`;
    cluster.advance('30s');
    const hit = new Set(Array.from({ length: 60 }, () => cluster.trace({ from: 'control-plane', to: address(cluster) }).arrived!.to));
    assert.is(hit.size, 5);
    await cluster.kubectl.text`scale deployment frontend --replicas=2`;
    cluster.advance('30s');
    for (let i = 0; i < 8; i++) assert.is(read(cluster), '{"data": ",Hello,World"}');
  });
}

test('redis: replicas follow, refuse writes, and begin anew with a leader that lost everything', async () => {
  const cluster = await guestbook('iptables');
  const { kubectl } = cluster;
  const follower = podsOf(cluster, 'role=follower')[0]!.metadata.name;
  const [leader] = podsOf(cluster, 'role=leader');
  const cli = (pod: string, words: string) => kubectl.text`exec ${pod} -- redis-cli ${words.split(' ')}`.trim();
  assert.is(cli(leader!.metadata.name, 'set name kim'), 'OK');
  assert.is(cli(follower, 'get name'), '"kim"');
  assert.match(cli(follower, 'set name lee'), /READONLY/);
  assert.match(cli(follower, 'info'), /role:slave\s+master_host:redis-leader\s+master_port:6379\s+master_link_status:up/);
  assert.is(cli(leader!.metadata.name, 'incr count'), '(integer) 1');
  assert.is(cli(leader!.metadata.name, 'nonsense'), "(error) ERR unknown command 'nonsense', with args beginning with:");
  await kubectl.text`delete pod ${leader!.metadata.name}`;
  cluster.advance('20s');
  assert.is(cli(follower, 'get name'), '(nil)', 'nothing is kept on a disk');
});

interface Request {
  at: number;
  lost: boolean;
  /** The address that it was sent to last, and what the trace says of its loss. */
  to: string;
  error?: string;
}

/** Asks once a second, and keeps the trace of each request: the one that the client itself made. */
function keepAsking(cluster: Cluster, seconds: number, clusterIP = address(cluster)): Request[] {
  const start = cluster.loop.clock.now;
  return Array.from({ length: seconds }, (_, i) => {
    const { error, hops, arrived } = cluster.trace({ from: 'control-plane', to: `${clusterIP}:80` });
    const at = (cluster.loop.clock.now - start) / 1000;
    cluster.advance(start + (i + 1) * 1000 - cluster.loop.clock.now);
    return { at, lost: error !== undefined, to: arrived?.to ?? hops.findLast(({ after }) => after.to.endsWith(':80'))!.after.to, ...(error && { error }) };
  });
}

const lost = (requests: readonly Request[]) => requests.filter((request) => request.lost);

for (const mode of modes) {
  test(`${mode}: a node without power costs one request in three until the control plane knows, and userspace none`, async () => {
    const cluster = await guestbook(mode);
    const nodes = new Set(frontends(cluster).map(({ spec }) => spec.nodeName!));
    assert.is(nodes.size, 3, 'one frontend a node');
    const [victim] = frontends(cluster);
    const before = keepAsking(cluster, 10);
    assert.equal(lost(before), []);
    cluster.fault.powerOff(victim!.spec.nodeName!);
    const after = keepAsking(cluster, 120);
    const gone = lost(after);
    if (mode === 'userspace') return void assert.equal(gone, []);
    assert.ok(gone.every(({ to, error }) => to === `${victim!.status.podIP}:80` && error === 'timeout'), JSON.stringify(gone[0]));
    // The node is silent for 50 s (40 s before v1.32) before it counts as lost; its pods leave the endpoints then.
    const window = Math.max(...gone.map(({ at }) => at));
    assert.ok(window > 40 && window < 60, `the last lost request came after ${window} s`);
    const asked = after.filter(({ at }) => at <= window).length;
    const share = gone.length / asked;
    assert.ok(share > 0.15 && share < 0.55, `${gone.length} of ${asked} were lost`);
  });
}

for (const process of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const) {
  test(`without ${process} clients lose nothing: the rules stay`, async () => {
    const cluster = await guestbook('iptables');
    const clusterIP = address(cluster);
    cluster.fault.crash(process);
    assert.equal(lost(keepAsking(cluster, 90, clusterIP)), []);
    cluster.fault.start(process);
    assert.equal(lost(keepAsking(cluster, 30)), []);
  });
}

for (const network of networkNames.filter((name) => name !== 'flannel' && name !== 'docker' && name !== 'kubenet')) {
  test(`${network}: comes up, answers, scales, and survives a pod, a node, the control plane`, async () => {
    const cluster = await guestbook('iptables', network);
    const clusterIP = address(cluster);
    assert.is(write(cluster, ',Hello'), '{"message": "Updated"}');
    for (let i = 0; i < 6; i++) assert.is(read(cluster), '{"data": ",Hello"}');
    await cluster.kubectl.text`scale deployment frontend --replicas=5`;
    cluster.advance('20s');
    assert.equal(lost(keepAsking(cluster, 10)), []);
    const [victim] = frontends(cluster);
    await cluster.kubectl.text`delete pod ${victim!.metadata.name} --wait=false`;
    assert.equal(lost(keepAsking(cluster, 40)), []);
    for (const process of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const) cluster.fault.crash(process);
    assert.equal(lost(keepAsking(cluster, 40, clusterIP)), []);
    for (const process of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const) cluster.fault.start(process);
    cluster.advance('1m');
    assert.equal(lost(keepAsking(cluster, 10)), []);
    const node = frontends(cluster)[0]!.spec.nodeName!;
    const there = new Set(frontends(cluster).flatMap(({ spec, status }) => (spec.nodeName === node ? [`${status.podIP}:80`] : [])));
    cluster.fault.powerOff(node);
    const gone = lost(keepAsking(cluster, 70));
    assert.ok(gone.length > 0 && gone.every(({ at, to, error }) => at < 60 && there.has(to) && error === 'timeout'), JSON.stringify(gone.at(-1)));
  });
}

test('docker: on one node it answers; whoever is elsewhere finds a pod of his own behind the address, or none', async () => {
  const cluster = await guestbook('iptables', 'docker', 1);
  const ask = (machine: string, path: string) => cluster.machine(machine).sh.run(`curl -s -m 1 'http://${address(cluster)}/${path}'`).stdout;
  assert.is(ask('worker-1', 'guestbook.php?cmd=set&key=messages&value=,Hello'), '{"message": "Updated"}');
  for (let i = 0; i < 6; i++) assert.is(ask('worker-1', 'guestbook.php?cmd=get&key=messages'), '{"data": ",Hello"}');
  assert.is(ask('control-plane', ''), '');
  assert.is(cluster.trace({ from: 'control-plane', to: address(cluster) }).error, 'timeout');
});

test('a pod that is deleted has left the endpoints before it stops, and another takes its place', async () => {
  const cluster = await guestbook('nftables');
  const [victim] = frontends(cluster);
  await cluster.kubectl.text`delete pod ${victim!.metadata.name} --wait=false`;
  const requests = keepAsking(cluster, 60);
  assert.equal(lost(requests), []);
  assert.is(frontends(cluster).length, 3);
  assert.ok(requests.every(({ to }) => to !== `${victim!.status.podIP}:80`), 'nobody is sent to it any longer');
});

test('a kube-proxy that is down goes on with what it knew: only later pods are strangers to its node', async () => {
  const cluster = await guestbook('iptables');
  cluster.fault.crash('kube-proxy', 'control-plane');
  assert.equal(lost(keepAsking(cluster, 20)), []);
  const old = frontends(cluster).map(({ status }) => `${status.podIP}:80`);
  await cluster.kubectl.text`rollout restart deployment frontend`;
  cluster.advance('1m');
  const requests = keepAsking(cluster, 20);
  assert.is(lost(requests).length, 20, 'all that it knows are gone');
  assert.ok(requests.every(({ to }) => old.includes(to)));
  cluster.fault.start('kube-proxy', 'control-plane');
  assert.equal(lost(keepAsking(cluster, 20)), []);
});

test.run();
