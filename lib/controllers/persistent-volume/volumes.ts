// What becomes of a volume: free, bound, released, and then what its reclaim policy says.
import { type PersistentVolume, type PersistentVolumeClaim, volumeAnnotations } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { getLive } from '../shared/not-found.ts';

export function syncVolume(client: Client, volume: PersistentVolume): void {
  const { claimRef } = volume.spec;
  // One that names its claim without a uid is kept for it.
  if (!claimRef?.uid) return setPhase(client, volume, 'Available');
  const claim = ownerOf(client, claimRef);
  if (!claim) return release(client, volume);
  if (!claim.spec.volumeName) return;
  if (claim.spec.volumeName === volume.metadata.name) return setPhase(client, volume, 'Bound');
  // The claim took another volume.
  if (volume.metadata.annotations?.[volumeAnnotations.provisionedBy] !== undefined && volume.spec.persistentVolumeReclaimPolicy === 'Delete') return release(client, volume);
  if (volume.metadata.annotations?.[volumeAnnotations.boundByController] !== undefined) unbind(client, volume);
}

/** The cache may not know a claim that is there already, and a claim of the same name may be another. */
function ownerOf(client: Client, { namespace, name, uid }: { namespace?: string; name?: string; uid?: string }): PersistentVolumeClaim | undefined {
  const key = { namespace: namespace!, name: name! };
  const claim = client.find('PersistentVolumeClaim', key) ?? getLive(client, 'PersistentVolumeClaim', key);
  return claim?.metadata.uid === uid ? claim : undefined;
}

function setPhase(client: Client, volume: PersistentVolume, phase: string): void {
  if (volume.status.phase !== phase) client.updateStatus(volume, { phase, message: undefined });
}

function release(client: Client, volume: PersistentVolume): void {
  const { phase } = volume.status;
  if (phase !== 'Released' && phase !== 'Failed') setPhase(client, volume, 'Released');
  if (volume.spec.persistentVolumeReclaimPolicy === 'Delete') remove(client, volume);
  if (volume.spec.persistentVolumeReclaimPolicy === 'Recycle') recycle(client, volume);
}

/** Whoever provisioned a volume deletes it; for the others there is only the plugin for paths of the host. */
function remove(client: Client, volume: PersistentVolume): void {
  const { metadata, spec } = volume;
  if (metadata.annotations?.[volumeAnnotations.provisionedBy] !== undefined || metadata.deletionTimestamp) return;
  const name = JSON.stringify(metadata.name);
  if (!spec.hostPath) return fail(client, volume, 'VolumeFailedDelete', `error getting deleter volume plugin for volume ${name}: no deletable volume plugin matched`);
  if (!/^\/tmp\/.+/.test(spec.hostPath.path)) return fail(client, volume, 'VolumeFailedDelete', `host_path deleter only supports /tmp/.+ but received provided ${spec.hostPath.path}`);
  client.delete(volume);
}

/** Differs from Kubernetes: no pod empties the volume; it is free at once. */
function recycle(client: Client, volume: PersistentVolume): void {
  if (!volume.spec.hostPath && !volume.spec.nfs) return fail(client, volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!');
  client.event(volume, 'Normal', 'VolumeRecycled', 'Volume recycled');
  unbind(client, volume);
}

function fail(client: Client, volume: PersistentVolume, reason: string, message: string): void {
  if (volume.status.phase === 'Failed') return;
  client.event(client.updateStatus(volume, { phase: 'Failed', message }), 'Warning', reason, message);
}

/** What a user wrote of the claim stays, so that the volume is still kept for it. */
function unbind(client: Client, volume: PersistentVolume): void {
  const { [volumeAnnotations.boundByController]: byController, ...annotations } = volume.metadata.annotations ?? {};
  const { claimRef: old, ...spec } = volume.spec;
  const { uid: _uid, ...claimRef } = old!;
  const free = client.update({ ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...spec, ...(byController === undefined && { claimRef }) } });
  setPhase(client, free, 'Available');
}
