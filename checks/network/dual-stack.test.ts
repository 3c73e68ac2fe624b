// Clusters with IPv6: alone, and beside IPv4. Who gets which addresses, and the way of packets of both families.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, type ClusterOptions, createCluster } from '../../lib/index.ts';

const test = suite('dual stack');
const both = '10.244.0.0/16,fd00:10:244::/56';

interface Spec {
  [field: string]: unknown;
}

function service({ client }: Cluster, name: string, spec: Spec = {}): any {
  return client.create({ kind: 'Service', metadata: { name, namespace: 'default' }, spec: { selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }], ...spec } } as never);
}
const find = ({ client }: Cluster, kind: string, name: string) => client.find(kind as 'Service', { namespace: 'default', name }) as any;

function withPods(options: ClusterOptions): Cluster {
  const cluster = createCluster({ nodes: 2, seed: 1, podCIDR: both, ...options });
  const pod = (name: string, node: string, labels = {}) => cluster.client.create({ kind: 'Pod', metadata: { name, namespace: 'default', labels }, spec: { nodeName: node, containers: [{ name: 'c', image: 'nginx' }] } } as never);
  pod('web-1', 'worker-1', { app: 'web' });
  pod('web-2', 'worker-2', { app: 'web' });
  pod('client', 'worker-1');
  cluster.advance('1m');
  return cluster;
}
const ipsOf = (cluster: Cluster, pod: string): string[] => find(cluster, 'Pod', pod).status.podIPs.map(({ ip }: { ip: string }) => ip);
const shell = (cluster: Cluster, machine: string, line: string) => cluster.machine(machine).sh.run(line);
const inPod = (cluster: Cluster, line: string) => cluster.kubectl.text(Object.assign([`exec client -- ${line}`], { raw: [`exec client -- ${line}`] }) as never);

test('nodes and pods have an address of each family, the first one first', () => {
  for (const [podCIDR, families] of [[both, [4, 6]], ['fd00:10:244::/56,10.244.0.0/16', [6, 4]], ['fd00:10:244::/56', [6]]] as const) {
    const cluster = withPods({ podCIDR });
    const node = cluster.client.find('Node', { name: 'worker-1' })!;
    const family = (address: string) => (address.includes(':') ? 6 : 4);
    assert.equal(node.spec.podCIDRs!.map(family), families);
    assert.equal(node.spec.podCIDRs!.map((cidr) => cidr.split('/')[1]), families.map((one) => (one === 6 ? '64' : '24')));
    assert.is(node.spec.podCIDR, node.spec.podCIDRs![0]);
    assert.equal(node.status.addresses!.filter(({ type }) => type === 'InternalIP').map(({ address }) => family(address)), families);
    const { podIP, podIPs, hostIP, hostIPs } = find(cluster, 'Pod', 'web-1').status;
    assert.equal(podIPs.map(({ ip }: { ip: string }) => family(ip)), families);
    assert.is(podIP, podIPs[0].ip);
    assert.equal(hostIPs.map(({ ip }: { ip: string }) => ip), cluster.machine('worker-1').ips);
    assert.is(hostIP, hostIPs[0].ip);
    assert.is(family(find(cluster, 'Service', 'kubernetes').spec.clusterIP), families[0]);
    assert.equal(cluster.problems, []);
  }
});

