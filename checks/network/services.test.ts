// Services in a whole cluster: what a client reaches, on which node, and what becomes of it when something breaks.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, type ClusterOptions, createCluster } from '../../lib/index.ts';
import { chiSquare } from './chi-square.ts';

const test = suite('services');

async function withWeb(options: ClusterOptions & { replicas?: number; type?: string } = {}): Promise<Cluster> {
  const { replicas = 3, type = 'NodePort', ...rest } = options;
  const cluster = createCluster({ nodes: 3, ...rest });
  await cluster.kubectl.text`create deployment web --image=nginx --replicas=${replicas}`;
  await cluster.kubectl.text`expose deployment web --port=80 --type=${type}`;
  await cluster.kubectl.text`run client --image=busybox -- sleep infinity`;
  cluster.advance('15s');
  return cluster;
}

const nodePort = (cluster: Cluster) => cluster.client.get('Service', { namespace: 'default', name: 'web' }).spec.ports![0]!.nodePort!;
const status = (cluster: Cluster, machine: string, at: string) => cluster.machine(machine).sh.text`curl -s -m 2 -o /dev/null -w %{http_code} ${at}`;
const podsOf = (cluster: Cluster) => cluster.client.list('Pod', { labelSelector: 'app=web' }).items;

/** userspace mode is of another time. */
const versionOf = (mode: string) => (mode === 'userspace' ? 'v1.20' : 'v1.33');

for (const proxyMode of ['iptables', 'ipvs', 'nftables', 'userspace'] as const) {
  const options = { proxyMode, version: versionOf(proxyMode) };
  test(`${proxyMode}: a node port answers on every node, from every node`, async () => {
    const cluster = await withWeb(options);
    for (const from of ['control-plane', 'worker-1', 'worker-2']) {
      for (const ip of ['10.0.0.10', '10.0.0.11', '10.0.0.12', '10.0.0.13']) assert.is(status(cluster, from, `${ip}:${nodePort(cluster)}`), '200', `${from} → ${ip}`);
    }
  });

  test(`${proxyMode}: kube-proxy says its mode to its own host only`, () => {
    const cluster = createCluster({ nodes: 1, ...options });
    const ask = (machine: string, at: string) => cluster.machine(machine).sh.text`curl -s -m 2 ${at}/proxyMode`;
    assert.equal([ask('worker-1', 'localhost:10249'), ask('worker-1', '10.0.0.11:10249'), ask('control-plane', '10.0.0.11:10249')], [proxyMode, '', '']);
  });

  test(`${proxyMode}: the load is spread`, async () => {
    const cluster = await withWeb(options);
    const counts = new Map<string, number>();
    for (let i = 0; i < 3000; i++) {
      const { arrived } = cluster.trace({ from: 'client', to: 'web' });
      counts.set(arrived!.to, (counts.get(arrived!.to) ?? 0) + 1);
    }
    assert.is(counts.size, 3);
    assert.ok(chiSquare([...counts.values()], 3000) < 13.82);
  });

  test(`${proxyMode}: without endpoints a Service refuses`, async () => {
    const cluster = await withWeb({ ...options, replicas: 0 });
    // Who takes connections himself has taken them before he knows.
    const error = proxyMode === 'userspace' ? 'closed' : 'refused';
    assert.is(cluster.trace({ from: 'client', to: 'web' }).error, error);
    assert.is(cluster.trace({ from: 'worker-1', to: `10.0.0.12:${nodePort(cluster)}` }).error, error);
  });

}

for (const mode of ['iptables', 'ipvs', 'nftables'] as const) {
  test(`${mode}: rules stay as they were when kube-proxy stops, and a dead endpoint keeps getting packets`, async () => {
    const cluster = await withWeb({ proxyMode: mode, replicas: 2 });
    const { nodeName } = cluster.client.get('Pod', { namespace: 'default', name: 'client' }).spec;
    cluster.fault.crash('kube-proxy', nodeName!);
    const rules = () => cluster.machine(nodeName!).sh.text`iptables-save | grep -v '^#'; ipvsadm -Ln; nft list ruleset`.replace(/(Masq +\d+).*/g, '$1');
    const before = rules();
    const old = podsOf(cluster).map(({ status }) => status.podIP);
    await cluster.kubectl.text`delete pod ${podsOf(cluster)[0]!.metadata.name}`;
    cluster.advance('1m');
    const lost = Array.from({ length: 20 }, () => cluster.trace({ from: 'client', to: 'web' })).filter(({ error }) => error);
    assert.ok(lost.length > 0, 'packets go to the pod that is gone');
    assert.ok(lost.every(({ hops }) => hops.some(({ after }) => old.some((ip) => after.to === `${ip}:80`))));
    assert.is(rules(), before);
    cluster.fault.start('kube-proxy', nodeName!);
    assert.ok(Array.from({ length: 20 }, () => cluster.trace({ from: 'client', to: 'web' })).every(({ error }) => !error));
  });
}

