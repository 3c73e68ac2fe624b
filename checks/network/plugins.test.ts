// Network plug-ins: where addresses come from, how packets between nodes are wrapped, what goes wrong.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, type ClusterOptions, createCluster, type NetworkName } from '../../lib/index.ts';
import { networkNames } from '../../lib/network/index.ts';

const test = suite('network plug-ins');

function withWeb(options: ClusterOptions, replicas = 4): Cluster {
  const cluster = createCluster({ nodes: 2, ...options });
  cluster.kubectl.text`create deployment web --image=nginx --replicas=${replicas}`;
  cluster.kubectl.text`expose deployment web --port=80`;
  cluster.kubectl.text`run client --image=busybox -- sleep infinity`;
  cluster.advance('20s');
  return cluster;
}

const podsOf = (cluster: Cluster) => cluster.client.list('Pod', { namespace: 'default' }).items;
const client = (cluster: Cluster) => podsOf(cluster).find(({ metadata }) => metadata.name === 'client')!;
const elsewhere = (cluster: Cluster) => podsOf(cluster).find(({ spec }) => spec.nodeName !== client(cluster).spec.nodeName)!;
const sh = (cluster: Cluster, line: string, machine = 'worker-1') => cluster.machine(machine).sh.run(line).printed;
const fetched = (cluster: Cluster, to: string, from = 'client') => String(cluster.kubectl.text`exec ${from} -- wget -qO- -T 2 ${to}`).includes('Welcome to nginx');

/** Interface, headers and bytes of each plug-in's wrapping; undefined: none between neighbours. */
const wrapping: Record<NetworkName, [device: string, kind: string, port: string, overhead: number, mtu: number] | [mtu: number]> = {
  flannel: ['flannel.1', 'vxlan', ':8472', 50, 1450],
  'flannel-udp': ['flannel0', 'udp', ':8285', 28, 1472],
  'flannel-host-gw': [1500],
  calico: ['tunl0', 'ipip', '', 20, 1480],
  'calico-cross-subnet': [1480],
  'calico-bgp': [1500],
  'kube-router': [1480],
  romana: [1500],
  weave: ['weave', 'vxlan', ':6784', 50, 1376],
  kubenet: [1500],
  docker: [1500],
};

for (const network of networkNames.filter((name) => name !== 'docker' && name !== 'kubenet')) {
  test(`${network}: every pod reaches every other, and the Service`, () => {
    const cluster = withWeb({ network });
    const addresses = podsOf(cluster).map(({ status }) => status.podIP!);
    assert.is(new Set(addresses).size, 5);
    const web = podsOf(cluster).filter(({ metadata }) => metadata.name !== 'client');
    for (const { status, spec } of web) {
      assert.ok(fetched(cluster, status.podIP!), `client → ${status.podIP}`);
      assert.is(cluster.trace({ from: 'client', to: status.podIP! }).arrived?.machine, spec.nodeName);
      assert.is(cluster.trace({ from: 'control-plane', to: status.podIP! }).error, undefined);
    }
    assert.ok(fetched(cluster, 'web'));
    assert.is(cluster.trace({ from: 'client', to: 'web' }).error, undefined);
  });

  test(`${network}: what is wrapped, and how`, () => {
    const cluster = withWeb({ network });
    const { hops } = cluster.trace({ from: 'client', to: elsewhere(cluster).status.podIP! });
    const wrapped = hops.find(({ place }) => place === 'encap');
    const expected = wrapping[network];
    const mtu = expected.at(-1);
    if (expected.length === 1) assert.is(wrapped, undefined);
    else {
      const [device, kind, port, overhead] = expected;
      assert.equal([wrapped!.interface, wrapped!.outer!.kind, wrapped!.outer!.overhead], [device, kind, overhead]);
      assert.ok(wrapped!.outer!.to.endsWith(`${elsewhere(cluster).status.hostIP}${port}`), wrapped!.outer!.to);
      assert.is(hops.filter(({ place }) => place === 'decap').length, 1);
      if (network !== 'weave') assert.is(overhead + Number(mtu), 1500);
    }
    assert.match(sh(cluster, 'ip link | grep @if2'), new RegExp(` mtu ${mtu} `));
  });
}

