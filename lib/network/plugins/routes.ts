// The way that a host's routes send a packet: to a pod of its own, over the wire or a tunnel to another node, or nowhere.
import { fnv1a } from '../../sim/index.ts';
import { addressPort } from '../netfilter/packet.ts';
import type { PodNetwork } from './pod-network.ts';
import { lanBits, lanOf } from './ranges.ts';
import type { Encapsulation, Loss, Way } from './way.ts';

export function wayTo(network: PodNetwork, node: string, dst: string): Way {
  const range = network.rangeOf(dst, node);
  const host = network.hosts.get(node);
  if (range && (range.bits >= lanBits(dst) || !host || lanOf(dst) !== lanOf(host.ip))) {
    const target = range.node === node || network.profile.addresses === 'host' ? network.at(node, dst) : undefined;
    if (target) return { kind: 'pod', pod: target, interface: network.vethOf(target) };
    if (range.node === node) return { kind: 'lost', why: 'no-pod', interface: network.profile.bridge };
    return network.profile.routedBy ? throughCloud(network, node, dst) : toNode(network, { node, target: range.node, dst });
  }
  const other = network.hostAt(dst);
  if (!other) return { kind: 'lost', why: 'no-route', interface: 'eth0' };
  return network.connected(node, other.name) ? { kind: 'node', node: other.name, interface: 'eth0' } : { kind: 'lost', why: 'cut', interface: 'eth0' };
}

function toNode(network: PodNetwork, { node, target, dst }: { node: string; target: string; dst: string }): Way {
  const [from, to] = [network.hosts.get(node)!, network.hosts.get(target)!];
  const { tunnel, relays, bridge } = network.profile;
  const neighbours = lanOf(from.ip) === lanOf(to.ip);
  const wrapped = tunnel && (tunnel.when === 'always' || !neighbours) ? tunnel : undefined;
  const device = wrapped ? (relays ? bridge! : wrapped.device) : 'eth0';
  const lost = (why: Loss): Way => ({ kind: 'lost', why, interface: device });
  if (!wrapped && !neighbours) return lost('router');
  const outer = network.rangeOf(to.ip, node);
  if (outer && outer.bits > lanBits(to.ip)) return lost('overlap');
  const over = hostsBetween(network, node, target);
  if (!over) return lost('cut');
  if (wrapped?.port && to.machine.admits?.(wrapped.port) === false) return lost('firewall');
  return { kind: 'node', node: target, interface: device, ...(wrapped && { encapsulation: wrap(wrapped, { from: from.ip, to: to.ip, dst }) }), ...(over.length > 0 && { over }) };
}

function throughCloud(network: PodNetwork, node: string, dst: string): Way {
  const target = network.routedByCloud(dst);
  if (!target) return { kind: 'lost', why: 'router', interface: 'eth0' };
  return hostsBetween(network, node, target) ? { kind: 'node', node: target, interface: 'eth0' } : { kind: 'lost', why: 'cut', interface: 'eth0' };
}

function wrap({ device, kind, port, vni, overhead }: NonNullable<PodNetwork['profile']['tunnel']>, { from, to, dst }: { from: string; to: string; dst: string }): Encapsulation {
  // The sender's port is made of the inner packet, so that routers spread connections over their ways.
  const sport = kind === 'tun' ? port : 32_768 + (fnv1a(`${from} ${dst}`) % 28_232);
  const ends = port ? { from: addressPort(from, sport!), to: addressPort(to, port) } : { from, to };
  return { kind: kind === 'tun' ? 'udp' : kind, device, ...ends, ...(vni !== undefined && { vni }), overhead };
}

/** The hosts that a packet passes on its way; undefined when the cables are cut. */
export function hostsBetween(network: PodNetwork, a: string, b: string): readonly string[] | undefined {
  if (a === b || network.connected(a, b)) return [];
  if (!network.profile.relays) return undefined;
  const from = new Map<string, string>([[a, '']]);
  for (const at of from.keys()) {
    for (const next of network.hosts.keys()) {
      if (from.has(next) || !network.connected(at, next)) continue;
      from.set(next, at);
      if (next === b) return back(from, at, a);
    }
  }
  return undefined;
}

function back(from: ReadonlyMap<string, string>, last: string, start: string): string[] {
  const out: string[] = [];
  for (let at = last; at !== start; at = from.get(at)!) out.unshift(at);
  return out;
}
