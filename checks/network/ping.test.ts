// ping: echo requests through the same rules, routes and policies as connections.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster, type ClusterOptions } from '../../lib/index.ts';
import { networkNames } from '../../lib/network/index.ts';

const test = suite('network/ping');

const on = (node: string) => JSON.stringify({ spec: { nodeName: node } });

async function pods(options: ClusterOptions = {}) {
  const cluster = createCluster({ nodes: 2, ...options });
  const { kubectl } = cluster;
  for (const [name, node] of [['a', 'worker-1'], ['near', 'worker-1'], ['far', 'worker-2']] as const) kubectl.text`run ${name} --image=busybox:1.36 --labels=app=${name} --overrides=${on(node)} -- sleep 1d`;
  cluster.advance('20s');
  const run = (line: string) => kubectl.text(Object.assign([line], { raw: [line] }) as never) as unknown as string;
  const ips = (name: string): string[] => kubectl.json`get pod ${name}`.status.podIPs.map(({ ip }: { ip: string }) => ip);
  const ping = (words: string, from = 'a') => run(`exec ${from} -- ping ${words}`);
  return { cluster, kubectl, ips, ping };
}

const ttl = (text: string) => Number(/ttl=(\d+)/.exec(text)?.[1]);
const lost = (text: string) => text.includes('100% packet loss');

test('busybox says what came back, and what did not', async () => {
  const { ips, ping, kubectl } = await pods();
  const [far] = ips('far');
  const text = ping(`-c 2 ${far}`);
  assert.match(text, new RegExp(`^PING ${far} \\(${far}\\): 56 data bytes\\n64 bytes from ${far}: seq=0 ttl=62 time=\\d+\\.\\d{3} ms\\n64 bytes from ${far}: seq=1 ttl=62 time=\\d+\\.\\d{3} ms\\n\\n--- ${far} ping statistics ---\\n2 packets transmitted, 2 packets received, 0% packet loss\\nround-trip min/avg/max = [\\d.]+/[\\d.]+/[\\d.]+ ms\\n?$`));
  assert.match(ping('-c 1 nobody'), /^ping: bad address 'nobody'/);
  assert.match(ping('-qc 1 -s 100 localhost'), /^PING localhost \(127\.0\.0\.1\): 100 data bytes\n\n---/);
  kubectl.text`delete pod far --now`;
  assert.match(ping(`-c 2 -W 1 ${far}`), /2 packets transmitted, 0 packets received, 100% packet loss\n(?!round)/);
});

test('a command that never ends is interrupted, and says so', async () => {
  const { kubectl, ping } = await pods();
  const text = ping('localhost');
  assert.match(text, /seq=29 .*\n\^C\n--- localhost ping statistics ---\n31 packets transmitted, 31 packets received, 0% packet loss/s);
  assert.match(text, /# 도움말: 30초가 지나 Ctrl-C로 멈추었다/);
  assert.match(text, /command terminated with exit code 130/);
  assert.match(kubectl.for('5s').text`exec a -- sh -c ${'while sleep 1; do echo more; done'}` as unknown as string, /^(more\n){5}\^C/);
  assert.is(kubectl.text`exec a -- sh -c ${'sleep 60; echo done'}` as unknown as string, 'done\n');
  assert.match(kubectl.text`exec a -- sh -c ${'echo line > f; tail -f f'}` as unknown as string, /^line\n\^C/);
});

test('a command that ends by itself is awaited, however long it takes', async () => {
  const { kubectl, ping } = await pods();
  const sh = (script: string) => kubectl.text`exec a -- sh -c ${script}` as unknown as string;
  assert.match(ping('-c 40 -q localhost'), /\n40 packets transmitted, 40 packets received, 0% packet loss\n/);
  assert.match(ping('-w 50 -q localhost'), /\n50 packets transmitted/);
  assert.is(sh('for i in $(seq 90); do sleep 1; done; echo $i'), '90\n');
  assert.is(sh('i=0; while [ $i -lt 90 ]; do i=$((i+1)); sleep 1; done; echo $i'), '90\n');
  assert.is(sh('printf "1\n2\n3\n" | while read i; do ping -q -c 20 localhost >&2; done; echo end').includes('end'), true);
  // A loop that forgets to count is not waited for.
  assert.match(sh('i=0; while [ $i -lt 90 ]; do sleep 1; done; echo $i'), /\^C.*# 도움말: 600초가 지나 Ctrl-C로 멈추었다/s);
  assert.match(sh('for i in 1 2; do ping -q localhost; done'), /\^C\n.*\n31 packets transmitted/s);
});

test('over every plug-in a reply has as many hops left as hosts passed it on', async () => {
  const between: Record<string, number> = { weave: 64 };
  const near: Record<string, number> = { calico: 63, 'calico-cross-subnet': 63, 'calico-bgp': 63, romana: 63 };
  for (const network of networkNames.filter((name) => !['docker', 'kubenet'].includes(name))) {
    const { cluster, ips, ping } = await pods({ network });
    assert.is(ttl(ping(`-c 1 ${ips('far')[0]}`)), between[network] ?? 62, network);
    assert.is(ttl(ping(`-c 1 ${ips('near')[0]}`)), near[network] ?? 64, network);
    assert.is(ttl(ping(`-c 1 ${cluster.machine('worker-1').ip}`)), 64, network);
    assert.is(ttl(ping(`-c 1 ${cluster.machine('worker-2').ip}`)), 63, network);
    assert.ok(lost(ping(`-c 1 -t 1 ${cluster.machine('worker-2').ip}`)), network);
  }
});

test('a machine pings as iputils does, and knows the other by its conntrack entry', async () => {
  const { cluster, ips } = await pods();
  const [far] = ips('far');
  const { sh } = cluster.machine('worker-1');
  const text = sh.text`ping -c 2 ${far}`;
  assert.match(text, new RegExp(`^PING ${far} \\(${far}\\) 56\\(84\\) bytes of data\\.\\n64 bytes from ${far}: icmp_seq=1 ttl=63 time=0\\.\\d{3} ms\\n`));
  assert.match(text, /2 packets transmitted, 2 received, 0% packet loss, time 1000ms\nrtt min\/avg\/max\/mdev = /);
  assert.match(sh.text`conntrack -L -p icmp`, new RegExp(`icmp     1 \\d+ src=10\\.244\\.1\\.0 dst=${far} type=8 code=0 id=(\\d+) src=${far} dst=10\\.244\\.1\\.0 type=0 code=0 id=\\1 mark=0 use=1`));
  // Without a count it goes on until it is interrupted, and then says how far it came.
  assert.match(sh.text`ping ${far}`, /6[01] packets transmitted/);
  cluster.machine('worker-2').powerOff();
  assert.match(sh.text`ping -c 1 ${far}`, /1 packets transmitted, 0 received, 100% packet loss, time 0ms\n\n/);
});

test('the address of a Service answers in ipvs mode, where the node has it, and until v1.27 put a filter before it', async () => {
  for (const [proxyMode, version, answers] of [['iptables', 'v1.33', false], ['nftables', 'v1.33', false], ['ipvs', 'v1.26', true], ['ipvs', 'v1.33', false]] as const) {
    const { cluster, kubectl, ping } = await pods({ proxyMode, version });
    const { clusterIP } = kubectl.json`get service kubernetes`.spec;
    assert.is(lost(ping(`-c 1 ${clusterIP}`)), !answers, `${proxyMode} ${version}`);
    assert.is(cluster.machine('worker-1').sh.text`ip addr`.includes(`inet ${clusterIP}/32 scope global kube-ipvs0`), proxyMode === 'ipvs');
  }
  const { cluster } = await pods({ proxyMode: 'ipvs' });
  assert.match(cluster.machine('worker-1').sh.text`ping -c 1 10.96.0.1`, /From 10\.96\.0\.1 icmp_seq=1 Destination Port Unreachable\n\n--- 10\.96\.0\.1 ping statistics ---\n1 packets transmitted, 0 received, \+1 errors, 100% packet loss/);
});

const policy = (ports: unknown[]) => JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'to-far' }, spec: { podSelector: { matchLabels: { app: 'far' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'a' } } }], ...(ports.length > 0 && { ports }) }] } });

