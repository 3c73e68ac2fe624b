// The words that the network of pods is told in: who has an address, where a packet goes, why it is lost.
import type { Endpoint, FileView, PortMapping } from '../../machine/index.ts';

/** A pod's sandbox. */
export interface Sandbox extends Endpoint {
  readonly uid?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly sandboxId?: string;
  readonly portMappings?: readonly PortMapping[] | undefined;
}

export interface Attachment {
  readonly sandbox: Sandbox;
  readonly node: string;
  readonly ip: string;
}

/** What the network needs of a machine. */
export interface HostMachine {
  readonly boots: number;
  /** False: it is no node of the cluster, but a computer somewhere outside. */
  readonly isNode?: boolean;
  readonly mac?: string;
  /** All its addresses, at most one of a family. */
  readonly ips?: readonly string[];
  /** False when a firewall drops what comes to this port. */
  admits?(port: number): boolean;
  /** False when rules of iptables do not see what goes from one port of a bridge to another. */
  readonly filtersBridges?: boolean;
  /** What the firewall in front of it does with a new connection. */
  front?(port: number, from: string): 'accept' | 'drop' | 'reject';
  /** Set when somebody writes rules on it by hand. */
  packetFilter?: ((port: number, from: string) => 'accept' | 'drop' | 'reject') | undefined;
  /** Its disk, and whether anybody has looked at it. */
  readonly files?: FileView;
  readonly filesUsed?: boolean;
}

export interface HostPlan {
  readonly name: string;
  readonly ip: string;
  readonly machine: HostMachine;
}

/** The outer headers of a packet on its way between two nodes. */
export interface Encapsulation {
  kind: 'vxlan' | 'ipip' | 'udp';
  device: string;
  /** `10.0.0.11:51234`; of IP-in-IP the addresses alone. */
  from: string;
  to: string;
  vni?: number;
  /** Bytes that it adds. */
  overhead: number;
}

/** Why a packet goes nowhere. */
export type Loss =
  | 'no-pod' // nobody answers to the address on the node that has its range
  | 'no-route'
  | 'router' // a router between the nodes does not know the pods' ranges
  | 'cut'
  | 'overlap' // the other node's own address lies in a range of pods
  | 'firewall'; // the other node drops the tunnel's packets

export type Way =
  | { kind: 'pod'; pod: Attachment; interface: string }
  | { kind: 'node'; node: string; interface: string; encapsulation?: Encapsulation; over?: readonly string[] }
  | { kind: 'lost'; why: Loss; interface?: string };
