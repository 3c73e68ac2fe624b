// The way of a new connection's first packet through one host: the hooks of the kernel in their order.
import type { HostNetwork } from './host-network.ts';
import type { Packet } from './netfilter/packet.ts';
import { type Step, type Verdict, walk } from './netfilter/walk.ts';
import { type NftHook, type NftStep, walkNft } from './nftables/index.ts';

export type Origin = 'pod' | 'host' | 'outside';

/** What became of the packet: it goes on as `packet` says, is for this host itself, or somebody ended it. */
export interface Passage {
  outcome: 'forward' | 'local' | 'DROP' | 'REJECT';
  packet: Packet;
  /** The hooks, and what each did. */
  hops: Hop[];
  /** A rule sent it to a port of the host. */
  redirected?: boolean;
  /** ipvs gave it another receiver. */
  balanced?: boolean;
}

export interface Hop {
  hook: string;
  before: Packet;
  after: Packet;
  /** The rules that held. */
  steps: readonly (Step | NftStep)[];
  /** What came of it; missing where no rules are asked. */
  verdict?: Verdict;
  /** What came of it where nobody but a program decided. */
  said?: string;
}

export function pass(host: HostNetwork, sent: Packet, origin: Origin): Passage {
  host.sync();
  const passage: Passage = { outcome: 'forward', packet: { ...sent }, hops: [] };
  const known = host.conntrack.find(sent, host.now);
  if (known) {
    const packet: Packet = { ...sent, src: known.from.ip, sport: known.from.port, dst: known.to.ip, dport: known.to.port, state: 'ESTABLISHED', dnat: known.to.ip !== known.dst };
    return { outcome: host.isLocal(packet.dst) ? 'local' : 'forward', packet, hops: [{ hook: 'conntrack', before: sent, after: packet, steps: [] }] };
  }

  const fromHost = origin === 'host';
  if (!hook(host, passage, fromHost ? 'output' : 'prerouting')) return passage;
  const { packet } = passage;
  if (passage.redirected || host.isLocal(packet.dst)) {
    if (!hook(host, passage, 'input')) return passage;
    if (host.isLocal(packet.dst)) return { ...passage, outcome: 'local' };
    // What ipvs sends on leaves the host as if the host itself had sent it.
    if (!hook(host, passage, 'output')) return passage;
  } else if (!fromHost && !hook(host, passage, 'forward')) return passage;
  packet.outInterface = host.outInterface(packet.dst);
  hook(host, passage, 'postrouting');
  host.conntrack.add(sent, packet, host.now);
  return passage;
}

/** True where policies are rules of the host's filter table. */
export function policed(host: HostNetwork): boolean {
  host.sync();
  return host.policed;
}

/** Through the rules about what is only passed on, and no others. */
export function forward(host: HostNetwork, sent: Pick<Packet, 'protocol' | 'src' | 'sport' | 'dst' | 'dport' | 'inInterface'>): Passage {
  const passage: Passage = { outcome: 'forward', packet: { mark: 0, state: 'NEW', outInterface: '', bridged: false, dnat: false, ...sent }, hops: [] };
  hook(host, passage, 'forward');
  return passage;
}

interface Stop {
  name: string;
  /** Asked about the first packet of a connection only, and once: who has a new receiver keeps it. */
  nat?: boolean;
  /** Lower ones come first. */
  priority: number;
  ask(packet: Packet, steps: (Step | NftStep)[]): Verdict;
}

const iptablesAt: Readonly<Record<NftHook, readonly (readonly ['nat' | 'filter', number])[]>> = {
  prerouting: [['nat', -100]],
  input: [['filter', 0]],
  forward: [['filter', 0]],
  output: [['nat', -100], ['filter', 0]],
  postrouting: [['nat', 100]],
};

/** Where ipvs takes packets for virtual servers: before the host itself gets them, and behind the rules for what it sends. */
const ipvsAt: Partial<Record<NftHook, number>> = { input: 98, output: -98 };

/** All that the kernel asks at one hook, in its order. */
function stopsAt(host: HostNetwork, name: NftHook, passage: Passage): Stop[] {
  const { tables, nft } = host;
  const stops: Stop[] = iptablesAt[name].map(([table, priority]) => ({ name: `${table} ${name.toUpperCase()}`, nat: table === 'nat', priority, ask: (packet, steps) => walk(table, name.toUpperCase(), packet, { tables, host, steps: steps as Step[] }) }));
  const balancer = host.proxy.ipvs && !passage.balanced ? ipvsAt[name] : undefined;
  if (balancer !== undefined) stops.push({ name: 'ipvs', priority: balancer, ask: () => balance(host, passage) });
  const more = nft.empty ? [] : nft.at(name).map(({ table, chain }): Stop => ({ name: chain.name, nat: chain.base!.type === 'nat', priority: chain.base!.priority, ask: (packet, steps) => walkNft(chain, { packet, host, table, steps: steps as NftStep[] }) }));
  if (more.length === 0 && balancer === undefined && !passage.balanced) return stops;
  return [...stops, ...more].filter(({ nat }) => !(nat && passage.balanced && name === 'output')).sort((a, b) => a.priority - b.priority);
}

/** False when somebody ended the packet's way. */
function hook(host: HostNetwork, passage: Passage, name: NftHook): boolean {
  const asked = host.policed && (name === 'forward' || name === 'output');
  for (const stop of stopsAt(host, name, passage)) {
    if (asked) passage.packet.outInterface = host.outInterface(passage.packet.dst);
    const before = { ...passage.packet };
    const steps: (Step | NftStep)[] = [];
    const verdict = stop.ask(passage.packet, steps);
    translate(passage, verdict, host);
    if (steps.length > 0) passage.hops.push({ hook: stop.name, before, after: { ...passage.packet }, steps, verdict });
    if (verdict.kind === 'DROP' || verdict.kind === 'REJECT') return false;
  }
  return true;
}

/** In ipvs mode the kernel takes packets for virtual servers out of the way to the host itself. */
function balance(host: HostNetwork, passage: Passage): Verdict {
  const { packet } = passage;
  const virtual = host.ipvs.find(packet);
  const real = virtual && host.ipvs.schedule(virtual, packet, host.now);
  if (!real) return { kind: 'ACCEPT' };
  const before = { ...packet };
  Object.assign(packet, { dst: real.address, dport: real.port, dnat: true });
  passage.balanced = true;
  passage.hops.push({ hook: 'ipvs', before, after: { ...packet }, steps: [] });
  return { kind: 'ACCEPT' };
}

function translate(passage: Passage, verdict: Verdict, host: HostNetwork): void {
  const { packet } = passage;
  switch (verdict.kind) {
    case 'DNAT':
      packet.dst = verdict.to!.ip;
      packet.dport = verdict.to!.port;
      packet.dnat = true;
      return;
    case 'REDIRECT':
      packet.dst = host.addressTowards(packet.src);
      packet.dport = verdict.port!;
      packet.dnat = true;
      passage.redirected = true;
      return;
    case 'MASQUERADE':
      packet.src = host.addressTowards(packet.dst);
      packet.sport = 1024 + host.random.int(64512);
      return;
    case 'DROP':
    case 'REJECT':
      passage.outcome = verdict.kind;
      return;
    default:
  }
}