test('which families a Service has, on a dual-stack cluster', () => {
  const cluster = createCluster({ nodes: 1, seed: 1, podCIDR: both });
  const made = (name: string, spec: Spec) => {
    const { clusterIPs, ipFamilies, ipFamilyPolicy } = service(cluster, name, spec).spec;
    return [clusterIPs.map((ip: string) => (ip === 'None' ? ip : ip.includes(':') ? 6 : 4)), ipFamilies, ipFamilyPolicy];
  };
  assert.equal(made('plain', {}), [[4], ['IPv4'], 'SingleStack']);
  assert.equal(made('prefer', { ipFamilyPolicy: 'PreferDualStack' }), [[4, 6], ['IPv4', 'IPv6'], 'PreferDualStack']);
  assert.equal(made('require', { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6'] }), [[6, 4], ['IPv6', 'IPv4'], 'RequireDualStack']);
  assert.equal(made('six', { ipFamilies: ['IPv6'] }), [[6], ['IPv6'], 'SingleStack']);
  assert.equal(made('named', { clusterIP: 'fd00:10:96::77' }), [[6], ['IPv6'], 'SingleStack']);
  assert.equal(made('headless', { clusterIP: 'None', ipFamilyPolicy: 'PreferDualStack' }), [['None'], ['IPv4', 'IPv6'], 'PreferDualStack']);
  assert.equal(made('bare', { clusterIP: 'None', selector: undefined }), [['None'], ['IPv4', 'IPv6'], 'RequireDualStack']);
  assert.throws(() => made('two', { ipFamilies: ['IPv4', 'IPv6'] }), /spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified/);
  assert.throws(() => made('taken', { clusterIP: 'fd00:10:96::77' }), /failed to allocate IP fd00:10:96::77: provided IP is already allocated/);
  assert.throws(() => made('far', { clusterIP: 'fd00:20::1' }), /the provided IP \(fd00:20::1\) is not in the valid range. The range of valid IPs is fd00:10:96::\/112/);
});

test('a Service gains and loses its second address, and the address is free again', () => {
  const cluster = createCluster({ nodes: 1, seed: 1, podCIDR: both });
  const { client } = cluster;
  service(cluster, 'web');
  const patch = (spec: Spec) => (client.patch('Service', { namespace: 'default', name: 'web' }, { spec }) as any).spec;
  const two = patch({ ipFamilyPolicy: 'PreferDualStack' });
  assert.is(two.clusterIPs.length, 2);
  assert.throws(() => patch({ clusterIPs: [two.clusterIP] }), /must be 'SingleStack' to release the secondary/);
  const one = patch({ ipFamilyPolicy: 'SingleStack' });
  assert.equal([one.clusterIPs, one.ipFamilies], [[two.clusterIP], ['IPv4']]);
  assert.is(service(cluster, 'next', { clusterIP: two.clusterIPs[1] }).spec.clusterIP, two.clusterIPs[1]);
  client.delete({ kind: 'Service', metadata: { namespace: 'default', name: 'next' } });
  assert.is(service(cluster, 'again', { clusterIP: two.clusterIPs[1] }).spec.clusterIP, two.clusterIPs[1]);
});

test('what a cluster of one family says to who wants the other', () => {
  const four = createCluster({ nodes: 1, seed: 1 });
  assert.throws(() => service(four, 'a', { ipFamilyPolicy: 'RequireDualStack' }), /spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services/);
  assert.throws(() => service(four, 'b', { ipFamilies: ['IPv6'] }), /spec.ipFamilies\[0\]: Invalid value: "IPv6": not configured on this cluster/);
  assert.throws(() => service(four, 'c', { clusterIP: 'fd00:10:96::5' }), /IPv6 is not configured on this cluster/);
  assert.equal(service(four, 'd', { ipFamilyPolicy: 'PreferDualStack' }).spec.ipFamilies, ['IPv4']);
  assert.match(shell(four, 'worker-1', 'curl -s -S "http://[fd00::1]:80"').stderr, /Failed to connect to fd00::1 port 80/);
  const six = createCluster({ nodes: 1, seed: 1, podCIDR: 'fd00:10:244::/56' });
  assert.equal(service(six, 'e').spec.ipFamilies, ['IPv6']);
  assert.throws(() => service(six, 'f', { ipFamilies: ['IPv4'] }), /spec.ipFamilies\[0\]: Invalid value: "IPv4": not configured on this cluster/);
});

test('ranges that do not go together', () => {
  const made = (options: ClusterOptions) => () => createCluster({ nodes: 0, ...options });
  assert.throws(made({ podCIDR: both, version: 'v1.20' }), /can only be used if IPv6DualStack and EndpointSlice feature is enabled/);
  assert.throws(made({ podCIDR: '10.244.0.0/16,10.245.0.0/16', serviceCIDR: '10.96.0.0/16' }), /not configured as dual stack \(at least one from each IPFamily\)/);
  assert.throws(made({ serviceCIDR: 'fd00:10:96::/64' }), /for 128-bit addresses, the mask must be >= 108/);
  assert.throws(made({ podCIDR: 'fd00:10:244::/40' }), /the node CIDR size is too big/);
  assert.throws(made({ podCIDR: 'fd00:10:244::/56', network: 'weave' }), /에는 IPv6가 없다/);
  const { spec } = find(createCluster({ nodes: 1, version: 'v1.20', podCIDR: 'fd00:10:244::/56' }), 'Service', 'kubernetes');
  assert.equal([spec.clusterIPs, spec.ipFamilies], [['fd00:10:96::1'], undefined]);
});

test('slices of each family, Endpoints of the first, names with both records', () => {
  const cluster = withPods({});
  service(cluster, 'web', { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6', 'IPv4'] });
  service(cluster, 'heads', { clusterIP: 'None', ipFamilyPolicy: 'PreferDualStack' });
  cluster.advance('10s');
  const slices = (cluster.client.list('EndpointSlice', { namespace: 'default' }).items as any[]).filter(({ metadata }) => metadata.labels['kubernetes.io/service-name'] === 'web');
  const [four, six] = [0, 1].map((i) => ['web-1', 'web-2'].map((pod) => ipsOf(cluster, pod)[i]));
  for (const [type, ips] of [['IPv4', four], ['IPv6', six]] as const) {
    const own = slices.filter(({ addressType }) => addressType === type);
    assert.equal(own.flatMap(({ endpoints }) => endpoints.flatMap(({ addresses }: { addresses: string[] }) => addresses)).sort(), [...ips].sort());
  }
  assert.equal(find(cluster, 'Endpoints', 'web').subsets[0].addresses.map(({ ip }: { ip: string }) => ip), [...six].sort());
  const { clusterIPs } = find(cluster, 'Service', 'web').spec;
  const looked = inPod(cluster, 'nslookup web');
  for (const ip of clusterIPs) assert.ok(looked.includes(`Address: ${ip}\n`), looked);
  const heads = inPod(cluster, 'nslookup -type=AAAA heads');
  for (const ip of six) assert.ok(heads.includes(`Address: ${ip}\n`), heads);
  assert.match(inPod(cluster, `nslookup ${clusterIPs[0]}`), /\.ip6\.arpa\tname = web\.default\.svc\.cluster\.local/);
  assert.match(inPod(cluster, `nslookup ${six[0]!.replaceAll(':', '-')}.default.pod.cluster.local`), `Address: ${six[0]}`);
});

for (const proxyMode of ['iptables', 'ipvs', 'nftables'] as const) {
  test(`${proxyMode}: both addresses of a Service, and its node port, lead to its pods`, () => {
    const cluster = withPods({ proxyMode });
    const { clusterIPs, ports } = service(cluster, 'web', { type: 'NodePort', ipFamilyPolicy: 'RequireDualStack' }).spec;
    cluster.advance('10s');
    const pods = ['web-1', 'web-2'].flatMap((pod) => ipsOf(cluster, pod));
    for (const ip of [...clusterIPs, ...cluster.machine('worker-2').ips]) {
      const to = `${ip.includes(':') ? `[${ip}]` : ip}:${clusterIPs.includes(ip) ? 80 : ports[0].nodePort}`;
      for (const from of ['client', 'control-plane']) {
        const met = new Set<string>();
        for (let i = 0; i < 24; i++) {
          const { arrived, error } = cluster.trace({ from, to });
          assert.is(error, undefined, `${from} → ${to}`);
          met.add(arrived!.to.replace(/:80$/, '').replace(/[[\]]/g, ''));
        }
        assert.equal([...met].sort(), pods.filter((pod) => pod.includes(':') === ip.includes(':')).sort(), `${from} → ${to}`);
      }
      assert.match(inPod(cluster, `wget -qO- -T 3 http://${to}/`), /Welcome to nginx/);
      assert.match(shell(cluster, 'worker-1', `curl -s -m 3 'http://${to}'`).stdout, /Welcome to nginx/);
    }
    assert.is(cluster.trace({ from: 'client', to: '[fd00:10:96::ffff]:80' }).arrived, undefined);
  });
}

for (const network of ['flannel', 'flannel-host-gw', 'calico', 'calico-cross-subnet', 'calico-bgp', 'kube-router'] as const) {
  test(`${network}: pods reach each other over IPv6, and machines see them`, () => {
    const cluster = withPods({ network });
    const [, six] = ipsOf(cluster, 'web-2') as [string, string];
    for (const from of ['client', 'worker-1', 'worker-2']) assert.is(cluster.trace({ from, to: `[${six}]:80` }).error, undefined, from);
    const got = cluster.trace({ from: 'client', to: `[${six}]:80` });
    assert.is(got.hops[0]!.before.from.replace(/\]:\d+$/, ''), `[${ipsOf(cluster, 'client')[1]}`);
    assert.is(got.hops.some(({ place }) => place === 'encap'), network === 'flannel');
    assert.match(shell(cluster, 'worker-2', 'ip addr').stdout, `inet6 ${cluster.machine('worker-2').ips[1]}/64 scope global`);
    const [word] = network === 'flannel' ? ['dev flannel-v6.1'] : ['via fd00:10::12 dev eth0'];
    assert.ok(shell(cluster, 'worker-1', 'ip -6 route').stdout.includes(word!), shell(cluster, 'worker-1', 'ip -6 route').stdout);
    assert.match(shell(cluster, 'worker-1', 'ip -6 neigh').stdout, 'fd00:10::12 dev eth0 lladdr');
  });
}

test('a plug-in that knows no IPv6 gives none: pods have one address, Services of IPv6 no endpoints', () => {
  const cluster = withPods({ network: 'weave' });
  assert.is(ipsOf(cluster, 'web-1').length, 1);
  const { clusterIPs } = service(cluster, 'web', { ipFamilyPolicy: 'RequireDualStack' }).spec;
  cluster.advance('10s');
  assert.is(cluster.trace({ from: 'client', to: `${clusterIPs[0]}:80` }).error, undefined);
  assert.is(cluster.trace({ from: 'client', to: `[${clusterIPs[1]}]:80` }).error, 'unreachable');
  assert.is(cluster.trace({ from: 'worker-1', to: `[${clusterIPs[1]}]:80` }).error, 'refused');
  assert.is(cluster.trace({ from: 'worker-1', to: '[fd00:10::12]:10250' }).arrived?.machine, 'worker-2');
});

test('NetworkPolicy: a block of one family says nothing of the other', () => {
  const cluster = withPods({ network: 'calico' });
  const [four, six] = ipsOf(cluster, 'web-2') as [string, string];
  const [, mine] = ipsOf(cluster, 'client') as [string, string];
  const admit = (cidr: string, except: string[] = []) => {
    const policy = { kind: 'NetworkPolicy', metadata: { name: 'only', namespace: 'default' }, spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: { cidr, ...(except.length > 0 && { except }) } }] }] } };
    const old = find(cluster, 'NetworkPolicy', 'only');
    if (old) cluster.client.delete(old);
    cluster.client.create(policy as never);
    cluster.advance('5s');
    return [`${four}:80`, `[${six}]:80`].map((to) => cluster.trace({ from: 'client', to }).error === undefined);
  };
  assert.equal(admit('0.0.0.0/0'), [true, false]);
  assert.equal(admit('::/0'), [false, true]);
  assert.equal(admit(`${mine}/128`), [false, true]);
  assert.equal(admit('fd00:10:244::/56', [`${mine}/128`]), [false, false]);
});

