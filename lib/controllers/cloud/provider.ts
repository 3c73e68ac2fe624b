// What a cloud is to Kubernetes: three sets of calls, each of which a provider may leave out (k8s.io/cloud-provider, cloud.go).
import type { Node, Service } from '../../api/index.ts';

export interface InstanceMetadata {
  /** `kubook:///kr-1a/i-0a1b2c3d` */
  providerID: string;
  instanceType: string;
  addresses: { type: 'InternalIP' | 'ExternalIP' | 'Hostname' | 'InternalDNS' | 'ExternalDNS'; address: string }[];
  zone: string;
  region: string;
}

/** The machines. */
export interface Instances {
  /** False when the machine is gone for good. */
  instanceExists(node: Node): boolean;
  /** True when it is there, but switched off. */
  instanceShutdown(node: Node): boolean;
  /** Throws when there is no such machine. */
  instanceMetadata(node: Node): InstanceMetadata;
}

/** What stands in `status.loadBalancer` of a Service. */
export interface LoadBalancerStatus {
  ingress?: { ip?: string; hostname?: string; ipMode?: 'VIP' | 'Proxy'; ports?: { port: number; protocol: string; error?: string }[] }[];
  /** Milliseconds until the cloud says so; at once when missing. It is no part of the status. */
  took?: number;
}

/** Each call may be made again at any time, also after one whose answer was lost. */
export interface LoadBalancer {
  /** The status of the Service's balancer; undefined when it has none. */
  getLoadBalancer(service: Service): LoadBalancerStatus | undefined;
  /** Makes the balancer, or brings it up to date, so that it leads to these nodes. */
  ensureLoadBalancer(service: Service, nodes: readonly Node[]): LoadBalancerStatus;
  /** Only the nodes have changed. */
  updateLoadBalancer(service: Service, nodes: readonly Node[]): void;
  /** Takes the balancer away; that there is none is no error. */
  ensureLoadBalancerDeleted(service: Service): void;
}

export interface Route {
  name: string;
  targetNode: string;
  /** `10.244.1.0/24` */
  destinationCIDR: string;
}

/** Ways to the pods of each node. */
export interface Routes {
  listRoutes(): readonly Route[];
  createRoute(nameHint: string, route: Omit<Route, 'name'>): void;
  deleteRoute(route: Route): void;
}

export interface CloudProvider {
  readonly name: string;
  readonly instances?: Instances;
  readonly loadBalancer?: LoadBalancer;
  readonly routes?: Routes;
}

/** The name that providers give a Service's balancer: one of its own for each Service that ever was. */
export const loadBalancerName = ({ metadata }: Service): string => `a${metadata.uid.replaceAll('-', '')}`.slice(0, 32);
