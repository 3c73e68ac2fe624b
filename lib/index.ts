// The public names of kubook: what a cell imports from 'kubook' (the book adds `exercise`).
export { type BalancerOrder, type Cloud, type CloudApi, type CloudBalancer, type CloudGroup, type CloudOptions, type Cluster, type ClusterOptions, type Connection, type ControllerFactory, type CriCall, createCluster, type DockerHost, type Etcd, type EtcdRange, type Faults, type HostOptions, type Machines, type MachinesOptions, type NodeGroupOptions, type NodeOptions } from './cluster/index.ts';
export { createHost, createMachines, type KubeadmHost, type KubeadmHostOptions, type RuntimeName } from './install/index.ts';
export type { LoadBalancer, LoadBalancerStatus } from './controllers/index.ts';
export { type Cache, type CacheEvent, type Client, type Controller, forMapped, forObject, forOwner, type Group, type Key, type Watch } from './client/index.ts';
export { isAlreadyExists, isConflict, isForbidden, isInvalid, isNotFound, isPodActive, isPodReady, StatusError } from './api/index.ts';
export type { ConfigMap, Deployment, Endpoints, EndpointSlice, Event, KubeObject, Manifest, Namespace, Node, Pod, ReplicaSet, Service } from './api/index.ts';
// What a cell's own functions make of them: in a notebook a type that has no name here cannot be inferred.
export type { Container, ContainerStatus, LabelSelector, ObjectMeta, OwnerReference, PodCondition, PodSpec, PodStatus, PodTemplateSpec, Taint, Toleration } from './api/index.ts';
export { CompactedError, FutureRevisionError, type KeyValue, type LogEntry, type Snapshot } from './etcd/index.ts';
export type { CniFactory, CniPlugin, CniRequest, NetworkName, NetworkPolicy, PolicyEngine } from './network/index.ts';
// A build on paper: how threads that sleep and wait for each other make it longer.
export { type Build, type BuildTime, makespan } from './workloads/index.ts';
export { createRandom, duration, type Random } from './sim/index.ts';