test('an IPv6 cluster: everything goes over IPv6', () => {
  const cluster = withPods({ podCIDR: 'fd00:10:244::/56' });
  const { clusterIP } = service(cluster, 'web').spec;
  cluster.advance('10s');
  assert.is(clusterIP.includes(':'), true);
  assert.match(inPod(cluster, 'cat /etc/resolv.conf'), 'nameserver fd00:10:96::a');
  assert.match(inPod(cluster, 'wget -qO- -T 3 http://web/'), /Welcome to nginx/);
  assert.is(cluster.trace({ from: 'client', to: 'https://kubernetes.default:443' }).arrived?.to, '[fd00:10::10]:6443');
  assert.is(cluster.trace({ from: 'client', to: '10.96.0.1:443' }).error, 'unreachable');
  assert.match(shell(cluster, 'worker-1', 'ip6tables-save -t nat').stdout, `-d ${clusterIP}/128`);
  assert.not.match(shell(cluster, 'worker-1', 'iptables-save').stdout, 'KUBE-SVC-');
});

test('kube-proxy is one process: stopped, neither family hears of changes', () => {
  const cluster = withPods({});
  const { clusterIPs } = service(cluster, 'web', { ipFamilyPolicy: 'RequireDualStack' }).spec;
  cluster.advance('10s');
  const errors = () => clusterIPs.map((ip: string) => cluster.trace({ from: 'worker-1', to: ip.includes(':') ? `[${ip}]:80` : `${ip}:80` }).error);
  assert.equal(errors(), [undefined, undefined]);
  cluster.fault.crash('kube-proxy', 'worker-1');
  cluster.client.delete({ kind: 'Service', metadata: { namespace: 'default', name: 'web' } });
  cluster.advance('10s');
  assert.equal(errors().filter((error: unknown) => error === undefined).length, 2);
});

