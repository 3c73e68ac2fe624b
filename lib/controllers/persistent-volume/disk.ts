// Volumes that the controller of a CSI driver makes and removes (external-provisioner).
import { type PersistentVolume, type PersistentVolumeClaim, requestedStorage, storageClassOf } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { CsiDriver } from '../csi/driver.ts';
import { NoSource } from './data-source.ts';
import { nameFor, selectedNode } from './provisioned.ts';

/** How long a volume that cannot be removed is waited for (milliseconds). */
const retryDeletion = 10_000;
const zoneLabel = 'topology.kubernetes.io/zone';

/** A disk in the zone of the node that the pod's scheduler chose; it can be used in that zone only. */
export function diskSource(client: Client, claim: PersistentVolumeClaim, { name: driver, createVolume }: CsiDriver): object {
  const node = selectedNode(claim);
  const order = { name: nameFor(claim), bytes: requestedStorage(claim), zone: node && client.find('Node', { name: node })?.metadata.labels?.[zoneLabel] };
  const { handle, zone } = refusing(`failed to provision volume with StorageClass ${JSON.stringify(storageClassOf(claim))}: `, () => createVolume(order));
  const inZone = { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: zoneLabel, operator: 'In', values: [zone] }] }] } };
  return { csi: { driver, volumeHandle: handle, fsType: 'ext4', volumeAttributes: { 'storage.kubernetes.io/csiProvisionerIdentity': `csi-provisioner-${driver}` } }, nodeAffinity: inZone };
}

/** What the driver does not do is tried again, and said before. */
function refusing<T>(before: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new NoSource(`${before}${(error as Error).message}`);
  }
}

/** A disk that still stands somewhere is not removed. */
export function deleteDisk(client: Client, volume: PersistentVolume, driver: CsiDriver): { requeueAfter: number } | undefined {
  const attachment = [...client.cache('VolumeAttachment')].find(({ spec }) => spec.source?.persistentVolumeName === volume.metadata.name);
  try {
    if (attachment) throw new NoSource(`persistentvolume ${volume.metadata.name} is still attached to node ${attachment.spec.nodeName}`);
    refusing('', () => driver.deleteVolume(volume.spec.csi!.volumeHandle));
  } catch (error) {
    client.event(volume, 'Warning', 'VolumeFailedDelete', (error as Error).message, { component: driver.name });
    return { requeueAfter: retryDeletion };
  }
  client.delete(volume);
  return undefined;
}
