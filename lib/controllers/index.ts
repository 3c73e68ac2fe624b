// The controllers of kube-controller-manager, by the names Kubernetes gives them.
import type { Client, Controller } from '../client/index.ts';
import { attachDetachController } from './attach-detach/attach-detach.ts';
import { bootstrapSigner, tokenCleaner } from './bootstrap-tokens.ts';
import { csrApprovingController, csrCleanerController, csrSigningController } from './certificates/index.ts';
import { clusterRoleAggregationController } from './cluster-role-aggregation.ts';
import { cronJobController } from './cron-job/cron-job.ts';
import { daemonSetController } from './daemon-set/daemon-set.ts';
import { deploymentController } from './deployment/deployment.ts';
import { endpointsController } from './endpoints/endpoints.ts';
import { endpointSliceController } from './endpoints/endpoint-slice.ts';
import { endpointSliceMirroringController } from './endpoints/mirroring.ts';
import { disruptionController } from './disruption/disruption.ts';
import { ephemeralVolumeController } from './ephemeral-volume.ts';
import { garbageCollector } from './garbage-collector/garbage-collector.ts';
import { jobController } from './job/job.ts';
import { ttlController } from './ttl.ts';
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
  ttl: ttlController,
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
  'ephemeral-volume': ephemeralVolumeController,
  attachdetach: attachDetachController,
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

export * from './certificates/index.ts';
export * from './cloud/index.ts';
export * from './csi/index.ts';
export { storageProvisioner };
export { jobName, missedStarts, mostMissed } from './cron-job/times.ts';
export { maxSurge, maxUnavailable, minAvailable, resolveFenceposts } from './deployment/fenceposts.ts';
export { scalingMessage } from './deployment/scaling.ts';
export { newReplicaCount, rescale, type Resize, shrinkOld } from './deployment/sizes.ts';
export { backOffDelay } from './job/back-off.ts';
export { apiServiceAvailabilityController } from './api-service-availability.ts';
export { podsToDelete } from './shared/deletion-order.ts';
export { claimName, isMemberOf, newPod, parentAndOrdinal, revisionOf } from './stateful-set/identity.ts';
export { statefulSetController } from './stateful-set/stateful-set.ts';
export { matchingTolerations, toleratedSeconds } from './shared/taints.ts';