test('a port of the host leads to its pod in both families, one of an address in that of the address', async () => {
  const cluster = createCluster({ nodes: 2, podCIDR: both });
  const port = (name: string, hostPort: number, hostIP = '') => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec:\n  nodeName: worker-1\n  containers: [{ name: c, image: registry.k8s.io/e2e-test-images/agnhost:2.53, args: [netexec], ports: [{ containerPort: 8080, hostPort: ${hostPort}${hostIP && `, hostIP: '${hostIP}'`} }] }]\n`;
  const [four, six] = cluster.machine('worker-1').ips;
  cluster.file('pods.yaml', [port('any', 8888), port('old', 8889, four), port('new', 8889, six)].join('---\n'));
  await cluster.kubectl.text`apply -f pods.yaml`;
  cluster.advance('15s');
  const from = (at: string) => shell(cluster, 'worker-2', `curl -s -m 2 http://${at}/hostname`).stdout;
  assert.equal([`${four}:8888`, `[${six}]:8888`, `${four}:8889`, `[${six}]:8889`].map(from), ['any', 'any', 'old', 'new']);
  assert.match(shell(cluster, 'worker-1', 'ip6tables-save -t nat').stdout, new RegExp(`-A CNI-DN-[0-9a-f]{21} -d ${six}/128 -p tcp -m tcp --dport 8889 -j DNAT --to-destination \\[fd00:10:244:[0-9a-f:]+\\]:8080\n`));
});

