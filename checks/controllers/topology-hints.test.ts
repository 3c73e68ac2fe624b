// service.kubernetes.io/topology-mode: Auto – which zone each endpoint is for, and what kube-proxy makes of it in each mode.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster, type EndpointSlice } from '../../lib/index.ts';

const test = suite('topology hints');

const zoneOf = (name: string, cpus = 4, zone = name.slice(0, 1)) => ({ name, cpus, labels: { 'topology.kubernetes.io/zone': zone } });

function withWeb(nodes: ReturnType<typeof zoneOf>[], replicas: number, options: { proxyMode?: 'iptables' | 'ipvs' | 'nftables'; version?: string } = {}): Cluster {
  const cluster = createCluster({ nodes, ...options });
  cluster.kubectl.text`create deployment web --image=nginx --replicas=${replicas}`;
  cluster.kubectl.text`expose deployment web --port=80`;
  cluster.advance('30s');
  return cluster;
}

function annotate(cluster: Cluster, text = 'service.kubernetes.io/topology-mode=Auto'): void {
  cluster.kubectl.text`annotate service web ${text}`;
  cluster.advance('5s');
}

const slice = (cluster: Cluster) => cluster.client.list('EndpointSlice', { labelSelector: 'kubernetes.io/service-name=web' }).items[0] as EndpointSlice & { endpoints: { zone: string; hints?: { forZones: { name: string }[] } }[] };
const hints = (cluster: Cluster) => slice(cluster).endpoints.map(({ zone, hints }) => `${zone}→${(hints?.forZones ?? []).map(({ name }) => name).join()}`).sort();
const events = (cluster: Cluster) => cluster.client.list('Event').items.filter(({ reason }) => reason?.startsWith('TopologyAwareHints')).map(({ type, reason, message }) => `${type} ${reason}: ${message}`);

test('each endpoint is for its own zone where the zones are alike; an event says so, and another when it ends', () => {
  const cluster = withWeb([zoneOf('a1'), zoneOf('b1')], 4);
  assert.equal(hints(cluster), ['a→', 'a→', 'b→', 'b→']);
  annotate(cluster);
  assert.equal(hints(cluster), ['a→a', 'a→a', 'b→b', 'b→b']);
  assert.equal(events(cluster), ['Normal TopologyAwareHintsEnabled: Topology Aware Hints has been enabled, addressType: IPv4']);
  annotate(cluster, 'service.kubernetes.io/topology-mode-');
  assert.equal(hints(cluster), ['a→', 'a→', 'b→', 'b→']);
  assert.is(events(cluster).at(-1), 'Warning TopologyAwareHintsDisabled: Topology Aware Hints has been disabled, addressType: IPv4');
});

test('events of it came with v1.26', () => {
  for (const [version, count] of [['v1.25', 0], ['v1.26', 1]] as const) {
    const cluster = withWeb([zoneOf('a1'), zoneOf('b1')], 4, { version });
    annotate(cluster, 'service.kubernetes.io/topology-aware-hints=auto');
    assert.equal(hints(cluster), ['a→a', 'a→a', 'b→b', 'b→b']);
    assert.is(events(cluster).length, count, version);
  }
});

test('a zone with more CPUs gets endpoints of another', () => {
  const cluster = withWeb([zoneOf('a1', 12), zoneOf('b1', 4)], 8);
  for (const name of cluster.client.list('Pod').items.filter(({ spec }) => spec.nodeName === 'a1').slice(4).map(({ metadata }) => metadata.name)) cluster.kubectl.text`delete pod ${name}`;
  cluster.advance('30s');
  annotate(cluster);
  const all = hints(cluster);
  const count = all.filter((text) => text.endsWith('→a')).length;
  assert.is(all.length, 8);
  assert.ok(count >= 5 && count <= 7, `${count} of 8 for the zone with three quarters of the CPUs`);
});

test('too few endpoints, and nodes of which nobody knows the zone', () => {
  const few = withWeb([zoneOf('a1'), zoneOf('b1'), zoneOf('c1')], 2);
  annotate(few);
  assert.equal(hints(few).map((text) => text.slice(1)), ['→', '→']);
  assert.is(events(few)[0], 'Warning TopologyAwareHintsDisabled: Insufficient number of endpoints (2 endpoints, 3 zones), addressType: IPv4');
  const unknown = withWeb([zoneOf('a1'), { ...zoneOf('b1'), labels: {} as never }], 4);
  annotate(unknown);
  assert.is(events(unknown)[0], 'Warning TopologyAwareHintsDisabled: Insufficient Node information: allocatable CPU or zone not specified on one or more nodes, addressType: IPv4');
});

test('a zone that is left by its last node leaves no hints behind', () => {
  const cluster = withWeb([zoneOf('a1'), zoneOf('b1')], 4);
  annotate(cluster);
  cluster.fault.powerOff('b1');
  cluster.advance('2m');
  assert.ok(slice(cluster).endpoints.every(({ hints }) => !hints));
  assert.match(events(cluster).at(-1)!, 'TopologyAwareHintsDisabled: Insufficient Node information');
});

for (const proxyMode of ['iptables', 'ipvs', 'nftables'] as const) {
  test(`${proxyMode}: packets stay in the zone`, () => {
    const cluster = withWeb([zoneOf('a1'), zoneOf('b1')], 4, { proxyMode });
    annotate(cluster);
    cluster.kubectl.text`run client --image=busybox --overrides ${'{"spec":{"nodeName":"a1"}}'} -- sleep infinity`;
    cluster.advance('10s');
    const there = new Set(Array.from({ length: 30 }, () => cluster.trace({ from: 'client', to: 'web' }).arrived!.machine));
    assert.equal([...there], ['a1']);
  });
}

test('before v1.24 the annotation means nothing', () => {
  const cluster = withWeb([zoneOf('a1'), zoneOf('b1')], 4, { version: 'v1.20' });
  annotate(cluster, 'service.kubernetes.io/topology-aware-hints=auto');
  assert.is(events(cluster).length, 0);
});

test.run();
