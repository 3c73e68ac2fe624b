// iptables and nftables mode are two ways to say the same: the same packets get to the same places.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { createIptablesProxier, createNftablesProxier, type HostNetwork, iptablesJumps, NftRuleset, type Packet, type ProxyConfig, Tables } from '../../lib/network/index.ts';
import { Conntrack } from '../../lib/network/netfilter/conntrack.ts';
import { type Origin, pass } from '../../lib/network/path.ts';
import { createRandom, type Random } from '../../lib/sim/index.ts';
import { randomWorld, type RandomWorld } from './random-services.ts';

const test = suite('modes agree');

type Rules = Pick<HostNetwork, 'tables' | 'nft'>;

function iptables({ state, config }: RandomWorld): Rules {
  const version = createVersion('v1.33');
  const tables = new Tables(config.family);
  for (const { table, from, to, rule } of iptablesJumps(version)) {
    tables.ensureChain(table, to);
    tables.ensureRule(table, from, rule);
  }
  tables.apply(createIptablesProxier(version, config).sync(state.ports, state.endpoints));
  return { tables, nft: new NftRuleset() };
}

function nftables({ state, config }: RandomWorld): Rules {
  const nft = new NftRuleset();
  for (const lines of createNftablesProxier(createVersion(), { ...config, nodePortAddresses: [config.family === 'IPv6' ? '::/0' : '0.0.0.0/0'] }).sync(state.ports, state.endpoints, { now: 0 })) nft.load(lines);
  return { tables: new Tables(), nft };
}

/** Each draw is so much later that no client is remembered. */
const hostOf = (rules: Rules, { nodeIP }: ProxyConfig, draw: number) =>
  ({ ...rules, sync() {}, conntrack: new Conntrack(), recent: new Map(), random: createRandom(`draw ${draw}`), now: draw * 20_000_000, proxy: {}, set: () => undefined, isLocal: (ip: string) => ip === nodeIP, addressTowards: () => nodeIP, outInterface: () => 'eth0' }) as unknown as HostNetwork;

/** All that may become of a packet, over many draws. */
function outcomes(rules: Rules, { config }: RandomWorld, { packet, origin }: { packet: Packet; origin: Origin }): string {
  const seen = new Set<string>();
  for (let draw = 0; draw < 60; draw++) {
    const { outcome, packet: after } = pass(hostOf(rules, config, draw), packet, origin);
    seen.add(outcome === 'DROP' || outcome === 'REJECT' ? outcome : `${outcome} ${after.dst}:${after.dport} from ${after.src}`);
  }
  return [...seen].sort().join(', ');
}

function randomPacket(random: Random, { state, config }: RandomWorld): { packet: Packet; origin: Origin } {
  const port = random.pick([...state.ports.values()]);
  const [pod, near, far] = config.family === 'IPv6' ? ['fd00:244::5', 'fd00:51::9', '2001:db8::1'] : ['10.244.1.5', '198.51.100.9', '172.16.0.1'];
  const [origin, src] = random.pick([['pod', pod], ['host', config.nodeIP], ['outside', near], ['outside', far]] as [Origin, string][]);
  // nftables mode asks the firewall of a balancer first, iptables mode only where there are endpoints.
  const open = port.sourceRanges.length === 0 || (state.endpoints.get(port.key) ?? []).some(({ ready }) => ready);
  // iptables mode does not close outside addresses for the host itself: KUBE-EXTERNAL-SERVICES is not asked in OUTPUT.
  const outside = origin === 'host' ? [] : [...port.externalIPs, ...(open ? port.loadBalancerIPs : [])].map((ip): [string, number] => [ip, port.port]);
  const [dst, dport] = random.pick([[port.clusterIP, port.port], ...outside, ...(port.nodePort && origin !== 'host' ? [[config.nodeIP, port.nodePort]] : [])] as [string, number][]);
  return { origin, packet: { protocol: port.protocol.toLowerCase() as 'tcp', src, sport: 40_000, dst, dport, mark: 0, state: 'NEW', inInterface: '', outInterface: '', bridged: origin === 'pod', dnat: false } };
}

for (const family of ['IPv4', 'IPv6'] as const) test(`the same packets get to the same places, ${family}`, () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const world = randomWorld(seed, { services: 20, family });
    world.config.nodePortAddresses = [];
    const [a, b] = [iptables(world), nftables(world)];
    const random = createRandom(`packets ${seed}`);
    for (let i = 0; i < 60; i++) {
      const sent = randomPacket(random, world);
      assert.is(outcomes(b, world, sent), outcomes(a, world, sent), `seed ${seed}: ${sent.origin} ${sent.packet.src} → ${sent.packet.protocol} ${sent.packet.dst}:${sent.packet.dport}`);
    }
  }
});

test.run();