test('every link has a route to what is on it', () => {
  const cluster = withPods({ podCIDR: both });
  const routes = shell(cluster, 'worker-1', 'ip -6 route').stdout;
  for (const dev of ['eth0', 'cni0', 'flannel-v6.1']) assert.match(routes, new RegExp(`^fe80::/64 dev ${dev.replace('.', '\\.')} proto kernel metric 256 pref medium $`, 'm'));
  assert.match(routes, /\ndefault via \S+ dev eth0 .*\n$/);
});

test('since v1.21 kubelet and kube-proxy write their chains in the family that the cluster does not use, too', () => {
  const saved = (options: ClusterOptions, command = 'ip6tables-save') => shell(createCluster({ nodes: 1, ...options }), 'worker-1', command).stdout;
  const chains = (text: string) => [...text.matchAll(/^:(KUBE-\S+)/gm)].map(([, name]) => name);
  assert.equal(chains(saved({ version: 'v1.20' })), []);
  for (const version of ['v1.21', 'v1.33']) {
    const text = saved({ version });
    assert.equal(chains(text).sort(), chains(saved({ version }, 'iptables-save')).filter((name) => !/^KUBE-(SVC|SEP)-/.test(name!)).sort(), version);
    assert.not.match(text, /-j DNAT|10\.96\./);
  }
  // It is about 127.0.0.0/8 alone, so that the kubelet leaves it out since it makes no other rules.
  assert.not.match(saved({ proxyMode: 'nftables' }), 'KUBE-FIREWALL');
  assert.match(saved({ proxyMode: 'nftables' }, 'nft list tables'), 'table ip kube-proxy\ntable ip6 kube-proxy\n');
  assert.match(saved({ proxyMode: 'ipvs' }, 'ipset list -n'), 'KUBE-6-CLUSTER-IP\n');
  assert.equal(chains(saved({ podCIDR: 'fd00:10:244::/56' }, 'iptables-save')), chains(saved({})));
  // userspace mode has one family, of which the kubelet writes both.
  assert.equal(chains(saved({ version: 'v1.25', proxyMode: 'userspace' })), ['KUBE-FIREWALL', 'KUBE-KUBELET-CANARY', 'KUBE-KUBELET-CANARY', 'KUBE-MARK-DROP', 'KUBE-MARK-MASQ', 'KUBE-POSTROUTING']);
});

test.run();