test('kubenet: the routes of the cloud carry packets between nodes, and without one they are lost', () => {
  const cluster = withWeb({ network: 'kubenet', cloud: true });
  cluster.advance('30s');
  const far = elsewhere(cluster);
  assert.ok(fetched(cluster, far.status.podIP!));
  assert.is(cluster.trace({ from: 'client', to: far.status.podIP! }).arrived?.machine, far.spec.nodeName);
  assert.is(sh(cluster, 'ip route | grep 10.244').trim().split('\n').length, 1, 'the nodes know no way');
  assert.match(sh(cluster, 'iptables-save -t nat | grep kubenet'), '-A POSTROUTING ! -d 10.0.0.0/8 -m comment --comment "kubenet: SNAT for outbound traffic from cluster" -m addrtype ! --dst-type LOCAL -j MASQUERADE');
  const route = cluster.cloud.routes().find(({ targetNode }) => targetNode === far.spec.nodeName)!;
  cluster.cloud.deleteRoute(route.name);
  assert.is(cluster.trace({ from: 'client', to: far.status.podIP! }).loss, 'router');
  cluster.advance('20s');
  assert.is(cluster.trace({ from: 'client', to: far.status.podIP! }).error, undefined, 'the route controller has made it again');
  const alone = withWeb({ network: 'kubenet' });
  assert.is(alone.trace({ from: 'client', to: elsewhere(alone).status.podIP! }).loss, 'router');
});

test('Docker alone: two hosts give the same address, and packets go to the wrong pod', () => {
  const cluster = withWeb({ network: 'docker' });
  const far = elsewhere(cluster);
  const near = podsOf(cluster).find((pod) => pod.status.podIP === far.status.podIP && pod !== far)!;
  assert.is(near.spec.nodeName, client(cluster).spec.nodeName);
  assert.is(cluster.trace({ from: 'client', to: far.status.podIP! }).arrived!.machine, near.spec.nodeName);
  assert.match(String(cluster.trace({ from: 'client', to: far.status.podIP! })), near.metadata.name);
  cluster.kubectl.text`delete pod ${near.metadata.name} --grace-period=0 --force`;
  cluster.kubectl.text`scale deployment web --replicas=0`;
  const self = cluster.trace({ from: 'client', to: client(cluster).status.podIP! });
  assert.is(self.arrived!.to, `${client(cluster).status.podIP}:80`);
});

test('Docker alone: a packet that leaves the host has the host as its sender', () => {
  const cluster = withWeb({ network: 'docker' });
  const other = ['worker-1', 'worker-2'].find((name) => name !== client(cluster).spec.nodeName)!;
  const { hops } = cluster.trace({ from: 'client', to: `${cluster.machines.get(other)!.ip}:22` });
  assert.match(hops.at(-1)!.after.from, client(cluster).status.hostIP!);
  assert.match(hops.find(({ verdict }) => verdict === 'MASQUERADE')!.rule!, '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE');
});

test('a host shows pods of other nodes the address of its end of the tunnel', () => {
  const from = (network: NetworkName) => {
    const cluster = withWeb({ network });
    return cluster.trace({ from: 'control-plane', to: elsewhere(cluster).status.podIP! }).hops[0]!.before.from.split(':')[0];
  };
  assert.is(from('flannel'), '10.244.0.0');
  assert.match(from('calico')!, /^10\.244\.\d+\.(0|64|128|192)$/);
  assert.is(from('flannel-host-gw'), '10.0.0.10');
});

