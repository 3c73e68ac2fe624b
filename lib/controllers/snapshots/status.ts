// What a snapshot says of itself: what its content says, or why it has none.
import { binaryQuantity, type KubeObject } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import { snapshotKey } from './names.ts';

interface Failure {
  reason: string;
  message: string;
  /** False leaves readyToUse as it is. */
  readiness?: boolean;
}

/** The same error is written and told once. */
export function failSnapshot(client: Client, snapshot: KubeObject, { reason, message, readiness = true }: Failure): void {
  if (snapshot.status?.error?.message === message) return;
  const error = { time: timestamp(client.clock.now), message };
  client.event(client.updateStatus(snapshot, { error, ...(readiness && { readyToUse: false }) }), 'Warning', reason, message);
}

/** Takes over what the content says. */
export function followContent(client: Client, { metadata }: KubeObject, content: KubeObject): void {
  const snapshot = client.get('VolumeSnapshot', metadata);
  const { readyToUse = false, creationTime, restoreSize, error } = content.status ?? {};
  const before = snapshot.status ?? {};
  const status = {
    boundVolumeSnapshotContentName: before.boundVolumeSnapshotContentName ?? content.metadata.name,
    readyToUse,
    ...(before.creationTime === undefined && creationTime !== undefined && { creationTime: timestamp(creationTime / 1e6) }),
    ...(before.restoreSize === undefined && restoreSize !== undefined && { restoreSize: binaryQuantity(restoreSize) }),
    error,
  };
  if (!before.creationTime && creationTime !== undefined) client.event(snapshot, 'Normal', 'SnapshotCreated', `Snapshot ${snapshotKey(snapshot)} was successfully created by the CSI driver.`);
  if (!before.readyToUse && readyToUse) client.event(snapshot, 'Normal', 'SnapshotReady', `Snapshot ${snapshotKey(snapshot)} is ready to use.`);
  client.updateStatus(snapshot, status);
}
