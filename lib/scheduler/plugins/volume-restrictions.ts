import type { Volume } from 'kubernetes-types/core/v1';
import { type Plugin, skip, unschedulable } from '../framework.ts';

const exclusive = ({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }: Volume) => gcePersistentDisk || awsElasticBlockStore || rbd || iscsi;

/**
 * A disk that only one pod of a node may write to.
 *
 * Differs from Kubernetes: the access mode ReadWriteOncePod is not looked at.
 */
export function volumeRestrictions(): Plugin {
  return {
    name: 'VolumeRestrictions',
    retryOn: ['PodDelete', 'NodeAdd', 'Pvc'],
    preFilter: ({ pod }) => (pod.spec.volumes?.some(exclusive) ? undefined : skip),
    filter({ pod }, { pods }) {
      for (const volume of pod.spec.volumes?.filter(exclusive) ?? []) {
        for (const other of pods.values()) {
          if (other.pod.spec.volumes?.some((existing) => conflict(volume, existing))) return unschedulable('node(s) had no available disk');
        }
      }
      return undefined;
    },
  };
}

function conflict(a: Volume, b: Volume): boolean {
  const writes = (x: { readOnly?: boolean }, y: { readOnly?: boolean }) => !(x.readOnly && y.readOnly);
  if (a.gcePersistentDisk && b.gcePersistentDisk && a.gcePersistentDisk.pdName === b.gcePersistentDisk.pdName) return writes(a.gcePersistentDisk, b.gcePersistentDisk);
  if (a.awsElasticBlockStore && b.awsElasticBlockStore && a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore.volumeID) return true;
  if (a.iscsi && b.iscsi && a.iscsi.iqn === b.iscsi.iqn) return writes(a.iscsi, b.iscsi);
  if (!a.rbd || !b.rbd || !a.rbd.monitors.some((monitor) => b.rbd!.monitors.includes(monitor))) return false;
  return (a.rbd.pool ?? 'rbd') === (b.rbd.pool ?? 'rbd') && a.rbd.image === b.rbd.image && writes(a.rbd, b.rbd);
}