test('a node whose range is full: FailedCreatePodSandBox in the words of the plug-in', () => {
  const full = (options: ClusterOptions, replicas: number) => {
    const cluster = withWeb({ nodes: 1, ...options }, replicas);
    return cluster.client.list('Event').items.find(({ reason }) => reason === 'FailedCreatePodSandBox')!.message!;
  };
  const many = [{ name: 'worker-1', pods: 300 }];
  assert.match(full({ nodes: many }, 260), /^Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": plugin type="flannel" failed \(add\): failed to delegate add: failed to allocate for range 0: no IP addresses available in range set: 10\.244\.1\.1-10\.244\.1\.254$/);
  assert.match(full({ nodes: many, version: 'v1.20' }, 260), /^Failed to create pod sandbox: rpc error: code = Unknown desc = failed to set up sandbox container "[0-9a-f]{64}" network for pod "web-[^"]+": networkPlugin cni failed to set up pod "web-[^"]+_default" network: failed to delegate add: failed to allocate for range 0: no IP addresses available in range set: 10\.244\.1\.1-10\.244\.1\.254$/);
  assert.match(full({ network: 'calico', podCIDR: '10.244.0.0/27' }, 40), /plugin type="calico" failed \(add\): failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No IPs available in pools: \[10\.244\.0\.0\/27\]$/);
});

test('Calico: a node claims another block when its first is full, and borrows when there is none', () => {
  const cluster = withWeb({ network: 'calico', podCIDR: '10.244.0.0/24', nodes: [{ name: 'worker-1', pods: 250 }] }, 150);
  const addresses = podsOf(cluster).map(({ status }) => status.podIP!);
  assert.is(new Set(addresses).size, 151);
  const blocks = sh(cluster, 'ip route | grep blackhole').trim().split('\n');
  assert.is(blocks.length, 3);
  assert.ok(addresses.every((ip) => cluster.trace({ from: 'control-plane', to: ip }).arrived?.machine === 'worker-1'));
});

test('Weave Net: addresses go on without duplicates when the mesh is cut in two, and peers relay', () => {
  const cluster = withWeb({ network: 'weave', nodes: 3 }, 6);
  cluster.fault.cut('worker-1', 'worker-2');
  const on = (node: string) => podsOf(cluster).find(({ spec, metadata }) => spec.nodeName === node && metadata.name !== 'client')!;
  const relayed = cluster.trace({ from: on('worker-1').metadata.name, to: on('worker-2').status.podIP! });
  assert.is(relayed.error, undefined);
  assert.equal(relayed.hops.filter(({ place }) => place === 'relay').map(({ machine }) => machine), ['control-plane']);
  for (const node of ['control-plane', 'worker-3']) cluster.fault.cut('worker-1', node);
  assert.is(cluster.trace({ from: on('worker-1').metadata.name, to: on('worker-2').status.podIP! }).loss, 'cut');
  cluster.kubectl.text`scale deployment web --replicas=12`;
  cluster.advance('30s');
  const addresses = podsOf(cluster).flatMap(({ status }) => status.podIP ?? []);
  assert.is(new Set(addresses).size, addresses.length);
  assert.ok(addresses.length > 9);
});

test('without an overlay a router between the nodes loses packets; the tunnel of others gets through', () => {
  const nodes = [{ ip: '10.0.0.11' }, { ip: '10.1.0.12' }];
  const lossOf = (network: NetworkName) => {
    const cluster = withWeb({ network, nodes });
    return cluster.trace({ from: 'client', to: elsewhere(cluster).status.podIP! }).loss;
  };
  for (const network of ['flannel-host-gw', 'calico-bgp', 'romana'] as const) assert.is(lossOf(network), 'router', network);
  for (const network of ['flannel', 'flannel-udp', 'calico', 'calico-cross-subnet', 'kube-router', 'weave'] as const) assert.is(lossOf(network), undefined, network);
});

test('ranges that overlap: a host in the range of pods cannot be reached any more', () => {
  const cluster = withWeb({ podCIDR: '10.0.0.0/16' });
  assert.is(cluster.trace({ from: 'client', to: elsewhere(cluster).status.podIP! }).loss, 'overlap');
  assert.not.ok(fetched(cluster, elsewhere(cluster).status.podIP!));
  // The control plane's own range, 10.0.0.0/24, holds the addresses of all machines: it looks for them among its pods.
  assert.is(cluster.trace({ from: 'control-plane', to: '10.0.0.11:22' }).loss, 'no-pod');
  assert.match(sh(cluster, 'ip route'), /^10\.0\.0\.0\/24 via 10\.0\.0\.0 dev flannel\.1 onlink $/m);
});

test('a firewall that drops the port of the tunnel', () => {
  const cluster = withWeb({});
  const { nodeName, ...rest } = elsewhere(cluster).spec;
  void rest;
  cluster.fault.blockPort(nodeName!, 8472);
  assert.is(cluster.trace({ from: 'client', to: elsewhere(cluster).status.podIP! }).loss, 'firewall');
  assert.not.ok(fetched(cluster, elsewhere(cluster).status.podIP!));
  cluster.fault.openPort(nodeName!, 8472);
  assert.ok(fetched(cluster, elsewhere(cluster).status.podIP!));
});

test('what a machine shows: interfaces, routes, the other ends of the tunnel', () => {
  const cluster = withWeb({});
  assert.match(sh(cluster, 'ip addr show flannel.1'), /^3: flannel\.1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN group default \n {4}link\/ether [0-9a-f:]{17} brd ff:ff:ff:ff:ff:ff\n {4}inet 10\.244\.1\.0\/32 scope global flannel\.1\n/);
  assert.match(sh(cluster, 'ip -d link show flannel.1'), 'vxlan id 1 local 10.0.0.11 dev eth0 srcport 0 0 dstport 8472 nolearning');
  assert.is(sh(cluster, 'ip route'), ['default via 10.0.0.1 dev eth0 proto static ', '10.0.0.0/16 dev eth0 proto kernel scope link src 10.0.0.11 ', '10.244.0.0/24 via 10.244.0.0 dev flannel.1 onlink ', '10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1 ', '10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink ', ''].join('\n'));
  const mac = /link\/ether (\S+)/.exec(sh(cluster, 'ip link show flannel.1', 'worker-2'))![1]!;
  assert.match(sh(cluster, 'bridge fdb show dev flannel.1'), `${mac} dst 10.0.0.12 self permanent`);
  assert.match(sh(cluster, 'arp'), new RegExp(`^10\\.244\\.2\\.0 +ether +${mac} +CM +flannel\\.1$`, 'm'));
  assert.match(sh(cluster, 'ip route get 10.244.2.9'), '10.244.2.9 via 10.244.2.0 dev flannel.1 src 10.244.1.0');
  assert.match(sh(cluster, 'cat /etc/cni/net.d/10-flannel.conflist'), '"type": "flannel"');
});

test('nobody installed a plug-in: nodes are not ready until its configuration lies in /etc/cni/net.d', () => {
  const cluster = createCluster({ nodes: 1, network: 'none' });
  const ready = () => cluster.client.get('Node', { name: 'worker-1' }).status.conditions!.find(({ type }) => type === 'Ready')!;
  assert.is(ready().message, 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized');
  cluster.kubectl.text`run web --image=nginx`;
  cluster.advance('10s');
  assert.match(String(cluster.kubectl.text`get pods`), /web +0\/1 +Pending/);
  for (const machine of ['control-plane', 'worker-1']) sh(cluster, `mkdir -p /etc/cni/net.d; echo '{"name":"k8s-pod-network","cniVersion":"0.3.1","plugins":[{"type":"calico"}]}' > /etc/cni/net.d/10-calico.conflist`, machine);
  cluster.advance('1m');
  assert.is(ready().status, 'True');
  assert.match(String(cluster.kubectl.text`get pods`), /web +1\/1 +Running/);
  assert.match(sh(cluster, 'ip route'), /blackhole .* proto bird/);
  sh(cluster, 'rm -rf /etc/cni/net.d');
  cluster.advance('1m');
  assert.is(ready().status, 'False');
});

test("a learner's plug-in gives the addresses, and what it throws is the reason", () => {
  const cluster = createCluster({ nodes: 1 });
  const calls: string[] = [];
  cluster.cni(({ podCIDR }) => {
    let last = 99;
    return {
      add({ pod }) {
        calls.push(`add ${pod}`);
        if (last === 100) throw new Error('no more');
        return podCIDR.replace(/0\/24$/, String(++last));
      },
      del: ({ pod }) => void calls.push(`del ${pod}`),
    };
  });
  cluster.kubectl.text`run one --image=nginx`;
  cluster.advance('10s');
  cluster.kubectl.text`run two --image=nginx`;
  cluster.advance('10s');
  assert.is(cluster.client.get('Pod', { namespace: 'default', name: 'one' }).status.podIP, '10.244.1.100');
  assert.match(cluster.client.list('Event').items.find(({ reason }) => reason === 'FailedCreatePodSandBox')!.message!, /: plugin type="flannel" failed \(add\): no more$/);
  cluster.kubectl.text`delete pod one`;
  assert.equal(calls.filter((call) => call.startsWith('del')), ['del one']);
});

test('an unknown plug-in is named with those that exist', () => {
  assert.throws(() => createCluster({ network: 'cilium' as NetworkName }), /'cilium' 네트워크는 없다. 있는 것: flannel, .*docker, none/);
});

test.run();
