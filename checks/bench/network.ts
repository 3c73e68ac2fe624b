// kube-proxy with 5,000 Services of four endpoints each.
import { createVersion, type EndpointSlice, type Service } from '../../lib/api/index.ts';
import { answer, byKey, createIptablesProxier, createNftablesProxier, endpointsOf, type HostFacts, iptablesJumps, NftRuleset, type Packet, type ProxyConfig, type ProxyState, restoreText, servicePortsOf, Tables, walk, walkNft } from '../../lib/network/index.ts';
import { createRandom } from '../../lib/sim/index.ts';
import type { Case } from './cases.ts';

const services = 5000;
const version = createVersion();
const config: ProxyConfig = { hostname: 'worker-1', nodeIP: '10.0.0.11', localAddresses: ['10.0.0.11'], clusterCIDR: '10.128.0.0/9', randomFully: true, nfacct: true };

const clusterIP = (i: number) => `10.96.${i >> 8}.${i & 255}`;

function world(): ProxyState {
  const ports: ProxyState['ports'] = byKey(
    Array.from({ length: services }, (_, i) => i).flatMap((i) => servicePortsOf({ metadata: { namespace: 'default', name: `svc-${i}` }, spec: { type: 'NodePort', clusterIP: clusterIP(i), ports: [{ port: 80, protocol: 'TCP', nodePort: 30_000 + i }] } } as unknown as Service)),
  );
  const endpoints: ProxyState['endpoints'] = new Map();
  for (let i = 0; i < services; i++) {
    const addresses = [0, 1, 2, 3].map((k) => `10.${128 + (i >> 12)}.${(i >> 4) & 255}.${(i & 15) * 4 + k}`);
    const slice = { metadata: {}, addressType: 'IPv4', ports: [{ name: '', port: 80, protocol: 'TCP' }], endpoints: addresses.map((ip, k) => ({ addresses: [ip], conditions: { ready: true }, nodeName: `worker-${k}` })) } as unknown as EndpointSlice;
    for (const [key, list] of endpointsOf(`default/svc-${i}`, [slice])) endpoints.set(key, list);
  }
  return { ports, endpoints };
}

function made() {
  const state = world();
  const proxier = createIptablesProxier(version, config);
  const tables = new Tables();
  const begin = performance.now();
  for (const { table, from, to, rule } of iptablesJumps(version)) {
    tables.ensureChain(table, to);
    tables.ensureRule(table, from, rule);
  }
  const sections = proxier.sync(state.ports, state.endpoints);
  if (restoreText(sections).length < 1e6) throw new Error('there are too few rules');
  tables.apply(sections);
  return { state, proxier, tables, took: performance.now() - begin };
}

const packetTo = (i: number): Packet => ({ protocol: 'tcp', src: '10.128.9.9', sport: 40_000, dst: clusterIP(i % services), dport: 80, mark: 0, state: 'NEW', inInterface: 'cni0', outInterface: '', bridged: true, dnat: false });

/** One endpoint of one Service goes; the next packet has to know. */
function renew(): number {
  const { state, proxier, tables } = made();
  const host = facts();
  walk('nat', 'PREROUTING', packetTo(1), { tables, host });
  const times: number[] = [];
  for (let i = 0; i < 21; i++) {
    const key = `default/svc-${i * 7}/TCP`;
    state.endpoints.set(key, state.endpoints.get(key)!.slice(1));
    const begin = performance.now();
    tables.apply(proxier.sync(state.ports, state.endpoints, [key]));
    walk('nat', 'PREROUTING', packetTo(i * 7), { tables, host });
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[10]!;
}

const facts = (): HostFacts => ({ isLocal: (ip) => ip === config.nodeIP, random: createRandom(1), now: 0, set: () => undefined, recent: new Map() });

function packets(): number {
  const { tables } = made();
  const host = facts();
  const send = (count: number) => {
    for (let i = 0; i < count; i++) if (walk('nat', 'PREROUTING', packetTo(i * 13), { tables, host }).kind !== 'DNAT') throw new Error('a packet met no endpoint');
  };
  send(services);
  const begin = performance.now();
  send(1000);
  return performance.now() - begin;
}

function nftRules() {
  const state = world();
  const proxier = createNftablesProxier(createVersion(), config);
  const ruleset = new NftRuleset();
  const begin = performance.now();
  for (const lines of proxier.sync(state.ports, state.endpoints, { now: 0 })) ruleset.load(lines);
  return { state, proxier, ruleset, took: performance.now() - begin };
}

function nftPacket(ruleset: NftRuleset, i: number, host: HostFacts): void {
  for (const { table, chain } of ruleset.at('prerouting')) if (chain.base!.type === 'nat' && walkNft(chain, { packet: packetTo(i), host, table, steps: [] }).kind !== 'DNAT') throw new Error('a packet met no endpoint');
}

/** One endpoint of one Service goes. */
function nftRenewed(): number {
  const { state, proxier, ruleset } = nftRules();
  const host = facts();
  const times: number[] = [];
  for (let i = 0; i < 21; i++) {
    const key = `default/svc-${i * 7}/TCP`;
    state.endpoints.set(key, state.endpoints.get(key)!.slice(1));
    const begin = performance.now();
    for (const lines of proxier.sync(state.ports, state.endpoints, { now: i * 2000, changed: [key] })) ruleset.load(lines);
    nftPacket(ruleset, i * 7, host);
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[10]!;
}

function nftPackets(): number {
  const { ruleset } = nftRules();
  const host = facts();
  for (let i = 0; i < services; i++) nftPacket(ruleset, i * 13, host);
  const begin = performance.now();
  for (let i = 0; i < 1000; i++) nftPacket(ruleset, i * 13, host);
  return performance.now() - begin;
}

/** Answers from a cluster's own Services, each name in turn. */
function names(): number {
  const slices: EndpointSlice[] = [];
  const source = {
    domain: 'cluster.local',
    service: (namespace: string, name: string) => ({ metadata: { namespace, name }, spec: { clusterIP: clusterIP(Number(name.slice(4))), ports: [{ port: 80 }] } }) as unknown as Service,
    slices: () => slices,
    hasNamespace: () => true,
  };
  const send = (count: number) => {
    for (let i = 0; i < count; i++) if (answer({ name: `svc-${i % services}.default.svc.cluster.local`, type: 'A' }, source).records.length !== 1) throw new Error('a name was not found');
  };
  send(10_000);
  const begin = performance.now();
  send(100_000);
  return performance.now() - begin;
}

export const networkCases: Record<string, Case> = {
  'proxy rules of 5,000 services': { unit: 'ms', limit: 2000, run: () => made().took },
  'proxy rules, one endpoint less': { unit: 'ms', limit: 20, run: renew },
  '1,000 packets, 5,000 services': { unit: 'ms', limit: 50, run: packets },
  'nftables rules of 5,000 services': { unit: 'ms', limit: 2000, run: () => nftRules().took },
  'nftables rules, one endpoint less': { unit: 'ms', limit: 20, run: nftRenewed },
  '1,000 packets, 5,000 services, nftables': { unit: 'ms', limit: 50, run: nftPackets },
  '100,000 DNS answers': { unit: 'ms', limit: 1000, run: names },
};
