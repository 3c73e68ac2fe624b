// Packets through random rules: the index of long chains gives what reading them gives; each endpoint gets its share.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { createIptablesProxier, type HostFacts, iptablesJumps, type Packet, type ProxyConfig, servicePortsOf, Tables, walk, endpointsOf, byKey } from '../../lib/network/index.ts';
import { createRandom, type Random } from '../../lib/sim/index.ts';
import { chiSquare } from './chi-square.ts';
import { randomWorld, type RandomWorld } from './random-services.ts';

const test = suite('walk');

function proxied(release: string, { state, config }: Pick<RandomWorld, 'state' | 'config'>) {
  const version = createVersion(release);
  const tables = new Tables();
  tables.ensureChain('nat', 'KUBE-MARK-DROP');
  for (const { table, from, to, rule } of iptablesJumps(version)) {
    tables.ensureChain(table, to);
    tables.ensureRule(table, from, rule);
  }
  const proxier = createIptablesProxier(version, config);
  tables.apply(proxier.sync(state.ports, state.endpoints));
  return { tables, proxier };
}

const tablesOf = (release: string, world: Pick<RandomWorld, 'state' | 'config'>) => proxied(release, world).tables;

const hostOf = (random: Random, { nodeIP }: ProxyConfig): HostFacts => ({ isLocal: (address) => address === nodeIP || address.startsWith('127.'), random, now: 0, set: () => undefined, recent: new Map() });

function randomPacket(random: Random, { state, config }: RandomWorld): Packet {
  const port = random.pick([...state.ports.values()]);
  const [dst, dport] = random.pick([
    [port.clusterIP, port.port],
    [port.clusterIP, port.port + 50],
    [port.externalIPs[0] ?? port.clusterIP, port.port],
    [port.loadBalancerIPs[0] ?? '8.8.8.8', port.port],
    [config.nodeIP, port.nodePort || 22],
    ['127.0.0.1', port.nodePort || 22],
  ] as [string, number][]);
  const src = random.pick(['10.244.1.5', config.nodeIP, '198.51.100.9', '172.16.0.1', '127.0.0.1']);
  return { protocol: port.protocol.toLowerCase() as 'tcp', src, sport: 40_000, dst, dport, mark: 0, state: 'NEW', inInterface: '', outInterface: '', bridged: random.int(2) === 0, dnat: false };
}

const hooks = [['nat', 'PREROUTING'], ['nat', 'OUTPUT'], ['filter', 'INPUT'], ['filter', 'FORWARD'], ['filter', 'OUTPUT'], ['nat', 'POSTROUTING']] as const;

/** How many hooks decided about the packet. */
function sameBothWays(tables: Tables, packet: Packet, config: ProxyConfig, draw: number): number {
  let decided = 0;
  for (const [table, hook] of hooks) {
    const [a, b] = [false, true].map((scan) => {
      const copy = { ...packet };
      const verdict = walk(table, hook, copy, { tables, host: hostOf(createRandom(`draw ${draw}`), config), scan });
      return { verdict, copy };
    });
    assert.equal(a, b);
    if (a!.verdict.kind !== 'ACCEPT') decided++;
  }
  return decided;
}

test('an index finds what reading from top to bottom finds', () => {
  let decided = 0;
  for (const seed of [1, 2, 3, 4]) {
    for (const release of ['v1.20', 'v1.33']) {
      const world = randomWorld(seed, { all: release !== 'v1.20', services: 30 });
      const tables = tablesOf(release, world);
      const packets = createRandom(`packets ${seed}`);
      for (let i = 0; i < 100; i++) {
        const packet = randomPacket(packets, world);
        decided += sameBothWays(tables, packet, world.config, i);
      }
    }
  }
  assert.ok(decided > 300, `${decided} packets met a rule that decided`);
});

