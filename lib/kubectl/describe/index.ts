import type { KubeObject } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { describeAutoscaler, describeIngressClass } from './autoscaler.ts';
import { describeDeployment, describeReplicaSet } from './controllers.ts';
import { describeGeneric } from './generic.ts';
import { describeCronJob, describeJob } from './jobs.ts';
import { describeIngress } from './ingress.ts';
import { describeNetworkPolicy } from './network-policy.ts';
import { describeNode } from './node.ts';
import {
  describeBudget,
  describeConfigMap,
  describeEndpoints,
  describeEndpointSlice,
  describePriorityClass,
  describeSecret,
  describeService,
  describeServiceAccount,
} from './others.ts';
import { describePod } from './pod.ts';
import { describeLimitRange, describeNamespace, describeQuota } from './quotas.ts';
import { describeBinding, describeRole } from './rbac.ts';
import { describeDaemonSet, describeStatefulSet } from './sets.ts';
import { describeCertificateSigningRequest } from './signing-request.ts';
import { describeClaim, describeCSINode, describePersistentVolume, describeStorageClass } from './storage.ts';
import { Writer } from './writer.ts';

const pages: Record<string, (w: Writer, object: KubeObject, call: Call) => void> = {
  Pod: describePod,
  Node: describeNode,
  Deployment: describeDeployment,
  ReplicaSet: describeReplicaSet,
  ReplicationController: describeReplicaSet,
  StatefulSet: describeStatefulSet,
  DaemonSet: describeDaemonSet,
  Job: describeJob,
  CronJob: describeCronJob,
  Service: describeService,
  Namespace: describeNamespace,
  Endpoints: describeEndpoints,
  EndpointSlice: describeEndpointSlice,
  ConfigMap: describeConfigMap,
  Secret: describeSecret,
  ServiceAccount: describeServiceAccount,
  PersistentVolume: describePersistentVolume,
  PersistentVolumeClaim: describeClaim,
  StorageClass: describeStorageClass,
  CSINode: describeCSINode,
  CertificateSigningRequest: describeCertificateSigningRequest,
  PodDisruptionBudget: describeBudget,
  PriorityClass: describePriorityClass,
  HorizontalPodAutoscaler: describeAutoscaler,
  Ingress: describeIngress,
  IngressClass: describeIngressClass,
  ResourceQuota: describeQuota,
  LimitRange: describeLimitRange,
  NetworkPolicy: describeNetworkPolicy,
  Role: describeRole,
  ClusterRole: describeRole,
  RoleBinding: describeBinding,
  ClusterRoleBinding: describeBinding,
};

/** The page that `kubectl describe` prints of an object. */
export function describeObject(call: Call, object: KubeObject): string {
  const w = new Writer();
  (pages[object.kind] ?? describeGeneric)(w, object, call);
  return w.toString();
}
