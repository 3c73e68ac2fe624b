// Who has to stay for whom, and what goes with a snapshot.
import { type KubeObject, snapshotGroup } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { ignoreNotFound } from '../shared/not-found.ts';
import { annotateContent, annotations, contentNameOf, finalizeContent, finalizers, has, NotYet, pointsBack, snapshotKey, without } from './names.ts';

const isCandidate = (snapshot: KubeObject) => Boolean(snapshot.metadata.deletionTimestamp) && (has(snapshot, finalizers.asSource) || has(snapshot, finalizers.bound));

/** A content that is bound stays until somebody has looked at what it stands for. */
export function protectContent(client: Client, content: KubeObject): void {
  const { volumeSnapshotRef: ref, source } = content.spec;
  if ((source.volumeHandle === undefined) === (source.snapshotHandle === undefined)) {
    client.event(content, 'Warning', 'ContentValidationError', 'Exactly one of VolumeHandle and SnapshotHandle should be specified');
    throw new NotYet('Exactly one of VolumeHandle and SnapshotHandle should be specified');
  }
  if (!ref.uid) return;
  if (!content.metadata.deletionTimestamp && !has(content, finalizers.content)) return finalizeContent(client, content, [...(content.metadata.finalizers ?? []), finalizers.content]);
  const snapshot = client.find('VolumeSnapshot', ref);
  if (snapshot && snapshot.metadata.uid === ref.uid && isCandidate(snapshot)) markDeletion(client, content);
}

function markDeletion(client: Client, content: KubeObject): void {
  if (content.metadata.annotations?.[annotations.beingDeleted] === undefined) annotateContent(client, content, annotations.beingDeleted, 'yes');
}

export function removeSnapshot(client: Client, snapshot: KubeObject): void {
  if (!isCandidate(snapshot)) return;
  const name = snapshot.status?.boundVolumeSnapshotContentName ?? contentNameOf(snapshot);
  const found = client.find('VolumeSnapshotContent', { name });
  const content = found && pointsBack(found, snapshot) ? found : undefined;
  if (content && fills(client, snapshot)) {
    client.event(snapshot, 'Warning', 'SnapshotDeletePending', 'Snapshot is being used to restore a PVC');
    throw new NotYet(`snapshot ${snapshotKey(snapshot)} is in use (being used to restore a PVC), will retry deletion`);
  }
  if (content) markDeletion(client, content);
  const goes = content?.spec.deletionPolicy === 'Delete';
  if (content && goes && !content.metadata.deletionTimestamp) ignoreNotFound(() => client.delete(content));
  // Its content goes first: whoever looks for the snapshot still finds it.
  const done = [finalizers.asSource, ...(goes ? [] : [finalizers.bound])].filter((one) => has(snapshot, one));
  if (done.length === 0) return;
  releaseClaim(client, snapshot, { going: true });
  client.update(without(snapshot, ...done));
}

/** A claim that waits for its volume is filled from this snapshot. */
function fills(client: Client, { metadata }: KubeObject): boolean {
  return [...client.cache('PersistentVolumeClaim').inNamespace(metadata.namespace!)].some(({ spec: { dataSource: from }, status }) => from?.kind === 'VolumeSnapshot' && from.apiGroup === snapshotGroup && from.name === metadata.name && status.phase === 'Pending');
}

/** A claim may go when the last snapshot of it is taken. */
export function releaseClaim(client: Client, snapshot: KubeObject, { going = false }: { going?: boolean }): void {
  const { namespace } = snapshot.metadata;
  const name = snapshot.spec.source.persistentVolumeClaimName;
  const claim = name === undefined ? undefined : client.find('PersistentVolumeClaim', { namespace, name });
  if (!claim || !has(claim, finalizers.claim)) return;
  const used = [...client.cache('VolumeSnapshot').inNamespace(namespace!)].some((other) => !(going && other.metadata.name === snapshot.metadata.name) && other.spec.source.persistentVolumeClaimName === name && !other.status?.readyToUse);
  if (!used) client.update(without(claim, finalizers.claim));
}
