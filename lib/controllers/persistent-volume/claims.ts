// What a claim needs: a volume, or somebody who makes one.
import { claimed, equal, findMatchingVolume, hasAccessModes, isFullyBound, isVolumeFor, noProvisioner, type PersistentVolume, type PersistentVolumeClaim, requestedStorage, sameVolumeMode, type StorageClass, storageClassOf, volumeAnnotations, volumeCapacity } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { getLive } from '../shared/not-found.ts';

const lostVolume = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
const lostReference = 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!';

/** True when there is nothing to wait for. */
export function syncClaim(client: Client, claim: PersistentVolumeClaim): boolean {
  return claim.metadata.annotations?.[volumeAnnotations.bindCompleted] === undefined ? syncUnbound(client, claim) : syncBound(client, claim);
}

function syncBound(client: Client, claim: PersistentVolumeClaim): boolean {
  const { volumeName } = claim.spec;
  const volume = volumeName ? client.find('PersistentVolume', { name: volumeName }) : undefined;
  if (!volume) lose(client, claim, 'ClaimLost', volumeName ? lostVolume : lostReference);
  else if (!volume.spec.claimRef || volume.spec.claimRef.uid === claim.metadata.uid) bind(client, volume, claim);
  else lose(client, claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
  return true;
}

function lose(client: Client, claim: PersistentVolumeClaim, reason: string, message: string): void {
  if (claim.status.phase === 'Lost') return;
  const lost = client.updateStatus(claim, { phase: 'Lost', accessModes: undefined, capacity: undefined });
  client.event(lost, 'Warning', reason, message);
}

function syncUnbound(client: Client, claim: PersistentVolumeClaim): boolean {
  if (claim.spec.volumeName) return syncRequested(client, claim);
  const delayed = waitsForConsumer(client, claim);
  const volume = bestMatch(claim, client.cache('PersistentVolume'), delayed);
  if (volume) return bind(client, volume, claim);
  if (delayed && claim.metadata.annotations?.[volumeAnnotations.selectedNode] === undefined) tellWhatItWaitsFor(client, claim);
  else if (storageClassOf(claim)) return askForVolume(client, claim);
  else client.event(claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  return pend(client, claim);
}

/** Of the volumes whose access modes go least beyond what is asked for, the smallest. */
function bestMatch(claim: PersistentVolumeClaim, volumes: Iterable<PersistentVolume>, delayed: boolean): PersistentVolume | undefined {
  const groups = new Map<string, PersistentVolume[]>();
  for (const volume of volumes) {
    const modes = (volume.spec.accessModes ?? []).join();
    if (hasAccessModes(volume, claim)) groups.set(modes, [...(groups.get(modes) ?? []), volume]);
  }
  for (const [, group] of [...groups].sort(([a], [b]) => a.split(',').length - b.split(',').length)) {
    const found = findMatchingVolume(claim, group, { delayed });
    if (found) return found;
  }
  return undefined;
}

/** The claim names a volume itself. */
function syncRequested(client: Client, claim: PersistentVolumeClaim): boolean {
  const volume = client.find('PersistentVolume', { name: claim.spec.volumeName! });
  if (!volume) return pend(client, claim);
  if (isVolumeFor(volume, claim)) return bind(client, volume, claim);
  const name = JSON.stringify(volume.metadata.name);
  const problem = volume.spec.claimRef ? undefined : mismatch(volume, claim);
  if (!volume.spec.claimRef && !problem) return bind(client, volume, claim);
  if (problem) client.event(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume ${name}: ${problem}`);
  else client.event(claim, 'Warning', 'FailedBinding', `volume ${name} already bound to a different claim.`);
  return pend(client, claim);
}

function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp) return `the volume is marked for deletion ${JSON.stringify(volume.metadata.name)}`;
  if (volumeCapacity(volume) < requestedStorage(claim)) return 'requested PV is too small';
  if (storageClassOf(volume) !== storageClassOf(claim)) return 'storageClassName does not match';
  if (!sameVolumeMode(volume, claim)) return 'incompatible volumeMode';
  return hasAccessModes(volume, claim) ? undefined : 'incompatible accessMode';
}

function waitsForConsumer(client: Client, claim: PersistentVolumeClaim): boolean {
  const name = storageClassOf(claim);
  return name !== '' && claim.metadata.annotations?.[volumeAnnotations.selectedNode] === undefined && classNamed(client, name)?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** A class that was made a moment ago may not be in the cache yet. */
function classNamed(client: Client, name: string): StorageClass | undefined {
  return client.find('StorageClass', { name }) ?? getLive(client, 'StorageClass', { name });
}

function tellWhatItWaitsFor(client: Client, claim: PersistentVolumeClaim): void {
  const { namespace, name } = claim.metadata;
  const uses = [...client.cache('Pod').inNamespace(namespace!)].filter(({ spec }) => !spec.nodeName && spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name));
  const pods = uses.map((pod) => pod.metadata.name);
  if (pods.length === 0) return client.event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  client.event(claim, 'Normal', 'WaitForPodScheduled', pods.length > 1 ? `waiting for pods ${pods.join(',')} to be scheduled` : `waiting for pod ${pods[0]} to be scheduled`);
}

/** A provisioner outside makes the volume; it is told by an annotation. */
function askForVolume(client: Client, claim: PersistentVolumeClaim): boolean {
  const name = storageClassOf(claim);
  const found = classNamed(client, name);
  const fail = (message: string) => {
    client.event(claim, 'Warning', 'ProvisioningFailed', message);
    return pend(client, claim);
  };
  if (!found) return fail(`storageclass.storage.k8s.io ${JSON.stringify(name)} not found`);
  const { provisioner } = found;
  if (provisioner === noProvisioner) return fail(`no volume plugin matched name: ${noProvisioner}`);
  const { provisioner: current, oldProvisioner } = volumeAnnotations;
  const annotations = { ...claim.metadata.annotations, [oldProvisioner]: provisioner, ...(client.version.has('provisioner-annotation') && { [current]: provisioner }) };
  const asked = claim.metadata.annotations?.[oldProvisioner] === provisioner ? claim : client.update({ ...claim, metadata: { ...claim.metadata, annotations } });
  const [newer, older] = [`Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`, `waiting for a volume to be created, either by external provisioner ${JSON.stringify(provisioner)} or manually created by system administrator`];
  client.event(asked, 'Normal', 'ExternalProvisioning', client.version.has('external-provisioning-message') ? newer : older);
  return pend(client, asked);
}

function pend(client: Client, claim: PersistentVolumeClaim): false {
  if (claim.status.phase !== 'Pending') client.updateStatus(claim, { phase: 'Pending' });
  return false;
}

/** First the volume says whose it is, then the claim which it has: whoever stops between the two can go on. */
function bind(client: Client, volume: PersistentVolume, claim: PersistentVolumeClaim): true {
  const named = claimed(volume, claim);
  const bound = named === volume ? volume : client.update(named);
  if (bound.status.phase !== 'Bound') client.updateStatus(bound, { phase: 'Bound' });
  const holder = isFullyBound(claim) ? claim : client.update(holding(claim, volume));
  const { phase, accessModes, capacity } = holder.status;
  if (phase === 'Bound' && equal(accessModes, volume.spec.accessModes) && equal(capacity, volume.spec.capacity)) return true;
  client.updateStatus(holder, { phase: 'Bound', accessModes: volume.spec.accessModes!, capacity: volume.spec.capacity! });
  return true;
}

function holding(claim: PersistentVolumeClaim, { metadata: { name } }: PersistentVolume): PersistentVolumeClaim {
  const { bindCompleted, boundByController } = volumeAnnotations;
  const chosenHere = claim.spec.volumeName !== name;
  const annotations = { ...claim.metadata.annotations, ...(chosenHere && { [boundByController]: 'yes' }), [bindCompleted]: 'yes' };
  return { ...claim, metadata: { ...claim.metadata, annotations }, spec: { ...claim.spec, volumeName: name } };
}
