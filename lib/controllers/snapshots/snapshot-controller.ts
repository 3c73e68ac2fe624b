// snapshot-controller of external-snapshotter: binds VolumeSnapshots and VolumeSnapshotContents (pkg/common-controller).
import type { KubeObject } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped, forObject } from '../../client/index.ts';
import { classOf } from './class.ts';
import { bindToContent, checkReady } from './binding.ts';
import { protectContent, releaseClaim, removeSnapshot } from './protection.ts';
import { withRetries } from './retries.ts';
import { failSnapshot } from './status.ts';
import { NotYet } from './names.ts';

/** Differs from Kubernetes: it knows no groups of snapshots. */
export function snapshotController(client: Client): Controller {
  return {
    name: 'snapshot-controller',
    watches: [forObject('VolumeSnapshot'), forObject('VolumeSnapshotContent'), forMapped('VolumeSnapshotContent', snapshotOf)],
    reconcile: withRetries((request) => {
      if (!request.namespace) {
        const content = client.find('VolumeSnapshotContent', request);
        return content && protectContent(client, content);
      }
      const snapshot = client.find('VolumeSnapshot', request);
      if (snapshot) syncSnapshot(client, snapshot);
    }),
  };
}

function snapshotOf({ object: { spec } }: CacheEvent<KubeObject>): Key[] {
  const { namespace, name } = spec.volumeSnapshotRef ?? {};
  return namespace && name ? [{ namespace, name }] : [];
}

function syncSnapshot(client: Client, found: KubeObject): void {
  const snapshot = classOf(client, found);
  releaseClaim(client, snapshot, {});
  if (snapshot.metadata.deletionTimestamp) return removeSnapshot(client, snapshot);
  const { persistentVolumeClaimName: claim, volumeSnapshotContentName: content } = snapshot.spec.source;
  if ((claim === undefined) === (content === undefined)) {
    const message = 'Exactly one of PersistentVolumeClaimName and VolumeSnapshotContentName should be specified';
    failSnapshot(client, snapshot, { reason: 'SnapshotValidationError', message });
    throw new NotYet(message);
  }
  if (snapshot.status?.readyToUse && snapshot.status.boundVolumeSnapshotContentName) checkReady(client, snapshot);
  else bindToContent(client, snapshot);
}
