// The controllers of kube-controller-manager, by the names Kubernetes gives them.
import type { Client, Controller } from '../client/index.ts';
import { bootstrapSigner, tokenCleaner } from './bootstrap-tokens.ts';
import { csrApprovingController, csrCleanerController, csrSigningController } from './certificates/index.ts';
import { clusterRoleAggregationController } from './cluster-role-aggregation.ts';
import { cronJobController } from './cron-job/cron-job.ts';
import { daemonSetController } from './daemon-set/daemon-set.ts';
import { deploymentController } from './deployment/deployment.ts';
import { endpointsController } from './endpoints/endpoints.ts';
import { endpointSliceController } from './endpoints/endpoint-slice.ts';
import { endpointSliceMirroringController } from './endpoints/mirroring.ts';
import { disruptionController } from './disruption.ts';
import { garbageCollector } from './garbage-collector/garbage-collector.ts';
import { jobController } from './job/job.ts';
import { ttlAfterFinishedController } from './ttl-after-finished.ts';
import { namespaceController } from './namespace/namespace.ts';
import { nodeIpamController } from './node-ipam.ts';
import { nodeLifecycleController } from './node-lifecycle/node-lifecycle.ts';
import { persistentVolumeBinder } from './persistent-volume/persistent-volume.ts';
import { storageProvisioner } from './persistent-volume/provisioner.ts';
import { podGarbageCollector } from './pod-gc.ts';
import { pvcProtectionController, pvProtectionController } from './volume-protection.ts';
import { replicaSetController } from './replication/replica-set.ts';
import { replicationControllerController } from './replication/replication-controller.ts';
import { resourceQuotaController } from './resource-quota/resource-quota.ts';
import { rootCACertPublisher } from './root-ca.ts';
import { serviceAccountController } from './service-account/service-account.ts';
import { tokenController } from './service-account/token.ts';
import { csiSnapshotter, snapshotController } from './snapshots/index.ts';
import { statefulSetController } from './stateful-set/stateful-set.ts';
import { taintEvictionController } from './taint-eviction.ts';

export type ControllerFactory = (client: Client, options?: any) => Controller;

/** What `cluster.replace(name, mine)` swaps. */
export const controllers: Readonly<Record<string, ControllerFactory>> = {
  deployment: deploymentController,
  replicaset: replicaSetController,
  replicationcontroller: replicationControllerController,
  statefulset: statefulSetController,
  daemonset: daemonSetController,
  job: jobController,
  cronjob: cronJobController,
  'ttl-after-finished': ttlAfterFinishedController,
  garbagecollector: garbageCollector,
  namespace: namespaceController,
  serviceaccount: serviceAccountController,
  'serviceaccount-token': tokenController,
  'root-ca-cert-publisher': rootCACertPublisher,
  nodelifecycle: nodeLifecycleController,
  'taint-eviction-controller': taintEvictionController,
  nodeipam: nodeIpamController,
  podgc: podGarbageCollector,
  endpoint: endpointsController,
  endpointslice: endpointSliceController,
  endpointslicemirroring: endpointSliceMirroringController,
  disruption: disruptionController,
  'pvc-protection': pvcProtectionController,
  'pv-protection': pvProtectionController,
  'persistentvolume-binder': persistentVolumeBinder,
  'storage-provisioner': storageProvisioner,
  'clusterrole-aggregation': clusterRoleAggregationController,
  csrsigning: csrSigningController,
  csrapproving: csrApprovingController,
  csrcleaner: csrCleanerController,
  bootstrapsigner: bootstrapSigner,
  tokencleaner: tokenCleaner,
  resourcequota: resourceQuotaController,
};

/** What comes with the definitions of snapshots. */
export const snapshotControllers: Readonly<Record<string, ControllerFactory>> = {
  'snapshot-controller': snapshotController,
  'csi-snapshotter': csiSnapshotter,
};

export { bootstrapSigner, tokenCleaner } from './bootstrap-tokens.ts';
export * from './certificates/index.ts';
export * from './cloud/index.ts';
export { clusterRoleAggregationController } from './cluster-role-aggregation.ts';
export { cronJobController } from './cron-job/cron-job.ts';
export { jobName, missedStarts, mostMissed } from './cron-job/times.ts';
export { daemonSetController } from './daemon-set/daemon-set.ts';
export { deploymentController } from './deployment/deployment.ts';
export { maxSurge, maxUnavailable, minAvailable, resolveFenceposts } from './deployment/fenceposts.ts';
export { scalingMessage } from './deployment/scaling.ts';
export { newReplicaCount, rescale, type Resize, shrinkOld } from './deployment/sizes.ts';
export { disruptionController } from './disruption.ts';
export { endpointsController } from './endpoints/endpoints.ts';
export { endpointSliceController } from './endpoints/endpoint-slice.ts';
export { endpointSliceMirroringController } from './endpoints/mirroring.ts';
export { backOffDelay, syncBackOff } from './job/back-off.ts';
export { jobController } from './job/job.ts';
export { ttlAfterFinishedController } from './ttl-after-finished.ts';
export { garbageCollector } from './garbage-collector/garbage-collector.ts';
export { namespaceController } from './namespace/namespace.ts';
export { nodeIpamController, type NodeIpamOptions } from './node-ipam.ts';
export { nodeLifecycleController, type NodeLifecycleOptions } from './node-lifecycle/node-lifecycle.ts';
export { persistentVolumeBinder } from './persistent-volume/persistent-volume.ts';
export { storageProvisioner } from './persistent-volume/provisioner.ts';
export { podGarbageCollector, type PodGCOptions } from './pod-gc.ts';
export { pvcProtectionController, pvProtectionController } from './volume-protection.ts';
export { apiServiceAvailabilityController } from './api-service-availability.ts';
export { type DeletionOrder, podsToDelete } from './shared/deletion-order.ts';
export { replicaSetController } from './replication/replica-set.ts';
export { replicationControllerController } from './replication/replication-controller.ts';
export { resourceQuotaController } from './resource-quota/resource-quota.ts';
export { rootCACertPublisher, type RootCAOptions } from './root-ca.ts';
export { serviceAccountController } from './service-account/service-account.ts';
export { tokenController, type TokenOptions } from './service-account/token.ts';
export { claimName, isMemberOf, newPod, parentAndOrdinal, revisionOf } from './stateful-set/identity.ts';
export { statefulSetController } from './stateful-set/stateful-set.ts';
export { matchingTolerations, toleratedSeconds } from './shared/taints.ts';
export { taintEvictionController } from './taint-eviction.ts';
