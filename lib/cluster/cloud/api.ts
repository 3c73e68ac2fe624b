// What the small cloud rents out, what may be asked of it, and what it can be told.
import type { Balancer } from '../../network/index.ts';
import type { CloudDisk } from './disks.ts';
import type { CloudGroup, GroupState, NodeGroupOptions } from './groups.ts';

export interface Instance {
  /** `i-0a1b2c3d` */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly zone: string;
  readonly region: string;
  readonly privateIP: string;
  readonly publicIP: string;
  /** False when it is switched off. */
  readonly running: boolean;
}

/** What is ordered; the cloud does not mind two of one name. */
export type BalancerOrder = Omit<Balancer, 'address' | 'backends' | 'sourceRanges' | 'affinity'> & {
  /** Names of machines. */
  readonly machines: readonly string[];
  readonly sourceRanges?: readonly string[];
  /** A sender stays with its machine. */
  readonly affinity?: boolean;
};
export type CloudBalancer = BalancerOrder & { readonly id: string; readonly address: string };

export interface CloudRoute {
  readonly name: string;
  readonly targetNode: string;
  readonly destinationCIDR: string;
}

/** A line of the bill. */
export interface CloudCall {
  /** Milliseconds of virtual time. */
  readonly time: number;
  readonly call: string;
  readonly about: string;
  readonly error?: string;
}

/** What may be asked of the cloud. Everything may fail; a call that failed may have been carried out. */
export interface CloudApi {
  instances(): readonly Instance[];
  balancers(): readonly CloudBalancer[];
  createBalancer(order: BalancerOrder): CloudBalancer;
  updateBalancer(id: string, order: Partial<BalancerOrder>): CloudBalancer;
  /** Throws when there is none with this id. */
  deleteBalancer(id: string): void;
  routes(): readonly CloudRoute[];
  createRoute(route: CloudRoute): void;
  deleteRoute(name: string): void;
}

/** Groups of machines; the instances are those of the whole cloud. */
export interface GroupApi {
  instances(): readonly Instance[];
  groups(): readonly CloudGroup[];
  growGroup(name: string, by: number): void;
  /** Gives these machines of a group back. */
  shrinkGroup(name: string, machines: readonly string[]): void;
}

export interface CloudOptions {
  /** Zones of the region `kr`, in which machines are placed in turn. Default `['kr-a', 'kr-b', 'kr-c']`. */
  zones?: readonly string[];
  /** False: nobody runs a cloud-controller-manager, though the kubelets count on one. */
  controllerManager?: boolean;
  /** Groups of workers that can grow and shrink. With them a cluster has no other workers, unless `nodes` says so. */
  nodeGroups?: readonly NodeGroupOptions[];
  /**
   * A cluster-autoscaler runs beside the control plane, as in managed clouds; a list gives its flags: `['--scale-down-unneeded-time=2m']`.
   * Default false: nobody grows the groups, until somebody runs it in a pod.
   */
  autoscaler?: boolean | readonly string[];
  /** What a cloud before remembered, which this one goes on with. */
  state?: CloudState;
}

/** What a cloud remembers. */
export interface CloudState {
  readonly balancers: readonly CloudBalancer[];
  readonly routes: readonly CloudRoute[];
  /** Names of machines that were given back. */
  readonly gone: readonly string[];
  /** How many balancers there have been. */
  readonly made: number;
  readonly disks?: readonly CloudDisk[];
  readonly groups?: Readonly<Record<string, GroupState>>;
}
