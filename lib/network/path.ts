// The way of a new connection's first packet through one host: the hooks of the kernel in their order.
import type { HostNetwork } from './host-network.ts';
import type { Packet } from './netfilter/packet.ts';
import { type Step, type Verdict, walk } from './netfilter/walk.ts';

export type Origin = 'pod' | 'host' | 'outside';

/** What became of the packet: it goes on as `packet` says, is for this host itself, or somebody ended it. */
export interface Passage {
  outcome: 'forward' | 'local' | 'DROP' | 'REJECT';
  packet: Packet;
  /** The hooks, and what each did. */
  hops: Hop[];
  /** The rule that ended it, or chose where it goes. */
  decided?: Step;
}

export interface Hop {
  hook: string;
  before: Packet;
  after: Packet;
  /** The rules that held. */
  steps: readonly Step[];
  /** What came of it; missing where no rules are asked. */
  verdict?: Verdict;
}

export function pass(host: HostNetwork, sent: Packet, origin: Origin): Passage {
  const { tables } = host;
  const passage: Passage = { outcome: 'forward', packet: { ...sent }, hops: [] };
  const known = host.conntrack.find(sent, host.now);
  if (known) {
    const packet: Packet = { ...sent, src: known.from.ip, sport: known.from.port, dst: known.to.ip, dport: known.to.port, state: 'ESTABLISHED', dnat: known.to.ip !== known.dst };
    return { outcome: host.isLocal(packet.dst) ? 'local' : 'forward', packet, hops: [{ hook: 'conntrack', before: sent, after: packet, steps: [] }] };
  }

  const hook = (table: 'nat' | 'filter', name: string): boolean => {
    const before = { ...passage.packet };
    const steps: Step[] = [];
    const verdict = walk(table, name, passage.packet, { tables, host, steps });
    translate(passage, verdict, host);
    if (steps.length > 0) passage.hops.push({ hook: `${table} ${name}`, before, after: { ...passage.packet }, steps, verdict });
    return verdict.kind !== 'DROP' && verdict.kind !== 'REJECT';
  };
  const fromHost = origin === 'host';
  if (!hook('nat', fromHost ? 'OUTPUT' : 'PREROUTING')) return passage;
  if (fromHost && !hook('filter', 'OUTPUT')) return passage;
  const { packet } = passage;
  if (host.isLocal(packet.dst)) {
    if (!hook('filter', 'INPUT')) return passage;
    if (!balance(host, passage)) return { ...passage, outcome: 'local' };
    if (host.isLocal(packet.dst)) return { ...passage, outcome: 'local' };
  } else if (!fromHost && !hook('filter', 'FORWARD')) return passage;
  packet.outInterface = host.outInterface(packet.dst);
  hook('nat', 'POSTROUTING');
  host.conntrack.add(sent, packet, host.now);
  return passage;
}

/** In ipvs mode the kernel takes packets for virtual servers out of the way to the host itself. */
function balance(host: HostNetwork, passage: Passage): boolean {
  const { packet } = passage;
  const virtual = host.proxy.ipvs && host.ipvs.find(packet);
  if (!virtual) return false;
  const before = { ...packet };
  const real = host.ipvs.schedule(virtual, packet, host.now);
  if (!real) return false;
  packet.dst = real.address;
  packet.dport = real.port;
  packet.dnat = true;
  passage.hops.push({ hook: 'ipvs', before, after: { ...packet }, steps: [] });
  return true;
}

function translate(passage: Passage, verdict: Verdict, host: HostNetwork): void {
  const { packet } = passage;
  switch (verdict.kind) {
    case 'DNAT':
      packet.dst = verdict.to!.ip;
      packet.dport = verdict.to!.port;
      packet.dnat = true;
      passage.decided = verdict.step;
      return;
    case 'MASQUERADE':
      packet.src = host.addressTowards(packet.dst);
      packet.sport = 1024 + host.random.int(64512);
      return;
    case 'DROP':
    case 'REJECT':
      passage.outcome = verdict.kind;
      passage.decided = verdict.step;
      return;
    default:
  }
}
