// Shapes of the objects we serve: the published types, with the parts that a stored object always has made required.
import type * as apps from 'kubernetes-types/apps/v1';
import type * as batch from 'kubernetes-types/batch/v1';
import type * as coordination from 'kubernetes-types/coordination/v1';
import type * as core from 'kubernetes-types/core/v1';
import type * as discovery from 'kubernetes-types/discovery/v1';
import type * as meta from 'kubernetes-types/meta/v1';
import type * as networking from 'kubernetes-types/networking/v1';
import type * as policy from 'kubernetes-types/policy/v1';
import type * as scheduling from 'kubernetes-types/scheduling/v1';
import type * as storage from 'kubernetes-types/storage/v1';

export type { Container, ContainerStatus, EndpointPort, LimitRangeItem, PodCondition, PodSpec, PodStatus, PodTemplateSpec, Probe, Taint, Toleration } from 'kubernetes-types/core/v1';
export type { LabelSelector, OwnerReference, Condition } from 'kubernetes-types/meta/v1';

/** Metadata of a stored object. Times are RFC 3339 strings, resource versions decimal strings. */
export type ObjectMeta = Omit<meta.ObjectMeta, 'name' | 'uid' | 'resourceVersion' | 'creationTimestamp' | 'deletionTimestamp' | 'generation'> & {
  name: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
  generation?: number;
  deletionTimestamp?: string;
};

/** Any API object as it lies in the store: frozen, and shared between all who read it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  // A generic object's spec and status are looked at by kind
  spec?: any;
  status?: any;
  [field: string]: any;
}

type Stored<T> = Omit<T, 'metadata' | 'spec' | 'status' | 'kind' | 'apiVersion'> & { apiVersion: string; kind: string; metadata: ObjectMeta } & ('spec' extends keyof T
    ? { spec: NonNullable<T['spec']> }
    : {}) &
  ('status' extends keyof T ? { status: NonNullable<T['status']> } : {});

type With<T, Spec> = Omit<T, 'spec'> & { spec: Spec };
type Required1<T, K extends keyof T> = Omit<T, K> & Required<Pick<T, K>>;

export type Namespace = Stored<core.Namespace>;
export type Node = Stored<core.Node>;
export type Pod = Stored<core.Pod>;
export type ReplicationController = With<Stored<core.ReplicationController>, Required1<core.ReplicationControllerSpec, 'replicas' | 'selector' | 'template'>>;
export type ReplicaSet = With<Stored<apps.ReplicaSet>, Required1<apps.ReplicaSetSpec, 'replicas' | 'selector' | 'template'>>;
export type Deployment = With<Stored<apps.Deployment>, Required1<apps.DeploymentSpec, 'replicas' | 'strategy'>>;
export type StatefulSet = With<Stored<apps.StatefulSet>, Required1<apps.StatefulSetSpec, 'replicas' | 'updateStrategy' | 'podManagementPolicy' | 'revisionHistoryLimit'>>;
export type DaemonSet = With<Stored<apps.DaemonSet>, Required1<apps.DaemonSetSpec, 'updateStrategy' | 'revisionHistoryLimit'>>;
export type ControllerRevision = Stored<apps.ControllerRevision>;
export type Job = With<Stored<batch.Job>, Required1<batch.JobSpec, 'parallelism' | 'backoffLimit' | 'selector'>>;
export type CronJob = With<Stored<batch.CronJob>, Required1<batch.CronJobSpec, 'concurrencyPolicy' | 'suspend'>>;
export type Service = Stored<core.Service>;
export type Ingress = Stored<networking.Ingress>;
export type IngressClass = Stored<networking.IngressClass>;
export type Endpoints = Stored<core.Endpoints>;
export type EndpointSlice = Stored<discovery.EndpointSlice>;
export type ConfigMap = Stored<core.ConfigMap>;
export type Secret = Stored<core.Secret>;
export type ServiceAccount = Stored<core.ServiceAccount>;
export type Lease = Stored<coordination.Lease>;
export type Event = Stored<core.Event>;
export type PriorityClass = Stored<scheduling.PriorityClass>;
export type PersistentVolume = Stored<core.PersistentVolume>;
export type PersistentVolumeClaim = Stored<core.PersistentVolumeClaim>;
export type StorageClass = Stored<storage.StorageClass>;
export type ResourceQuota = Stored<core.ResourceQuota>;
export type LimitRange = Stored<core.LimitRange>;
export type PodDisruptionBudget = Stored<policy.PodDisruptionBudget>;

/** The kinds that the cluster library knows by type; any other kind is a plain {@link KubeObject}. */
export interface Kinds {
  Namespace: Namespace;
  Node: Node;
  Pod: Pod;
  ReplicationController: ReplicationController;
  ReplicaSet: ReplicaSet;
  Deployment: Deployment;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  ControllerRevision: ControllerRevision;
  Job: Job;
  CronJob: CronJob;
  Service: Service;
  Ingress: Ingress;
  IngressClass: IngressClass;
  Endpoints: Endpoints;
  EndpointSlice: EndpointSlice;
  ConfigMap: ConfigMap;
  Secret: Secret;
  ServiceAccount: ServiceAccount;
  Lease: Lease;
  Event: Event;
  PriorityClass: PriorityClass;
  PersistentVolume: PersistentVolume;
  PersistentVolumeClaim: PersistentVolumeClaim;
  StorageClass: StorageClass;
  PodDisruptionBudget: PodDisruptionBudget;
  ResourceQuota: ResourceQuota;
  LimitRange: LimitRange;
}
export type Kind = keyof Kinds;

/** What a client hands to create or apply: metadata needs a name or generateName, everything defaulted may be missing. */
export type Manifest = { apiVersion?: string; kind?: string; metadata?: Partial<ObjectMeta>; [field: string]: any };
