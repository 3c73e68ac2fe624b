// The guestbook of the tutorial that the notes follow, in every proxy mode and over every plug-in; what its clients lose is in
// guestbook-losses.test.ts.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Cluster } from '../../lib/index.ts';
import { networkNames } from '../../lib/network/index.ts';
import { address, guestbook, modes, podsOf } from './guestbook.ts';

const test = suite('guestbook');

const frontends = (cluster: Cluster) => podsOf(cluster, 'tier=frontend');
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

for (const network of networkNames.filter((name) => name !== 'flannel' && name !== 'docker')) {
  test(`${network}: comes up, answers, scales`, async () => {
    const cluster = await guestbook('iptables', network);
    assert.is(write(cluster, ',Hello'), '{"message": "Updated"}');
    for (let i = 0; i < 6; i++) assert.is(read(cluster), '{"data": ",Hello"}');
    await cluster.kubectl.text`scale deployment frontend --replicas=5`;
    cluster.advance('20s');
    const hit = new Set(Array.from({ length: 60 }, () => cluster.trace({ from: 'control-plane', to: address(cluster) }).arrived!.to));
    assert.is(hit.size, 5);
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

test.run();
