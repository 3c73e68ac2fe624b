// Ports that somebody closes: with rules on the machine itself, or with a firewall in front of it; and who misses them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

const test = suite('firewall');

async function clusterWithWeb(version = 'v1.33') {
  const cluster = createCluster({ nodes: 2, version });
  const { kubectl } = cluster;
  await kubectl.text`create deployment web --image=nginx --replicas=2`;
  await kubectl.text`expose deployment web --type=NodePort --port=80`;
  cluster.advance('30s');
  const pod = cluster.client.list('Pod').items.find(({ spec }) => spec.nodeName === 'worker-1')!.metadata.name;
  const [port] = cluster.client.get('Service', { namespace: 'default', name: 'web' }).spec.ports!;
  const sh = (machine: string, line: string) => cluster.machine(machine).sh.run(line);
  const ready = () => cluster.client.list('Node').items.map(({ status }) => status.conditions!.find(({ type }) => type === 'Ready')!.status);
  return { cluster, kubectl, pod, nodePort: port!.nodePort!, sh, ready };
}

test('10250 on a worker: its logs are out of reach, its pods run on', async () => {
  const { cluster, kubectl, pod, sh, ready } = await clusterWithWeb();
  assert.equal(sh('worker-1', 'iptables -A INPUT -p tcp --dport 10250 -j DROP'), { code: 0, stdout: '', stderr: '', printed: '' });
  assert.match(await kubectl.text`logs ${pod}`, 'dial tcp 10.0.0.11:10250: i/o timeout');
  cluster.advance('2m');
  assert.equal(ready(), ['True', 'True', 'True']);
  sh('worker-1', 'iptables -D INPUT -p tcp --dport 10250 -j DROP');
  assert.match(await kubectl.text`logs ${pod}`, 'start worker processes');
});

test('a rule about who asks: the control plane may, the other worker may not', async () => {
  const { kubectl, pod, sh } = await clusterWithWeb();
  sh('worker-1', 'iptables -A INPUT -p tcp --dport 10250 -s 10.0.0.10 -j ACCEPT; iptables -A INPUT -p tcp --dport 10250 -j DROP');
  assert.match(await kubectl.text`logs ${pod}`, 'start worker processes');
  assert.is(sh('worker-2', 'nc -zv -w 2 10.0.0.11 10250').stderr, 'nc: connect to 10.0.0.11 port 10250 (tcp) failed: Operation timed out\n');
});

test('6443: kubectl waits in vain, workers become unknown and come back', async () => {
  const { cluster, kubectl, sh, ready } = await clusterWithWeb();
  sh('control-plane', 'iptables -A INPUT -i lo -j ACCEPT; iptables -A INPUT -p tcp --dport 6443 -j DROP');
  const before = Date.parse(cluster.now);
  assert.match(await kubectl.text`get nodes`, 'Unable to connect to the server: dial tcp 10.0.0.10:6443: i/o timeout');
  assert.ok(Date.parse(cluster.now) - before >= 30_000);
  cluster.advance('1m');
  assert.equal(ready(), ['True', 'Unknown', 'Unknown']);
  sh('control-plane', 'iptables -F INPUT');
  cluster.advance('30s');
  assert.equal(ready(), ['True', 'True', 'True']);
});

test('6443 refused by a rule is refused at once', async () => {
  const { kubectl, sh } = await clusterWithWeb();
  sh('control-plane', 'iptables -I INPUT -p tcp --dport 6443 -j REJECT');
  assert.match(await kubectl.text`get nodes`, 'The connection to the server 10.0.0.10:6443 was refused');
});

test('2379: the API server does not reach its etcd, over the loopback interface either', async () => {
  const { kubectl, sh } = await clusterWithWeb();
  sh('control-plane', 'iptables -A INPUT -p tcp --dport 2379 -j DROP');
  assert.match(await kubectl.text`get nodes`, 'the server was unable to return a response in the time allotted');
  sh('control-plane', 'iptables -I INPUT -i lo -j ACCEPT');
  assert.match(await kubectl.text`get nodes`, 'worker-2');
});

