// A snapshot and its content name each other: the content is made for the snapshot, or was there before it.
import { isAlreadyExists, isConflict, type KubeObject } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { driverOfClass, volumeOf } from './class.ts';
import { contentNameOf, finalizers, has, NotYet, pointsBack, snapshotKey, snapshotVersion, withFinalizers } from './names.ts';
import { failSnapshot, followContent } from './status.ts';

export function bindToContent(client: Client, snapshot: KubeObject): void {
  const content = matchingContent(client, snapshot);
  const kept = protect(client, snapshot, content);
  const { volumeSnapshotContentName: wanted } = kept.spec.source;
  if (content) return followContent(client, kept, wanted === undefined ? content : taken(client, kept, content));
  if (wanted !== undefined) {
    failSnapshot(client, kept, { reason: 'SnapshotContentMissing', message: 'VolumeSnapshotContent is missing' });
    throw new NotYet(`snapshot ${snapshotKey(kept)} requests an non-existing content ${wanted}`);
  }
  followContent(client, kept, newContent(client, kept));
}

/** One that was ready may have lost its content. */
export function checkReady(client: Client, snapshot: KubeObject): void {
  const content = client.find('VolumeSnapshotContent', { name: snapshot.status.boundVolumeSnapshotContentName });
  if (!content) return failSnapshot(client, snapshot, { reason: 'SnapshotContentMissing', message: 'VolumeSnapshotContent is missing' });
  if (!pointsBack(content, snapshot)) return failSnapshot(client, snapshot, { reason: 'SnapshotMisbound', message: 'VolumeSnapshotContent is not bound to the VolumeSnapshot correctly' });
  protect(client, snapshot, content);
}

/** The content that the snapshot names, or the one that was made for it. */
function matchingContent(client: Client, snapshot: KubeObject): KubeObject | undefined {
  const { volumeSnapshotContentName: wanted } = snapshot.spec.source;
  const name = wanted ?? contentNameOf(snapshot);
  const content = client.find('VolumeSnapshotContent', { name });
  if (!content) return undefined;
  const refuse = (reason: string, message: string) => {
    failSnapshot(client, snapshot, { reason, message });
    throw new NotYet(message);
  };
  const { source, volumeSnapshotRef: ref } = content.spec;
  if (wanted === undefined && source.volumeHandle === undefined) refuse('SnapshotContentMismatch', `VolumeSnapshotContent ${name} is pre-provisioned while expecting a dynamically provisioned one`);
  if (wanted !== undefined && source.snapshotHandle === undefined) refuse('SnapshotContentMismatch', 'VolumeSnapshotContent is dynamically provisioned while expecting a pre-provisioned one');
  const free = wanted !== undefined && !ref.uid && ref.name === snapshot.metadata.name && ref.namespace === snapshot.metadata.namespace;
  if (!free && !pointsBack(content, snapshot)) refuse('SnapshotContentMisbound', `VolumeSnapshotContent [${name}] is bound to a different snapshot`);
  return content;
}

/** Until it is bound and no claim is filled from it, a snapshot does not go; its content goes first when it is to go at all. */
function protect(client: Client, snapshot: KubeObject, content: KubeObject | undefined): KubeObject {
  const missing = [finalizers.asSource, ...(content?.spec.deletionPolicy === 'Delete' ? [finalizers.bound] : [])].filter((one) => !has(snapshot, one));
  return missing.length > 0 ? client.update(withFinalizers(snapshot, ...missing)) : snapshot;
}

/** A content that was kept for the snapshot by name becomes its own. */
function taken(client: Client, snapshot: KubeObject, content: KubeObject): KubeObject {
  const { volumeSnapshotRef: ref, volumeSnapshotClassName: known } = content.spec;
  const { volumeSnapshotClassName = known } = snapshot.spec;
  if (ref.uid && known === volumeSnapshotClassName) return content;
  return client.update({ ...content, spec: { ...content.spec, volumeSnapshotRef: { ...ref, uid: snapshot.metadata.uid }, ...(volumeSnapshotClassName !== undefined && { volumeSnapshotClassName }) } });
}

function newContent(client: Client, snapshot: KubeObject): KubeObject {
  try {
    protectClaim(client, snapshot);
    const content = client.create(contentFor(client, snapshot));
    client.event(snapshot, 'Normal', 'CreatingSnapshot', `Waiting for a snapshot ${snapshotKey(snapshot)} to be created by the CSI driver.`);
    return content;
  } catch (error) {
    if (isAlreadyExists(error)) return client.get('VolumeSnapshotContent', { name: contentNameOf(snapshot) });
    if (!(error instanceof NotYet)) throw error;
    failSnapshot(client, snapshot, { reason: 'SnapshotContentCreationFailed', message: `Failed to create snapshot content with error ${error.message}` });
    throw error;
  }
}

/** The claim stays while its snapshot is taken. */
function protectClaim(client: Client, snapshot: KubeObject): void {
  const { metadata: { namespace, name: own }, spec: { source: { persistentVolumeClaimName: name } } } = snapshot;
  const failed = (what: string, why: string) => new NotYet(`snapshot controller failed to update ${what} on API server: ${why}`);
  const claim = client.find('PersistentVolumeClaim', { namespace, name });
  if (!claim) throw failed(own, 'cannot get claim from snapshot');
  if (has(claim, finalizers.claim)) return;
  if (claim.metadata.deletionTimestamp) throw failed(name, 'cannot add finalizer on claim because it is being deleted');
  try {
    client.update(withFinalizers(claim, finalizers.claim));
  } catch (error) {
    throw isConflict(error) ? failed(name, (error as Error).message) : error;
  }
}

function contentFor(client: Client, snapshot: KubeObject): KubeObject {
  const { metadata: { name, namespace, uid, resourceVersion }, spec: { volumeSnapshotClassName } } = snapshot;
  const found = client.find('VolumeSnapshotClass', { name: volumeSnapshotClassName })!;
  let volume;
  try {
    volume = volumeOf(client, snapshot);
  } catch (error) {
    throw error instanceof NotYet ? new NotYet(`failed to get input parameters to create snapshot ${name}: ${JSON.stringify(error.message)}`) : error;
  }
  if (!volume.spec.csi) throw new NotYet(`cannot find CSI PersistentVolumeSource for volume ${volume.metadata.name}`);
  return {
    apiVersion: snapshotVersion,
    kind: 'VolumeSnapshotContent',
    metadata: { name: contentNameOf(snapshot) },
    spec: {
      deletionPolicy: (found as unknown as { deletionPolicy: string }).deletionPolicy,
      driver: driverOfClass(found),
      source: { volumeHandle: volume.spec.csi.volumeHandle },
      sourceVolumeMode: volume.spec.volumeMode,
      volumeSnapshotClassName,
      volumeSnapshotRef: { apiVersion: snapshotVersion, kind: 'VolumeSnapshot', name, namespace, resourceVersion, uid },
    },
  } as KubeObject;
}