test('externalTrafficPolicy Local keeps the sender and answers only where a pod is', async () => {
  const cluster = await withWeb({ replicas: 1 });
  await cluster.kubectl.text`patch service web -p '{"spec":{"externalTrafficPolicy":"Local"}}'`;
  cluster.advance('2s');
  const [pod] = podsOf(cluster);
  const home = pod!.status.hostIP!;
  for (const ip of ['10.0.0.11', '10.0.0.12', '10.0.0.13']) {
    const { arrived, error, hops } = cluster.trace({ from: 'control-plane', to: `${ip}:${nodePort(cluster)}` });
    assert.is(ip === home ? arrived?.to : error, ip === home ? `${pod!.status.podIP}:80` : 'timeout');
    if (ip === home) assert.ok(hops.at(-1)!.after.from.startsWith('10.0.0.10:'));
    else assert.match(hops.at(-1)!.rule!, /has no local endpoints.*DROP/);
  }
});

test('a pod that reaches itself through its Service is masqueraded', async () => {
  const cluster = await withWeb({ replicas: 1 });
  const [pod] = podsOf(cluster);
  const { hops, arrived } = cluster.trace({ from: pod!.metadata.name, to: 'web' });
  assert.is(arrived!.to, `${pod!.status.podIP}:80`);
  assert.is(hops.some(({ verdict }) => verdict === 'MASQUERADE'), true);
});

test('a kube-proxy that is cut off from the API server keeps its rules until the cable is mended', async () => {
  const cluster = await withWeb({ replicas: 2 });
  const { nodeName } = cluster.client.get('Pod', { namespace: 'default', name: 'client' }).spec;
  cluster.fault.cut(nodeName!, 'control-plane');
  await cluster.kubectl.text`create service clusterip late --tcp=80`;
  cluster.advance('2s');
  assert.not.match(cluster.machine(nodeName!).sh.text`iptables-save`, /default\/late/);
  cluster.fault.restore(nodeName!, 'control-plane');
  cluster.advance('2s');
  assert.match(cluster.machine(nodeName!).sh.text`iptables-save`, /default\/late/);
});

test('a machine that was off has its rules anew', async () => {
  const cluster = await withWeb();
  assert.match(cluster.machine('worker-1').sh.text`iptables-save -t nat`, /default\/web/);
  cluster.fault.powerOff('worker-1');
  assert.match(cluster.machine('worker-1').sh.text`iptables-save`, /No route to host/);
  cluster.fault.powerOn('worker-1');
  cluster.advance('30s');
  assert.match(cluster.machine('worker-1').sh.text`iptables-save -t nat`, /default\/web/);
});

