// CoreDNS with pods of its own, as kubeadm installs it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

const test = suite('CoreDNS in pods');

const kubeDns = { namespace: 'kube-system', name: 'kube-dns' };

async function withClient(options: Parameters<typeof createCluster>[0]) {
  const cluster = createCluster({ nodes: 2, coreDNS: true, ...options });
  const { kubectl, client } = cluster;
  await kubectl.text`create deployment web --image=nginx`;
  await kubectl.text`expose deployment web --port=80`;
  await kubectl.text`run client --image=busybox -- sleep infinity`;
  cluster.advance('20s');
  const clusterIP = client.get('Service', { namespace: 'default', name: 'web' }).spec.clusterIP!;
  return { cluster, kubectl, client, clusterIP, ask: (name = 'web') => kubectl.text`exec client -- nslookup ${name}` };
}

test('the pods of v1.20.2 have the name that kubeadm leaves there: their whole template is the same', () => {
  const { client } = createCluster({ nodes: 1, version: 'v1.20', coreDNS: true });
  assert.equal(client.list('ReplicaSet', { namespace: 'kube-system' }).items.map(({ metadata }) => metadata.name), ['coredns-74ff55c5b']);
});

for (const proxyMode of ['iptables', 'ipvs', 'nftables'] as const) {
  test(`names are answered by whom the Service leads to (${proxyMode}); without pods by nobody, addresses still`, async () => {
    const { cluster, kubectl, client, clusterIP, ask } = await withClient({ proxyMode });
    assert.is(client.get('Service', kubeDns).spec.clusterIP, '10.96.0.10');
    assert.match(ask(), `Address: ${clusterIP}\n`);
    await kubectl.text`scale deployment coredns -n kube-system --replicas=0`;
    cluster.advance('40s');
    assert.match(ask(), 'no servers could be reached');
    assert.match(kubectl.text`exec client -- wget -qO- -T 2 http://web`, "bad address 'web'");
    assert.match(kubectl.text`exec client -- wget -qO- -T 2 http://${clusterIP}`, 'Welcome to nginx');
    assert.is(cluster.trace({ from: 'client', to: 'web' }).lookup!.questions[0]!.rcode, 'timeout');
    await kubectl.text`scale deployment coredns -n kube-system --replicas=1`;
    cluster.advance('20s');
    assert.match(ask(), `Address: ${clusterIP}\n`);
    await kubectl.text`delete service kube-dns -n kube-system`;
    assert.match(ask(), 'no servers could be reached');
  });
}

test('an alias inside of the cluster is followed; a changed Corefile counts once the kubelet has brought it', async () => {
  const { cluster, kubectl, client, clusterIP, ask } = await withClient({});
  await kubectl.text`create service externalname other --external-name=web.default.svc.cluster.local`;
  assert.match(ask('other'), `Address: ${clusterIP}\n`);
  const { data } = client.get('ConfigMap', { namespace: 'kube-system', name: 'coredns' });
  const Corefile = data!['Corefile']!.replace('ready', 'ready\n    hosts {\n       192.0.2.7 db.corp.example\n       fallthrough\n    }');
  client.patch('ConfigMap', { namespace: 'kube-system', name: 'coredns' }, { data: { Corefile } });
  cluster.advance('2m');
  assert.match(ask('db.corp.example'), 'Address: 192.0.2.7\n');
  assert.match(ask(), `Address: ${clusterIP}\n`);
});

test('a policy sees the pods: egress to them has to be allowed', async () => {
  const { cluster, kubectl, client, clusterIP, ask } = await withClient({ network: 'calico' });
  const policy = (egress: object[]) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'out', namespace: 'default' }, spec: { podSelector: { matchLabels: { run: 'client' } }, policyTypes: ['Egress'], egress } });
  client.create(policy([]) as never);
  cluster.advance('1s');
  assert.match(ask(), 'no servers could be reached');
  await kubectl.text`delete networkpolicy out`;
  client.create(policy([{ to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }], ports: [{ port: 53, protocol: 'UDP' }] }]) as never);
  cluster.advance('1s');
  assert.match(ask(), `Address: ${clusterIP}\n`);
});

test('a cluster of IPv6 has it, too; without a network plug-in its pods wait', async () => {
  const { ask, clusterIP } = await withClient({ podCIDR: 'fd00:10:244::/56', version: 'v1.33' });
  assert.match(ask(), `Address: ${clusterIP}\n`);
  const { client } = createCluster({ nodes: 1, network: 'none', coreDNS: true });
  assert.equal(client.list('Pod', { namespace: 'kube-system' }).items.map(({ status }) => status.phase), ['Pending', 'Pending']);
});

test.run();
