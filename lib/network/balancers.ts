// What a cloud's network does to a packet before a node sees it: load balancers, and the public addresses of machines.
import type { DialError } from '../machine/index.ts';
import type { Random } from '../sim/index.ts';
import { fnv1a } from '../sim/index.ts';
import { contains, parseRange } from './kube-proxy/addresses.ts';
import type { Packet } from './netfilter/packet.ts';

/** A load balancer that keeps the sender's address, as those of layer 4 do. */
export interface Balancer {
  readonly name: string;
  readonly address: string;
  /** `nodePort` 0: the packet comes to the node as it was sent, and the node's own rules know the address. */
  readonly listeners: readonly { port: number; protocol: string; nodePort: number }[];
  /** Machines that it leads to. */
  readonly backends: readonly string[];
  /** Where senders may come from; anywhere when empty. */
  readonly sourceRanges: readonly string[];
  /** A sender stays with its machine. */
  readonly affinity: boolean;
  /** A machine that does not answer 200 here gets nothing; without it every machine does that is on. */
  readonly healthCheck?: { readonly port: number; readonly path: string };
}

/** The edge of a cloud's network. */
export interface Edge {
  balancers(): Iterable<Balancer>;
  /** Private address and machine behind a public address. */
  machineAt(publicIP: string): { name: string; ip: string } | undefined;
  /** Ways to ranges of pods, for nodes that know none. */
  routes(): readonly { destinationCIDR: string; targetNode: string }[];
  /** The private address of a machine. */
  addressOf(machine: string): string;
  /** The HTTP status that a machine answers a health check with; undefined when nothing answers. */
  probe(machine: string, check: { port: number; path: string }): number | undefined;
  readonly random: Random;
}

export type Led = { error: DialError } | { through: string; packet: Packet; machine: string };

/**
 * Where a packet to a public address goes; undefined when nobody has the address.
 * Differs from a real cloud: health is asked for when a packet comes, not every few seconds.
 */
export function lead(edge: Edge, packet: Packet): Led | undefined {
  const machine = edge.machineAt(packet.dst);
  if (machine) return { through: 'internet-gateway', packet: { ...packet, dst: machine.ip }, machine: machine.name };
  for (const balancer of edge.balancers()) if (balancer.address === packet.dst) return balance(edge, balancer, packet);
  return undefined;
}

function balance(edge: Edge, { name, listeners, sourceRanges, backends, healthCheck, affinity }: Balancer, packet: Packet): Led {
  const listener = listeners.find(({ port, protocol }) => port === packet.dport && protocol.toLowerCase() === packet.protocol);
  const admitted = sourceRanges.length === 0 || sourceRanges.some((range) => covers(range, packet.src));
  if (!listener || !admitted) return { error: 'timeout' };
  const healthy = healthCheck ? backends.filter((machine) => edge.probe(machine, healthCheck) === 200) : backends;
  if (healthy.length === 0) return { error: 'timeout' };
  const turn = affinity ? fnv1a(packet.src) >>> 0 : edge.random.int(healthy.length);
  const machine = healthy[turn % healthy.length]!;
  return { through: name, packet: listener.nodePort ? { ...packet, dst: edge.addressOf(machine), dport: listener.nodePort } : packet, machine };
}

function covers(range: string, address: string): boolean {
  const parsed = parseRange(range);
  return parsed !== undefined && contains(parsed, address);
}