test('a NodePort is no port of the machine: INPUT is not asked, a firewall in front is', async () => {
  const { cluster, nodePort, sh } = await clusterWithWeb();
  const knock = () => sh('control-plane', `nc -zv -w 2 10.0.0.11 ${nodePort}`).stderr;
  sh('worker-1', `iptables -A INPUT -p tcp --dport ${nodePort} -j DROP`);
  assert.match(knock(), 'succeeded');
  cluster.fault.blockPort('worker-1', nodePort);
  assert.match(knock(), 'Operation timed out');
  cluster.fault.openPort('worker-1', nodePort);
  assert.match(knock(), 'succeeded');
});

test('without br_netfilter a Service does not lead to a pod on the same bridge', async () => {
  const { cluster, kubectl, sh } = await clusterWithWeb();
  await kubectl.text`run caller --image=curlimages/curl -- sleep 86400`;
  cluster.advance('20s');
  const home = cluster.client.list('Pod').items.find(({ metadata }) => metadata.name === 'caller')!.spec.nodeName!;
  const service = cluster.client.get('Service', { namespace: 'default', name: 'web' }).spec.clusterIP;
  const ends = () => new Set(Array.from({ length: 20 }, () => cluster.trace({ from: 'caller', to: `${service}:80` })).filter(({ error }) => !error).map(({ arrived }) => arrived!.machine));
  assert.is(ends().size, 2);
  sh(home, 'modprobe -r br_netfilter');
  assert.equal([...ends()], [home === 'worker-1' ? 'worker-2' : 'worker-1']);
  sh(home, 'modprobe br_netfilter; sysctl -w net.bridge.bridge-nf-call-iptables=0');
  assert.is(ends().size, 1);
});

test('rules are forgotten at the next boot', async () => {
  const { cluster, kubectl, pod, sh } = await clusterWithWeb();
  sh('worker-1', 'iptables -P INPUT DROP');
  assert.match(await kubectl.text`logs ${pod}`, 'i/o timeout');
  cluster.fault.powerOff('worker-1');
  cluster.fault.powerOn('worker-1');
  cluster.advance('1m');
  assert.match(await kubectl.text`logs ${pod}`, 'start worker processes');
});

test('mistakes in rules', async () => {
  const { sh } = await clusterWithWeb();
  const said = (line: string) => sh('worker-1', line).stderr.split('\n')[0];
  assert.is(said('iptables -A FOO -j DROP'), 'iptables: No chain/target/match by that name.');
  assert.is(said('iptables -A INPUT -j FOO'), "iptables v1.8.9 (nf_tables): Chain 'FOO' does not exist");
  assert.is(said('iptables -A INPUT --dport 80 -j DROP'), 'iptables v1.8.9 (nf_tables): unknown option "--dport"');
  assert.is(said('iptables -D INPUT 99'), 'iptables: Index of deletion too big.');
  assert.is(said('iptables -D INPUT -p tcp --dport 1 -j DROP'), 'iptables: Bad rule (does a matching rule exist in that chain?).');
  assert.is(sh('worker-1', 'iptables -N FOO && iptables -A FOO -j DROP && iptables -S FOO').stdout, '-N FOO\n-A FOO -j DROP\n');
});

test('health of scheduler and controller-manager, by release', async () => {
  const answers = (version: string) => {
    const { sh } = createCluster({ nodes: 0, version }).machine('control-plane');
    return ['http://127.0.0.1:10251', 'https://127.0.0.1:10259', 'http://127.0.0.1:10252', 'https://127.0.0.1:10257'].filter((url) => sh.run(`curl -sk ${url}/healthz`).stdout === 'ok').map((url) => url.slice(-5));
  };
  assert.equal(answers('v1.20'), ['10251', '10259', '10252', '10257']);
  assert.equal(answers('v1.22'), ['10251', '10259', '10257']);
  assert.equal(answers('v1.33'), ['10259', '10257']);
});

test('a scheduler that crashed does not answer', () => {
  const cluster = createCluster({ nodes: 0 });
  cluster.fault.crash('kube-scheduler');
  const { code } = cluster.machine('control-plane').sh.run('curl -sk https://127.0.0.1:10259/healthz');
  assert.is(code, 7);
});

test.run();
