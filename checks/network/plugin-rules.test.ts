// What plug-ins write into the tables of a node: the real tools take it, and print what the machine prints.
import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster, createRandom, type NetworkName } from '../../lib/index.ts';
import { alone, firstDifference } from './own-network.ts';
import { randomPolicy } from './random-policies.ts';

const test = suite('rules of plug-ins');
const sh = (cluster: Cluster, line: string, machine = 'worker-1') => cluster.machine(machine).sh.run(line).printed;

function withPods(network: NetworkName, options: { version?: string; seed?: number; policies?: number; podCIDR?: string; proxyMode?: 'ipvs' } = {}): Cluster {
  const { version = 'v1.33', seed = 1, policies = 0, podCIDR, proxyMode } = options;
  const cluster = createCluster({ nodes: 2, network, seed, version, ...(proxyMode && { proxyMode }), ...(podCIDR && { podCIDR }) });
  const random = createRandom(seed);
  for (const name of ['a', 'b', 'c']) cluster.client.create({ kind: 'Namespace', metadata: { name, labels: { space: random.pick(['x', 'y']) } } });
  cluster.advance('1s');
  for (let i = 0; i < 6; i++) {
    const ports = [{ name: 'http', containerPort: random.pick([80, 8080]) }, { name: 'dns', containerPort: 53, protocol: 'UDP' }];
    cluster.client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${i}`, namespace: random.pick(['a', 'b', 'c']), labels: { app: random.pick(['web', 'db']) } }, spec: { containers: [{ name: 'a', image: 'busybox', command: ['sleep', 'infinity'], ports }] } } as never);
  }
  cluster.advance('20s');
  const ips = cluster.client.list('Pod').items.flatMap(({ status }) => status.podIP ?? []);
  for (let i = 0; i < policies; i++) cluster.client.create(randomPolicy(random, `p${i}`, { namespaces: ['a', 'b', 'c'], ips }));
  cluster.advance('2s');
  return cluster;
}

test('flannel: what leaves the range of pods has the address of the node', () => {
  const cluster = withPods('flannel');
  const nat = sh(cluster, 'iptables-save -t nat | grep -i flannel');
  assert.is(nat, `:FLANNEL-POSTRTG - [0:0]
-A POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG
-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 -m comment --comment "flanneld masq" -j RETURN
-A FLANNEL-POSTRTG -s 10.244.1.0/24 -d 10.244.0.0/16 -m comment --comment "flanneld masq" -j RETURN
-A FLANNEL-POSTRTG -s 10.244.0.0/16 -d 10.244.1.0/24 -m comment --comment "flanneld masq" -j RETURN
-A FLANNEL-POSTRTG ! -s 10.244.0.0/16 -d 10.244.1.0/24 -m comment --comment "flanneld masq" -j RETURN
-A FLANNEL-POSTRTG -s 10.244.0.0/16 ! -d 224.0.0.0/4 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully
-A FLANNEL-POSTRTG ! -s 10.244.0.0/16 -d 10.244.0.0/16 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully
`);
  const pod = cluster.client.list('Pod').items.find(({ spec }) => spec.nodeName === 'worker-1')!;
  const out = cluster.trace({ from: `${pod.metadata.namespace}/${pod.metadata.name}`, to: '10.0.0.12:22' }).hops.find(({ verdict }) => verdict === 'MASQUERADE')!;
  assert.match(out.after.from, /^10\.0\.0\.11:/);
  assert.equal(out.chains, ['POSTROUTING', 'KUBE-POSTROUTING', 'FLANNEL-POSTRTG']);
  const old = withPods('flannel', { version: 'v1.20' });
  assert.is(sh(old, "iptables-save | grep -E '(POSTROUTING|FORWARD) (! )?-[sd] 10.244'"), `-A FORWARD -s 10.244.0.0/16 -j ACCEPT
-A FORWARD -d 10.244.0.0/16 -j ACCEPT
-A POSTROUTING -s 10.244.0.0/16 -d 10.244.0.0/16 -j RETURN
-A POSTROUTING -s 10.244.0.0/16 ! -d 224.0.0.0/4 -j MASQUERADE --random-fully
-A POSTROUTING ! -s 10.244.0.0/16 -d 10.244.1.0/24 -j RETURN
-A POSTROUTING ! -s 10.244.0.0/16 -d 10.244.0.0/16 -j MASQUERADE --random-fully
`);
});

const both = '10.244.0.0/16,fd00:10:244::/56';

/** Hashes as real nodes show them: they are of the rule and of all before it. */
const hashes = {
  'PREROUTING -j cali-PREROUTING': '6gwbT8clXdHdC1b1',
  'OUTPUT -j cali-OUTPUT': 'tVnHkvAo15HuiPy0',
  'POSTROUTING -j cali-POSTROUTING': 'O3lYWMrLQYEMJtB5',
  'INPUT -j cali-INPUT': 'Cz_u1IQiXIMmKD4c',
  'FORWARD -j cali-FORWARD': 'wUHhoiAYhphO9Mso',
  'FORWARD -m comment --comment "Policy explicitly accepted packet." -m mark --mark 0x10000/0x10000 -j ACCEPT': 'S93hcgKJrXEqnTfs',
  'FORWARD -j MARK --set-xmark 0x10000/0x10000': 'mp77cMpurHhyjLrM',
  'cali-POSTROUTING -j cali-nat-outgoing': 'nYKhEzDlr11Jccal',
  'cali-POSTROUTING -o tunl0 -m addrtype ! --src-type LOCAL --limit-iface-out -m addrtype --src-type LOCAL -j MASQUERADE --random-fully': 'SXWvdsbh4Mw7wOln',
  'cali-nat-outgoing -m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE --random-fully': 'flqWnvo8yq4ULQLa',
  'cali-FORWARD -j MARK --set-xmark 0x0/0xe0000': 'vjrMJCRpqwy5oRoX',
  'cali-FORWARD -m mark --mark 0x0/0x10000 -j cali-from-hep-forward': 'A_sPAO0mcxbT9mOV',
  'cali-FORWARD -i cali+ -j cali-from-wl-dispatch': '8ZoYfO5HKXWbB3pk',
  'cali-FORWARD -o cali+ -j cali-to-wl-dispatch': 'jdEuaPBe14V2hutn',
  'cali-FORWARD -j cali-to-hep-forward': '12bc6HljsMKsmfr-',
  'cali-FORWARD -j cali-cidr-block': 'NOSxoaGx8OIstr1z',
};

test('Calico: rules and their hashes are those of real nodes', () => {
  const saved = sh(withPods('calico'), 'iptables-save').split('\n');
  for (const [rule, hash] of Object.entries(hashes)) {
    const [chain = '', ...words] = rule.split(' ');
    const found = saved.find((line) => line.replace(/ -m comment --comment "cali:[^"]*"/, '') === `-A ${chain} ${words.join(' ')}`);
    assert.is(found?.match(/"cali:([^"]*)"/)?.[1], hash, rule);
  }
  assert.is(saved.find((line) => line.startsWith('-A FORWARD'))?.endsWith('-j cali-FORWARD'), true, 'it is the first');
});

test('Calico: a pod that calls the world has the address of its node, and keeps its own within the pools', () => {
  const cluster = withPods('calico');
  const pod = cluster.client.list('Pod').items.find(({ spec }) => spec.nodeName === 'worker-1')!;
  const trace = (to: string) => cluster.trace({ from: `${pod.metadata.namespace}/${pod.metadata.name}`, to }).hops;
  assert.match(trace('10.0.0.12:22').find(({ verdict }) => verdict === 'MASQUERADE')!.after.from, /^10\.0\.0\.11:/);
  const far = cluster.client.list('Pod').items.find(({ spec }) => spec.nodeName === 'worker-2')!;
  assert.is(trace(`${far.status.podIP}:80`).some(({ verdict }) => verdict === 'MASQUERADE'), false);
  assert.match(sh(cluster, 'ipset list cali40all-ipam-pools'), /Type: hash:net\n[^]*Members:\n10\.244\.0\.0\/16\n/);
});

function able(): boolean {
  try {
    for (const tool of ['iptables-save', 'ipset']) execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return alone('ipset create x hash:net\nipset add x 10.0.0.0/8 nomatch\niptables -A FORWARD -m set --match-set x src -j ACCEPT').status === 0;
  } catch {
    return false;
  }
}

/** `ipset restore` of what the machine has. */
function setsOf(cluster: Cluster, machine: string, family = 'inet'): string {
  const sets = sh(cluster, 'ipset list', machine).split(/\n?Name: /).slice(1);
  return sets.flatMap((text) => {
    const [name = '', type = ''] = [text.split('\n')[0], /Type: (.*)/.exec(text)?.[1]];
    const ports = type === 'bitmap:port';
    if (!ports && !text.includes(`family ${family} `)) return [];
    const members = (text.split('Members:\n')[1] ?? '').split('\n').filter(Boolean);
    return [`create ${name} ${type}${ports ? ' range 0-65535' : family === 'inet6' ? ' family inet6' : ''}`, ...members.map((member) => `add ${name} ${member}`)];
  }).join('\n');
}

/** Without what not every kernel has: the match of its balancer, and counters that another tool makes first. */
const known = (saved: string) => saved.replace(/ -m nfacct --nfacct-name \S+/g, '').replace(/^.* -m ipvs .*\n/gm, '');

if (!able()) {
  console.log('NOTE no iptables and ipset in a network of our own here');
  test.skip('rules of plug-ins are loaded by the real tools', () => {});
} else {
  const networks: [NetworkName, string, 'ipvs'?][] = [['flannel', 'v1.20'], ['flannel-host-gw', 'v1.25'], ['flannel', 'v1.33'], ['calico', 'v1.33'], ['calico-bgp', 'v1.20'], ['kube-router', 'v1.33'], ['docker', 'v1.20'], ['calico', 'v1.33', 'ipvs'], ['calico', 'v1.20', 'ipvs'], ['kube-router', 'v1.33', 'ipvs']];
  for (const [network, version, proxyMode] of networks) {
    test(`${network}, ${version}${proxyMode ? `, ${proxyMode}` : ''}: the real tools take the rules of random policies, and print the same`, () => {
      for (const seed of network === 'docker' || network.startsWith('flannel') ? [1] : [1, 2, 3]) {
        const cluster = withPods(network, { version, seed, policies: 6, ...(proxyMode && { proxyMode }) });
        const saved = known(sh(cluster, 'iptables-save'));
        const script = `ipset restore <<'END'\n${setsOf(cluster, 'worker-1')}\nEND\niptables-restore <<'END'\n${saved}END\niptables-save -t filter\niptables-save -t nat\necho LIST\niptables -L -n\n`;
        const { status, stdout, stderr } = alone(script);
        assert.is(status, 0, `seed ${seed}: ${stderr}`);
        const [real = '', listed = ''] = stdout.split('LIST\n');
        assert.is(firstDifference(real, saved), '', `seed ${seed}`);
        assert.is(firstDifference(listed, sh(cluster, 'iptables -L -n').replace(/ nfacct-name {2}\S+/g, '')), '', `seed ${seed}`);
      }
    });
  }

  for (const [network, proxyMode] of [['flannel'], ['calico'], ['kube-router'], ['calico', 'ipvs']] as [NetworkName, 'ipvs'?][]) {
    test(`${network}${proxyMode ? `, ${proxyMode}` : ''}, IPv6: the real tools take the rules of random policies, and print the same`, () => {
      for (const [seed, podCIDR] of [[1, both], [2, both.split(',')[1]!]] as const) {
        const cluster = withPods(network, { seed, policies: 6, podCIDR, ...(proxyMode && { proxyMode }) });
        const saved = known(sh(cluster, 'ip6tables-save'));
        const { status, stdout, stderr } = alone(`ipset restore <<'END'\n${setsOf(cluster, 'worker-1', 'inet6')}\nEND\nip6tables-restore <<'END'\n${saved}END\nip6tables-save -t filter\nip6tables-save -t nat\n`);
        assert.is(status, 0, `seed ${seed}: ${stderr}`);
        assert.is(firstDifference(stdout, saved), '', `seed ${seed}`);
      }
    });
  }
}

test('Calico with ipvs: what comes to the host for a Service is marked by its pod, and judged as what is forwarded', () => {
  const saved = sh(withPods('calico', { proxyMode: 'ipvs' }), 'iptables-save -t filter').replace(/ -m comment --comment "cali:[^"]*"/g, '');
  const pods = [...saved.matchAll(/-A cali-sm-(\w+) -j MARK --set-xmark (0x\w+00000)\/0xfff00000/g)].map(([, name, mark]) => ({ name, mark }));
  assert.is(pods.length, saved.match(/^:cali-fw-/gm)!.length);
  for (const { name, mark } of pods) {
    assert.match(saved, `-A cali-from-endpoint-mark -m mark --mark ${mark}/0xfff00000 -g cali-fw-${name}\n`);
    assert.match(saved, new RegExp(`^-A cali-set-endpoint-mark(-wep-\\w)? -i ${name} -g cali-sm-${name}$`, 'm'));
  }
  for (const line of [
    '-A cali-INPUT -j MARK --set-xmark 0x0/0xfff00000\n-A cali-INPUT -j cali-forward-check\n-A cali-INPUT -m mark ! --mark 0x0/0xfff00000 -j RETURN\n-A cali-INPUT -i cali+ -g cali-wl-to-host\n',
    '-A cali-OUTPUT -m mark ! --mark 0x0/0xfff00000 -g cali-forward-endpoint-mark\n-A cali-OUTPUT -o cali+ -j RETURN\n',
    '-A cali-forward-check -p tcp -m comment --comment "To kubernetes NodePort service" -m multiport --dports 30000:32767 -m set --match-set cali40this-host dst -g cali-set-endpoint-mark\n',
    '-A cali-set-endpoint-mark -m comment --comment "Non-Cali endpoint mark" -j MARK --set-xmark 0x100000/0xfff00000\n',
  ]) assert.match(saved, line);
});

test('IPv6: the same rules in the tables of the other family, as ip6tables takes them', () => {
  for (const [network, table, lines] of [
    ['flannel', 'nat', ['-A FLANNEL-POSTRTG -s fd00:10:244::/56 ! -d ff00::/8 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully']],
    ['calico', 'filter', ['-p ipv6-icmp', '-m icmp6 --icmpv6-type 136 -j ACCEPT', '-j cali-from-wl-dispatch']],
    ['calico', 'nat', ['-m set --match-set cali60masq-ipam-pools src -m set ! --match-set cali60all-ipam-pools dst -j MASQUERADE --random-fully']],
    ['kube-router', 'filter', ['-A KUBE-NWPLCY-DEFAULT -p ipv6-icmp -m comment --comment "allow icmp echo requests" -m icmp6 --icmpv6-type 128 -j ACCEPT']],
    ['kube-router', 'nat', ['-m set --match-set inet6:kube-router-pod-subnets src']],
  ] as const) {
    const cluster = withPods(network, { policies: 4, podCIDR: both });
    const saved = sh(cluster, `ip6tables-save -t ${table}`);
    for (const line of lines) assert.ok(saved.includes(line), `${network}: ${line}\n${saved}`);
    const sets = new Set([...saved.matchAll(/--match-set (\S+)/g)].map(([, name]) => name!));
    const known = sh(cluster, 'ipset list');
    for (const name of [...sets].filter((one) => !one.startsWith('KUBE-6-'))) assert.match(known, new RegExp(`Name: ${name}\nType: \\S+\nHeader: family inet6 `), name);
  }
});

test.run();