test('rules of v1.20 and of v1.33', async () => {
  const old = (await withWeb({ version: 'v1.20' })).machine('worker-1').sh.text`iptables-save -t nat`;
  assert.match(old, /-A KUBE-SERVICES ! -s 10\.244\.0\.0\/16 -d \S+ -p tcp -m comment --comment "default\/web cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ/);
  const now = (await withWeb()).machine('worker-1').sh.text`iptables-save -t nat`;
  assert.match(now, /-A KUBE-NODEPORTS -p tcp -m comment --comment "default\/web" -m tcp --dport \d+ -j KUBE-EXT-/);
});

test('nftables mode: what no Service takes is refused or dropped, as the set of cluster IPs says', async () => {
  const cluster = await withWeb({ proxyMode: 'nftables' });
  const { clusterIP } = cluster.client.get('Service', { namespace: 'default', name: 'web' }).spec;
  for (const from of ['client', 'worker-1']) {
    assert.is(cluster.trace({ from, to: `${clusterIP}:81` }).error, 'refused');
    const { error, hops } = cluster.trace({ from, to: '10.96.200.200:80' });
    assert.is(error, 'timeout');
    assert.is(hops.at(-1)!.rule, 'ip daddr 10.96.0.0/16 drop comment "Drop traffic to unallocated ClusterIPs"');
  }
  const { hops } = cluster.trace({ from: 'client', to: 'web' });
  assert.match(hops.find(({ verdict }) => verdict === 'DNAT')!.rule!, /^meta l4proto tcp dnat to 10\.244\.\d+\.\d+:80$/);
  assert.match(hops.find(({ verdict }) => verdict === 'DNAT')!.chains!.join(' '), /^nat-prerouting services service-\w{8}-default\/web\/tcp\/ endpoint-\w{8}-default\/web\/tcp\/__10/);
  assert.match(cluster.machine('worker-1').sh.text`nft list map ip kube-proxy service-nodeports`, /elements = \{ tcp \. \d+ : goto external-\w{8}-default\/web\/tcp\/ \}/);
  assert.is(status(cluster, 'worker-1', `127.0.0.1:${nodePort(cluster)}`), '000', 'localhost is no address for node ports');
});

test('userspace mode: an endpoint that does not answer costs nobody a request, all of them do', async () => {
  const cluster = await withWeb({ proxyMode: 'userspace', version: 'v1.20', replicas: 3 });
  const [first, ...others] = podsOf(cluster);
  // The control plane has not noticed yet.
  cluster.fault.powerOff(first!.spec.nodeName!);
  const from = others.find(({ spec }) => spec.nodeName !== first!.spec.nodeName)!.metadata.name;
  const traces = Array.from({ length: 12 }, () => cluster.trace({ from, to: 'web' }));
  assert.ok(traces.every(({ error }) => !error));
  const tries = traces.flatMap(({ hops }) => hops.filter(({ place }) => place === 'kube-proxy'));
  assert.ok(tries.some(({ verdict, after }) => verdict === 'timeout' && after.to === `${first!.status.podIP}:80`));
});

test('userspace mode: nobody is there to take a connection while kube-proxy is down', async () => {
  const cluster = await withWeb({ proxyMode: 'userspace', version: 'v1.20' });
  const { nodeName } = cluster.client.get('Pod', { namespace: 'default', name: 'client' }).spec;
  const before = cluster.machine(nodeName!).sh.text`iptables-save -t nat`;
  assert.match(before, /-A KUBE-PORTALS-CONTAINER -d \S+\/32 -p tcp -m comment --comment "default\/web" -m tcp --dport 80 -j REDIRECT --to-ports \d+/);
  cluster.fault.crash('kube-proxy', nodeName!);
  assert.is(cluster.trace({ from: 'client', to: 'web' }).error, 'refused');
  cluster.fault.start('kube-proxy', nodeName!);
  assert.is(cluster.trace({ from: 'client', to: 'web' }).error, undefined);
});

test('userspace mode: a client stays with its endpoint until the affinity is over', async () => {
  const cluster = await withWeb({ proxyMode: 'userspace', version: 'v1.20' });
  await cluster.kubectl.text`patch service web -p '{"spec":{"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":60}}}}'`;
  cluster.advance('2s');
  const ask = () => cluster.trace({ from: 'client', to: 'web' }).arrived!.to;
  const first = ask();
  for (let i = 0; i < 5; i++) assert.is(ask(), first);
  cluster.advance('61s');
  assert.is.not(ask(), first);
});

for (const proxyMode of ['iptables', 'ipvs', 'nftables'] as const) {
  test(`${proxyMode}: trafficDistribution keeps packets in their zone while somebody there is ready`, async () => {
    const zones = ['a', 'a', 'b'].map((zone) => ({ labels: { 'topology.kubernetes.io/zone': zone } }));
    const cluster = createCluster({ nodes: zones.map((options, i) => ({ ...options, name: `worker-${i + 1}` })), proxyMode });
    await cluster.kubectl.text`create deployment web --image=nginx --replicas=3`;
    await cluster.kubectl.text`expose deployment web --port=80`;
    cluster.advance('15s');
    const nodesHit = () => [...new Set(Array.from({ length: 40 }, () => cluster.trace({ from: 'worker-1', to: address }).arrived!.machine))].sort();
    const address = cluster.client.get('Service', { namespace: 'default', name: 'web' }).spec.clusterIP!;
    assert.equal(nodesHit(), ['worker-1', 'worker-2', 'worker-3']);
    await cluster.kubectl.text`patch service web -p '{"spec":{"trafficDistribution":"PreferClose"}}'`;
    cluster.advance('5s');
    assert.equal(nodesHit(), ['worker-1', 'worker-2']);
    const [slice] = cluster.client.list('EndpointSlice', { labelSelector: 'kubernetes.io/service-name=web' }).items;
    assert.equal(slice!.endpoints.map(({ hints, zone }) => [hints?.forZones?.[0]?.name, zone]).sort(), [['a', 'a'], ['a', 'a'], ['b', 'b']]);
    await cluster.kubectl.text`label node worker-1 topology.kubernetes.io/zone=c --overwrite`;
    cluster.advance('5s');
    // Nobody is near any longer: everybody is asked.
    assert.equal(nodesHit(), ['worker-1', 'worker-2', 'worker-3']);
  });
}

test('internalTrafficPolicy Local: the pods of the own node, or nobody', async () => {
  const cluster = await withWeb({ replicas: 1 });
  await cluster.kubectl.text`patch service web -p '{"spec":{"internalTrafficPolicy":"Local"}}'`;
  cluster.advance('2s');
  const [pod] = podsOf(cluster);
  const address = cluster.client.get('Service', { namespace: 'default', name: 'web' }).spec.clusterIP!;
  for (const from of ['worker-1', 'worker-2', 'worker-3']) assert.is(cluster.trace({ from, to: address }).error, from === pod!.spec.nodeName ? undefined : 'timeout');
});

test('a slice holds a hundred endpoints', async () => {
  const cluster = createCluster({ nodes: 3 });
  await cluster.kubectl.text`create deployment web --image=nginx --replicas=230`;
  await cluster.kubectl.text`expose deployment web --port=80`;
  cluster.advance('3m');
  const slices = cluster.client.list('EndpointSlice', { labelSelector: 'kubernetes.io/service-name=web' }).items;
  assert.equal(slices.map(({ endpoints }) => endpoints.length).sort((a, b) => b - a), [100, 100, 30]);
});

test('families: one stack has one address, and refuses what needs two', async () => {
  const cluster = createCluster({ nodes: 1 });
  const make = (name: string, ipFamilyPolicy: string) => cluster.client.create({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { ipFamilyPolicy, ports: [{ port: 80 }] } });
  assert.equal([make('a', 'SingleStack'), make('b', 'PreferDualStack')].map(({ spec }) => [spec.ipFamilies, spec.ipFamilyPolicy, spec.clusterIPs.length]), [[['IPv4'], 'SingleStack', 1], [['IPv4'], 'PreferDualStack', 1]]);
  assert.throws(() => make('c', 'RequireDualStack'), /this cluster is not configured for dual-stack services/);
});

test('a release has its own modes', () => {
  assert.throws(() => createCluster({ proxyMode: 'userspace' }), /v1\.25까지/);
  assert.throws(() => createCluster({ proxyMode: 'nftables', version: 'v1.20' }), /v1\.29부터/);
});

test('a service carries UDP as it says, and nothing else on that port', async () => {
  const cluster = createCluster({ nodes: 2 });
  await cluster.kubectl.text`run server --image=registry.k8s.io/e2e-test-images/agnhost:2.53 --labels=app=server -- netexec`;
  await cluster.kubectl.text`run client --image=registry.k8s.io/e2e-test-images/agnhost:2.53 -- netexec`;
  cluster.file('service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: server }\nspec: { selector: { app: server }, ports: [{ name: udp, port: 90, protocol: UDP, targetPort: 8081 }, { name: http, port: 80, targetPort: 8080 }] }\n');
  await cluster.kubectl.text`apply -f service.yaml`;
  cluster.advance('15s');
  const dial = async (protocol: string, port: number) => JSON.parse(await cluster.kubectl.text`exec client -- curl -s '${`http://localhost:8080/dial?request=hostname&protocol=${protocol}&host=server&port=${port}&tries=1`}'`).responses;
  assert.equal([await dial('udp', 90), await dial('http', 80), await dial('udp', 80), await dial('http', 90)], [['server'], ['server'], undefined, undefined]);
  assert.is(await cluster.kubectl.text`exec client -- sh -c 'echo hostname | nc -u -w 1 server 90'`, 'server');
  assert.is(await cluster.kubectl.text`exec client -- sh -c 'echo echo two words | nc -u -w 1 server 90'`, 'two words');
});

test('kube-proxy leaves a service alone that another proxy or none looks after', async () => {
  const cluster = await withWeb({ type: 'ClusterIP' });
  const reached = async () => !/wget/.test(await cluster.kubectl.text`exec client -- wget -q -T 2 -O /dev/null http://web`);
  for (const label of ['service.kubernetes.io/service-proxy-name=other', 'service.kubernetes.io/headless=']) {
    await cluster.kubectl.text`label service web ${label}`;
    assert.is(await reached(), false, label);
    await cluster.kubectl.text`label service web ${label.replace(/=.*/, '-')}`;
    assert.is(await reached(), true, label);
  }
});

test('a port of the host leads to its pod: from outside, from the host, from pods, and while the pod is there', async () => {
  const cluster = createCluster({ nodes: 2 });
  const port = (name: string, more: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec:\n  nodeName: worker-1\n  containers: [{ name: c, image: registry.k8s.io/e2e-test-images/agnhost:2.53, args: [netexec], ports: [{ containerPort: 8080, hostPort: 8888${more} }] }]\n`;
  cluster.file('pods.yaml', [port('loopback', ', hostIP: 127.0.0.1'), port('address', ', hostIP: 10.0.0.11')].join('---\n'));
  await cluster.kubectl.text`apply -f pods.yaml`;
  await cluster.kubectl.text`run client --image=busybox -- sleep infinity`;
  cluster.advance('15s');
  const from = (machine: string, at: string) => cluster.machine(machine).sh.text`curl -s -m 2 ${at}/hostname`;
  assert.equal([from('worker-1', '127.0.0.1:8888'), from('worker-1', '10.0.0.11:8888'), from('worker-2', '10.0.0.11:8888')], ['loopback', 'address', 'address']);
  assert.is(await cluster.kubectl.text`exec client -- wget -q -O - http://10.0.0.11:8888/hostname`, 'address');
  assert.is(from('worker-2', '10.0.0.12:8888'), '');
  const rules = cluster.machine('worker-1').sh.text`iptables-save -t nat`;
  assert.match(rules, /-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"cbr0\\" id: \\"[0-9a-f]{64}\\"" -m multiport --dports 8888 -j CNI-DN-[0-9a-f]{21}\n/);
  assert.match(rules, /-A CNI-DN-[0-9a-f]{21} -d 10\.0\.0\.11\/32 -p tcp -m tcp --dport 8888 -j DNAT --to-destination 10\.244\.1\.\d+:8080\n/);
  await cluster.kubectl.text`delete pod address`;
  assert.is(from('worker-2', '10.0.0.11:8888'), '');
  assert.is(cluster.machine('worker-1').sh.text`iptables-save -t nat`.match(/^:CNI-DN-/gm)!.length, 1);
});

test('conntrack says which connections have had an answer', async () => {
  const cluster = createCluster({ nodes: 2 });
  const { kubectl } = cluster;
  await kubectl.text`create deployment web --image=nginx`;
  await kubectl.text`expose deployment web --port=80`;
  cluster.advance('20s');
  const { clusterIP } = cluster.client.get('Service', { namespace: 'default', name: 'web' }).spec;
  const { sh, ip } = cluster.machine('worker-1');
  sh.run(`curl -s http://${clusterIP}`);
  sh.run('curl -s http://10.0.0.12:81');
  sh.run('curl -s --max-time 2 http://10.0.0.99');
  const shown = sh.run('conntrack -L -p tcp').stdout;
  assert.match(shown, new RegExp(`^tcp      6 \\d+ TIME_WAIT src=${ip} dst=${clusterIP} sport=\\d+ dport=80 src=\\S+ dst=\\S+ sport=80 dport=\\d+ \\[ASSURED\\] mark=0 use=1$`, 'm'));
  assert.match(shown, new RegExp(`CLOSE src=${ip} dst=10.0.0.12 sport=\\d+ dport=81 src=10.0.0.12 dst=${ip} sport=81 dport=\\d+ mark=0 use=1$`, 'm'));
  assert.match(shown, new RegExp(`SYN_SENT src=${ip} dst=10.0.0.99 sport=\\d+ dport=80 \\[UNREPLIED\\] src=10.0.0.99 `, 'm'));
});

test.run();
