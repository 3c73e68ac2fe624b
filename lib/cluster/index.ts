export { type Cluster, createCluster, type Problem } from './create-cluster.ts';
export type { ControllerFactory } from './controller-manager.ts';
export type { Etcd, EtcdRange } from './etcd.ts';
export type { Faults } from './faults.ts';
export type { Session, SessionOptions } from '../machine/index.ts';
export type { Kubelets } from './kubelets.ts';
export type { ClusterOptions, NodeOptions } from './options.ts';
export type { Workstation } from './workstation.ts';