test('also while endpoints come and go', () => {
  const world = randomWorld(7, { services: 40 });
  const { tables, proxier } = proxied('v1.33', world);
  const random = createRandom('come and go');
  for (let i = 0; i < 60; i++) {
    sameBothWays(tables, randomPacket(random, world), world.config, i);
    const key = random.pick([...world.state.ports.keys()]);
    const endpoints = world.state.endpoints.get(key) ?? [];
    if (endpoints.length > 0) world.state.endpoints.set(key, endpoints.slice(random.int(2)));
    else world.state.endpoints.delete(key);
    tables.apply(proxier.sync(world.state.ports, world.state.endpoints, [key]));
  }
});

/** One Service with n endpoints. */
function oneService(n: number, spec: object = {}): Pick<RandomWorld, 'state' | 'config'> {
  const service = { metadata: { namespace: 'default', name: 'web' }, spec: { type: 'ClusterIP', clusterIP: '10.96.0.9', ports: [{ port: 80, protocol: 'TCP' }], ...spec } } as never;
  const slice = { metadata: {}, addressType: 'IPv4', ports: [{ name: '', port: 80, protocol: 'TCP' }], endpoints: Array.from({ length: n }, (_, i) => ({ addresses: [`10.244.1.${i + 2}`], conditions: { ready: true }, nodeName: 'node1' })) } as never;
  return { state: { ports: byKey(servicePortsOf(service)), endpoints: endpointsOf('default/web', [slice]) }, config: { hostname: 'node1', nodeIP: '192.168.0.11', localAddresses: ['192.168.0.11'], clusterCIDR: '10.244.0.0/16' } };
}

const toWeb = (src = '10.244.1.200'): Packet => ({ protocol: 'tcp', src, sport: 40_000, dst: '10.96.0.9', dport: 80, mark: 0, state: 'NEW', inInterface: '', outInterface: '', bridged: true, dnat: false });

test('each of several endpoints gets its share', () => {
  // 99.9 % of fair runs stay below this, by degrees of freedom.
  for (const [n, critical] of [[2, 10.83], [3, 13.82], [5, 18.47], [7, 22.46]] as const) {
    const world = oneService(n);
    const tables = tablesOf('v1.33', world);
    const host = hostOf(createRandom(`shares ${n}`), world.config);
    const counts = new Map<string, number>();
    const total = 10_000;
    for (let i = 0; i < total; i++) {
      const { to } = walk('nat', 'PREROUTING', toWeb(), { tables, host });
      counts.set(to!.ip, (counts.get(to!.ip) ?? 0) + 1);
    }
    assert.is(counts.size, n);
    const value = chiSquare([...counts.values()], total);
    assert.ok(value < critical, `chi-square ${value} for ${n} endpoints`);
  }
});

test('a client stays with its endpoint for as long as the affinity says', () => {
  const world = oneService(4, { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } });
  const tables = tablesOf('v1.33', world);
  const host = { ...hostOf(createRandom('affinity'), world.config), now: 0 };
  const ask = (src: string) => walk('nat', 'PREROUTING', toWeb(src), { tables, host }).to!.ip;
  const first = ask('10.244.1.200');
  for (let i = 0; i < 50; i++) assert.is(ask('10.244.1.200'), first);
  const others = new Set(Array.from({ length: 50 }, (_, i) => ask(`10.244.2.${i}`)));
  assert.is(others.size, 4);
  host.now = 61_000;
  assert.is(new Set(Array.from({ length: 40 }, () => (host.now += 61_000) && ask('10.244.1.200'))).size, 4);
});

test('a rule that iptables does not understand changes nothing', () => {
  const tables = new Tables();
  const before = tables.save('nat');
  assert.throws(() => tables.restore('*nat\n:A - [0:0]\n-A A -m nonsense -j ACCEPT\nCOMMIT\n'), /Couldn't load match `nonsense'/);
  assert.throws(() => tables.restore('*nat\n:A - [0:0]\n-A A --dport 80 -j ACCEPT\nCOMMIT\n'), /unknown option "--dport"/);
  assert.throws(() => tables.restore('*nat\n:A - [0:0]\n'), /COMMIT expected/);
  assert.is(tables.save('nat'), before);
});

test.run();
