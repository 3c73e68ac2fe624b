// A connection from host to host until it arrives or is lost.
import type { Caller, DialError } from '../machine/index.ts';
import type { HostNetwork } from './host-network.ts';
import type { Led } from './balancers.ts';
import type { Packet } from './netfilter/packet.ts';
import { type Origin, pass, type Passage } from './path.ts';

export interface Stage {
  /** A machine, or what stands between the cloud's network and the world. */
  host: Pick<HostNetwork, 'name'>;
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
  /** False when the address is a private one of a network that the host is not in. */
  reachable(host: string, ip: string): boolean;
  /** A cloud's load balancers and gateway: where a packet to an address of theirs goes. */
  lead?(packet: Packet): Led | undefined;
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
    if (passage.outcome === 'local') return { ...end, ip: host.ip, arrived: host.name };
    const led = world.lead?.(current);
    if (led && 'error' in led) return { ...end, error: led.error };
    if (led) {
      stages.push({ host: { name: led.through }, origin: 'outside', passage: { outcome: 'forward', packet: led.packet, hops: [{ hook: 'forward', before: current, after: led.packet, steps: [] }] } });
      [current, host, origin] = [led.packet, world.host(led.machine), 'outside'];
      continue;
    }
    const owner = world.reachable(host.name, current.dst) ? world.owner(current.dst) : undefined;
    if (!owner || !world.connected(host.name, owner.node)) return { ...end, error: 'timeout' };
    if (!owner.isHost || owner.node === host.name) return { ...end, arrived: owner.node };
    [host, origin] = [world.host(owner.node), 'outside'];
  }
  return { stages, ip: current.dst, port: current.dport, from: current.src, error: 'timeout' };
}
