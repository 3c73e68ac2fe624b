// Claims, volumes and storage classes as the volume plugins ask about them.
import type { Volume } from 'kubernetes-types/core/v1';
import { type PersistentVolume, type PersistentVolumeClaim, type Pod, storageClassOf } from '../api/index.ts';
import type { Handle } from './framework.ts';

/** The claim that a volume uses; a generic ephemeral volume has one named after pod and volume. */
export function claimName(pod: Pod, { name, persistentVolumeClaim, ephemeral }: Volume): string | undefined {
  if (persistentVolumeClaim) return persistentVolumeClaim.claimName;
  return ephemeral ? `${pod.metadata.name}-${name}` : undefined;
}

export const hasClaims = ({ spec }: Pod): boolean => !!spec.volumes?.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim || ephemeral);

/** The claims of a pod that exist. */
export function claimsOf({ find }: Handle, pod: Pod): PersistentVolumeClaim[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const name = claimName(pod, volume);
    return (name && find('PersistentVolumeClaim', { namespace: pod.metadata.namespace!, name })) || [];
  });
}

export const volumeOf = ({ find }: Handle, { spec }: PersistentVolumeClaim): PersistentVolume | undefined =>
  spec.volumeName ? find('PersistentVolume', { name: spec.volumeName }) : undefined;

/** Such claims are bound once a pod that uses them has a node. */
export function waitsForPod({ find }: Handle, claim: PersistentVolumeClaim): boolean {
  const name = storageClassOf(claim);
  return name !== '' && find('StorageClass', { name })?.volumeBindingMode === 'WaitForFirstConsumer';
}
