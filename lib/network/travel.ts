// A connection from host to host until it arrives or is lost.
import type { Caller, DialError } from '../machine/index.ts';
import type { HostNetwork } from './host-network.ts';
import type { Packet } from './netfilter/packet.ts';
import { type Origin, pass, type Passage } from './path.ts';

export interface Stage {
  host: HostNetwork;
  origin: Origin;
  passage: Passage;
}

export interface Journey {
  stages: Stage[];
  /** Where it arrived, or how far it came. */
  ip: string;
  port: number;
  /** Who the receiver sees. */
  from: string;
  error?: DialError;
  /** The host that it arrived at; missing when it did not. */
  arrived?: string;
}

/** What the way depends on beside the hosts. */
export interface World {
  host(name: string): HostNetwork | undefined;
  /** Who has an address, and on which host; `isHost` when it is the host's own. */
  owner(ip: string): { node: string; isHost: boolean } | undefined;
  connected(a: string, b: string): boolean;
  /** Why a connection from a host to an address comes to nothing; undefined when somebody answers. */
  refusal(node: string, ip: string, port: number): DialError | undefined;
}

export interface Destination {
  ip: string;
  port: number;
  protocol?: Packet['protocol'];
  /** The sender's port. */
  sport: number;
}

/** More than this many hosts, and the packet goes round in circles. */
const timeToLive = 8;

export function travel(world: World, caller: Caller, { ip, port, protocol = 'tcp', sport }: Destination): Journey {
  const packet: Packet = { protocol, src: caller.ip, sport, dst: ip, dport: port, mark: 0, state: 'NEW', inInterface: '', outInterface: '', bridged: false, dnat: false };
  const stages: Stage[] = [];
  let host = world.host(caller.node);
  let origin: Origin = host?.isLocal(caller.ip) ? 'host' : 'pod';
  let current = packet;
  for (let left = timeToLive; host && left > 0; left--) {
    const passage = pass(host, { ...current, bridged: origin === 'pod', inInterface: { pod: 'cni0', host: '', outside: 'eth0' }[origin], outInterface: '', mark: 0 }, origin);
    stages.push({ host, origin, passage });
    current = passage.packet;
    const end = { stages, ip: current.dst, port: current.dport, from: current.src };
    if (passage.outcome === 'DROP') return { ...end, error: 'timeout' };
    if (passage.outcome === 'REJECT') return { ...end, error: 'refused' };
    if (passage.outcome === 'local') {
      const on = handOver(world, host, passage);
      if (on === undefined) return { ...end, ip: host.ip, arrived: host.name };
      if (on === 'closed') return { ...end, error: 'closed' };
      [current, origin] = [on, 'host'];
      continue;
    }
    const owner = world.owner(current.dst);
    if (!owner || !world.connected(host.name, owner.node)) return { ...end, error: 'timeout' };
    if (!owner.isHost || owner.node === host.name) return { ...end, arrived: owner.node };
    [host, origin] = [world.host(owner.node), 'outside'];
  }
  return { stages, ip: current.dst, port: current.dport, from: current.src, error: 'timeout' };
}

/**
 * In userspace mode kube-proxy itself took the connection, and opens another to an endpoint; undefined when it is not its. The
 * caller's is open by then: when no endpoint answers it is closed without a word.
 */
function handOver(world: World, host: HostNetwork, { packet, hops }: Passage): Packet | 'closed' | undefined {
  const { userspace } = host.proxy;
  const port = userspace?.portAt(packet.dport, packet.protocol);
  if (!userspace || !port) return undefined;
  const sender = (ip: string) => ({ src: host.addressTowards(ip), sport: 1024 + host.random.int(64512) });
  const attempts = userspace.connect(port, packet.src, { now: host.now, dial: (endpoint) => world.refusal(host.name, ...split(endpoint)) });
  let on: Packet | 'closed' = 'closed';
  for (const { endpoint, error } of attempts) {
    const [ip, dport] = split(endpoint);
    const after: Packet = { ...packet, ...sender(ip), dst: ip, dport, mark: 0, dnat: false, bridged: false };
    hops.push({ hook: 'kube-proxy', before: packet, after, steps: [], ...(error && { said: error }) });
    if (!error) on = after;
  }
  return on;
}

function split(address: string): [ip: string, port: number] {
  const at = address.lastIndexOf(':');
  return [address.slice(0, at), Number(address.slice(at + 1))];
}
