// Machines on one network, and the control plane that one of them carries once somebody has set it up.
import type { Version } from '../../api/index.ts';
import type { Answering, Links, Machine, NetworkStorage } from '../../machine/index.ts';
import type { ClusterNetwork } from '../../network/index.ts';
import type { Loop, Random } from '../../sim/index.ts';
import type { Registries } from '../../workloads/index.ts';
import type { Cluster } from '../cluster.ts';
import type { ClusterNode } from '../node.ts';
import type { Parts } from '../parts.ts';
import { type Access, addressOf } from './kubeconfig.ts';

/** A machine with what is on it. */
export interface Station {
  readonly machine: Machine;
  readonly node: ClusterNode;
  /** What listens on it beside its kubelet and containers. */
  readonly ports: Map<number, { process: string; answering: Answering }>;
  /** While an etcd runs on it: which data it has. */
  etcd: string | undefined;
  /** How its kubelet reaches an API server. */
  access: Access | undefined;
}

export interface ControlPlane {
  /** That of the data in its etcd: other data is another cluster. */
  readonly id: string;
  readonly station: Station;
  readonly parts: Parts;
  readonly cluster: Cluster;
  /** PEM of the authority that its API server is known by. */
  readonly authority: string;
}

export interface World {
  readonly version: Version;
  readonly loop: Loop;
  readonly random: Random;
  readonly links: Links;
  readonly storage: NetworkStorage;
  readonly registries: Registries;
  readonly brokenImages: Set<string>;
  readonly stations: Map<string, Station>;
  /** That of the control plane, or a bare one while there is none. */
  readonly network: ClusterNetwork;
  plane: ControlPlane | undefined;
}

export const isServing = ({ station, parts }: ControlPlane): boolean => parts.serves() && station.etcd !== undefined;

const unknownAuthority = 'x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "kubernetes")';
const dialErrors = { refused: 'connect: connection refused', timeout: 'i/o timeout', unreachable: 'connect: no route to host', 'no-such-host': 'no such host', closed: 'EOF' } as const;

/** The control plane behind a server's URL, or in Go's words why it cannot be had. */
export function reach({ network, plane }: World, from: Machine, { server, authority }: Pick<Access, 'server'> & Partial<Pick<Access, 'authority'>>): ControlPlane | string {
  const { host, port } = addressOf(server);
  const dial = network.dial({ node: from.name, ip: from.ip }, host, port);
  if (dial.error) return `dial tcp ${host}:${port}: ${dialErrors[dial.error]}`;
  if (!plane || !plane.station.machine.ips.includes(dial.ip)) return `dial tcp ${host}:${port}: ${dialErrors.refused}`;
  return authority === undefined || authority.trim() === plane.authority.trim() ? plane : unknownAuthority;
}

/** Whether the kubelet of a machine gets through to its API server; asked all the time. */
export function kubeletReaches({ plane, links }: World, { machine, access }: Station): boolean {
  if (!plane || !access || !isServing(plane)) return false;
  const seat = plane.station.machine;
  const { host, port } = addressOf(access.server);
  if (host !== seat.ip || (access.authority ?? '').trim() !== plane.authority.trim()) return false;
  return seat === machine || (links.up(machine.name, seat.name) && seat.admits(port, machine.ip));
}