test('a policy with ports lets no echo request through, one without ports does', async () => {
  for (const network of ['calico', 'kube-router', 'romana', 'weave'] as const) {
    const { cluster, kubectl, ips, ping } = await pods({ network });
    const [far] = ips('far');
    cluster.file('np.yaml', policy([{ port: 80 }]));
    kubectl.text`apply -f np.yaml`;
    assert.ok(lost(ping(`-c 1 ${far}`)), network);
    const told = cluster.trace({ from: 'a', to: far!, protocol: 'icmp' });
    assert.is(told.error, network === 'kube-router' ? 'refused' : 'timeout', network);
    assert.ok(told.hops.some(({ rule }) => rule?.includes('default/to-far')), network);
    cluster.file('np.yaml', policy([]));
    kubectl.text`apply -f np.yaml`;
    assert.not.ok(lost(ping(`-c 1 ${far}`)), network);
    assert.ok(lost(ping(`-c 1 ${far}`, 'near')), network);
    kubectl.text`delete -f np.yaml`;
    assert.not.ok(lost(ping(`-c 1 ${far}`, 'near')), network);
  }
});

test('IPv6 has an ICMP of its own', async () => {
  const { cluster, ips, ping } = await pods({ podCIDR: '10.244.0.0/16,fd00:10:244::/56' });
  const [four, six] = ips('far');
  assert.is(ttl(ping(`-c 1 ${six}`)), 62);
  const told = cluster.trace({ from: 'a', to: six!, protocol: 'icmp' });
  assert.is(told.error, undefined);
  assert.is(told.arrived?.to, six);
  assert.match(String(told), /도착   파드 default\/far/);
  assert.is(cluster.trace({ from: 'a', to: four!, protocol: 'icmp' }).arrived?.to, four);
  assert.match(cluster.machine('worker-1').sh.text`ping -6 -c 1 ${six}`, new RegExp(`^PING ${six}\\(${six}\\) 56 data bytes\\n64 bytes from ${six}: icmp_seq=1 ttl=63`));
  assert.match(cluster.machine('worker-1').sh.text`conntrack -L -f ipv6 -p icmpv6`, /^icmpv6   58 /);
});

test('who may not make raw packets may not ping', async () => {
  const { cluster, kubectl, ips } = await pods();
  const overrides = JSON.stringify({ spec: { containers: [{ name: 'bare', image: 'busybox:1.36', command: ['sleep', '1d'], securityContext: { capabilities: { drop: ['ALL'] } } }] } });
  kubectl.text`run bare --image=busybox:1.36 --overrides=${overrides}`;
  cluster.advance('20s');
  assert.match(kubectl.text`exec bare -- ping -c 1 ${ips('near')[0]!}`, /^ping: permission denied \(are you root\?\)/);
});

test.run();
