// The CSI driver of the small cloud's disks, and what its installation puts into a cluster.
import type { Manifest } from '../../api/index.ts';
import type { CsiDriver } from '../../controllers/index.ts';
import type { NodeDriver } from '../../kubelet/index.ts';
import { type CloudApi, idOf } from './cloud.ts';
import type { DiskApi } from './disks.ts';

const diskDriverName = 'disk.csi.kubook';

/** As many disks as a machine has places for. */
const places = 16;

/** What the driver says on each machine. */
export const diskNodeDriver = (machine: string): NodeDriver => ({ name: diskDriverName, nodeID: idOf(machine), topologyKeys: ['topology.kubernetes.io/zone'], limit: places });

export const diskObjects: readonly Manifest[] = [
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: diskDriverName }, spec: { attachRequired: true, podInfoOnMount: false } },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'disk', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: diskDriverName,
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  },
];

export function diskDriver(api: DiskApi & Pick<CloudApi, 'instances'>): CsiDriver {
  return {
    name: diskDriverName,
    createVolume({ name, bytes, zone }) {
      const disk = told(() => api.createDisk({ name, size: bytes, zone: zone ?? api.instances()[0]?.zone ?? '' }));
      return { handle: disk.id, zone: disk.zone };
    },
    deleteVolume(handle) {
      if (api.disks().some(({ id }) => id === handle)) told(() => api.deleteDisk(handle));
    },
    publishVolume(handle, { metadata: { name } }) {
      told(() => api.attachDisk(handle, name));
      return { devicePath: `/dev/disk/by-id/${handle}` };
    },
    unpublishVolume(handle, node) {
      if (api.disks().some(({ id, attachedTo }) => id === handle && attachedTo === node)) told(() => api.detachDisk(handle, node));
    },
  };
}

/** As gRPC hands on what a driver did not expect. */
function told<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new Error(`rpc error: code = Internal desc = ${(error as Error).message}`);
  }
}
