// csi-snapshotter, the sidecar that stands beside a driver: takes and removes what contents stand for (pkg/sidecar-controller).
import { csiDrivers, type KubeObject, volumeCapacity } from '../../api/index.ts';
import type { Client, Controller } from '../../client/index.ts';
import { forObject } from '../../client/index.ts';
import { csiSnapshot, csiVolume, NetworkStorage } from '../../machine/index.ts';
import { timestamp } from '../../sim/index.ts';
import { annotateContent, annotations, finalizeContent, finalizers, has, NotYet } from './names.ts';
import { withRetries } from './retries.ts';

/** Differs from Kubernetes: a snapshot is taken in no time. */
export function csiSnapshotter(client: Client, { storage = new NetworkStorage() }: { storage?: NetworkStorage } = {}): Controller {
  return {
    name: 'csi-snapshotter',
    watches: [forObject('VolumeSnapshotContent')],
    reconcile: withRetries(({ name }) => {
      const content = client.find('VolumeSnapshotContent', { name });
      if (!content || !csiDrivers.includes(content.spec.driver)) return;
      if (shouldDelete(content)) return remove(client, content, storage);
      if (content.status?.readyToUse) return;
      if (content.spec.source.volumeHandle !== undefined) return create(client, content, storage);
      report(client, content, { handle: content.spec.source.snapshotHandle, storage });
    }),
  };
}

function shouldDelete({ metadata, spec }: KubeObject): boolean {
  if (!metadata.deletionTimestamp) return false;
  if (spec.source.snapshotHandle !== undefined && !spec.volumeSnapshotRef.uid) return true;
  return metadata.annotations?.[annotations.beingCreated] === undefined && metadata.annotations?.[annotations.beingDeleted] !== undefined;
}

function remove(client: Client, content: KubeObject, storage: NetworkStorage): void {
  let left = content;
  const handle = content.status?.snapshotHandle;
  if (content.spec.deletionPolicy === 'Delete' && handle !== undefined) {
    storage.removeSnapshot(csiSnapshot(content.spec.driver, handle));
    left = client.updateStatus(content, { snapshotHandle: undefined, readyToUse: undefined, creationTime: undefined, restoreSize: undefined });
  }
  if (has(left, finalizers.content)) finalizeContent(client, left, left.metadata.finalizers!.filter((one) => one !== finalizers.content));
}

/** Whoever stops between the marks has to ask the driver again before the content may go. */
function create(client: Client, content: KubeObject, storage: NetworkStorage): void {
  const { driver, source, volumeSnapshotRef, volumeSnapshotClassName: className } = content.spec;
  if (!client.find('VolumeSnapshotClass', { name: className })) {
    const message = `failed to get input parameters to create snapshot for content ${content.metadata.name}: ${JSON.stringify(`volumesnapshotclass.snapshot.storage.k8s.io ${JSON.stringify(className)} not found`)}`;
    fail(client, content, 'SnapshotCreationFailed', `Failed to create snapshot: ${message}`);
  }
  const marked = annotateContent(client, content, annotations.beingCreated, 'yes');
  // A driver answers the second request of one name with the snapshot of the first one.
  const handle = content.status?.snapshotHandle ?? client.random.fork(`snapshot-${volumeSnapshotRef.uid}`).uuid();
  const address = csiSnapshot(driver, handle);
  if (!storage.snapshot(address)) storage.takeSnapshot(address, { of: csiVolume(driver, source.volumeHandle), size: sizeOf(client, content), now: client.clock.now });
  report(client, marked, { handle, storage });
  annotateContent(client, content, annotations.beingCreated, null);
}

/** As large as the volume that it was taken of. */
function sizeOf(client: Client, { spec: { driver, source } }: KubeObject): number {
  const volume = client.list('PersistentVolume').items.find(({ spec: { csi } }) => csi && csi.driver === driver && csi.volumeHandle === source.volumeHandle);
  return volume ? volumeCapacity(volume) : 0;
}

/** Says what the driver says. */
function report(client: Client, content: KubeObject, { handle, storage }: { handle: string; storage: NetworkStorage }): void {
  const found = storage.snapshot(csiSnapshot(content.spec.driver, handle));
  if (!found) return fail(client, content, 'SnapshotContentCheckandUpdateFailed', `Failed to check and update snapshot content: failed to list snapshot for content ${content.metadata.name}: ${JSON.stringify(`can not find snapshot for snapshotID ${handle}`)}`);
  client.updateStatus(content, { snapshotHandle: handle, readyToUse: true, creationTime: found.createdAt * 1e6, ...(found.size > 0 && { restoreSize: found.size }), error: undefined });
}

function fail(client: Client, content: KubeObject, reason: string, message: string): never {
  if (content.status?.error?.message !== message) {
    const failed = client.updateStatus(content, { readyToUse: false, error: { time: timestamp(client.clock.now), message } });
    client.event(failed, 'Warning', reason, message, { component: `csi-snapshotter ${content.spec.driver}` });
  }
  throw new NotYet(message);
}
