// Questions about claims and volumes that the scheduler and the volume controllers ask in the same words.
import { storageClassOf } from './kinds/access-modes.ts';
import { selectorFromLabelSelector } from './labels/index.ts';
import { bytes } from './quantity.ts';
import type { PersistentVolume, PersistentVolumeClaim } from './types.ts';

export { storageClassOf };

export const volumeAnnotations = {
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  selectedNode: 'volume.kubernetes.io/selected-node',
  oldProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
  provisioner: 'volume.kubernetes.io/storage-provisioner',
} as const;

/** Provisioners that are CSI drivers: their volumes can be copied and photographed. */
export const csiDrivers: readonly string[] = ['hostpath.csi.k8s.io'];
export const snapshotGroup = 'snapshot.storage.k8s.io';

/** A class with this provisioner has volumes that somebody makes by hand. */
export const noProvisioner = 'kubernetes.io/no-provisioner';

export const requestedStorage = ({ spec }: PersistentVolumeClaim): number => bytes(spec.resources?.requests?.['storage']);
export const volumeCapacity = ({ spec }: PersistentVolume): number => bytes(spec.capacity?.['storage']);

/** Bound to a volume, and the volume to it. */
export const isFullyBound = ({ metadata, spec }: PersistentVolumeClaim): boolean => !!spec.volumeName && metadata.annotations?.[volumeAnnotations.bindCompleted] !== undefined;

/** The volume is this claim's, or kept for it by name. */
export function isVolumeFor({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  return !!claimRef && claimRef.name === metadata.name && claimRef.namespace === metadata.namespace && (!claimRef.uid || claimRef.uid === metadata.uid);
}

export const hasAccessModes = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean => (claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode));
export const sameVolumeMode = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean => (volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem');

export interface MatchOptions {
  /** Whether the node can use a volume; without it no node is looked at. */
  reachable?: (volume: PersistentVolume) => boolean;
  /** Volumes that are spoken for. */
  taken?: (volume: PersistentVolume) => boolean;
  /** Only a volume that is kept for the claim counts: the others wait until a pod has a node. */
  delayed?: boolean;
}

/** The volume that is kept for the claim, else the smallest that will do. */
export function findMatchingVolume(claim: PersistentVolumeClaim, volumes: Iterable<PersistentVolume>, { reachable, taken, delayed }: MatchOptions = {}): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (taken?.(volume) || !couldServe(volume, claim)) continue;
    if (isVolumeFor(volume, claim)) return !reachable || reachable(volume) ? volume : undefined;
    if (delayed || volume.status.phase !== 'Available' || storageClassOf(volume) !== storageClassOf(claim) || !hasAccessModes(volume, claim)) continue;
    if (claim.spec.selector && !selectorFromLabelSelector(claim.spec.selector).matches(volume.metadata.labels ?? {})) continue;
    if (reachable && !reachable(volume)) continue;
    if (!best || volumeCapacity(volume) < volumeCapacity(best)) best = volume;
  }
  return best;
}

function couldServe(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if (volume.metadata.deletionTimestamp || (volume.spec.claimRef && !isVolumeFor(volume, claim))) return false;
  return volumeCapacity(volume) >= requestedStorage(claim) && sameVolumeMode(volume, claim);
}

/** The volume with its claim's name on it. */
export function claimed(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  if (volume.spec.claimRef?.uid === claim.metadata.uid && isVolumeFor(volume, claim)) return volume;
  const { namespace, name, uid, resourceVersion } = claim.metadata;
  // Only what was chosen here is given back by itself when the claim goes elsewhere.
  const annotations = isVolumeFor(volume, claim) ? volume.metadata.annotations : { ...volume.metadata.annotations, [volumeAnnotations.boundByController]: 'yes' };
  const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace: namespace!, name, uid: uid!, resourceVersion: resourceVersion! };
  return { ...volume, metadata: { ...volume.metadata, ...(annotations && { annotations }) }, spec: { ...volume.spec, claimRef: { ...volume.spec.claimRef, ...claimRef } } };
}
