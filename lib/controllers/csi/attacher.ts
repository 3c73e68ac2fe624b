// csi-attacher, the sidecar that stands beside a driver: has it do what attachments ask for (external-attacher/pkg/controller).
import { isConflict, isNotFound, type KubeObject, type PersistentVolume } from '../../api/index.ts';
import type { Client, Controller } from '../../client/index.ts';
import { forMapped, forObject } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import { attacherFinalizer, type CsiDriver } from './driver.ts';

/** How long a disk needs from one machine to the other, and how long it is waited after failures (milliseconds). */
const duration = 2000;
const [firstRetry, lastRetry] = [1000, 300_000];
const volumes = 'volume';
const byVolume = 'attachments of a volume';

interface Sidecar {
  client: Client;
  driver: CsiDriver;
  since: Map<string, number>;
  failures: Map<string, number>;
}

export function csiAttacher(client: Client, { driver }: { driver: CsiDriver }): Controller {
  const sidecar: Sidecar = { client, driver, since: new Map(), failures: new Map() };
  client.cache('VolumeAttachment').index(byVolume, ({ spec }) => [spec.source?.persistentVolumeName ?? '']);
  return {
    name: 'csi-attacher',
    watches: [
      forObject('VolumeAttachment'),
      forMapped('VolumeAttachment', ({ type, object }) => (type === 'DELETED' ? [{ namespace: volumes, name: object.spec.source?.persistentVolumeName ?? '' }] : [])),
      forMapped('PersistentVolume', ({ object }) => (object.metadata.deletionTimestamp ? [{ namespace: volumes, name: object.metadata.name }] : [])),
    ],
    reconcile({ namespace, name }) {
      if (namespace === volumes) return letGo(sidecar, client.find('PersistentVolume', { name }));
      const attachment = client.find('VolumeAttachment', { name });
      if (attachment?.spec.attacher !== driver.name) return;
      const finalized = attachment.metadata.finalizers?.includes(attacherFinalizer(driver.name)) ?? false;
      if (attachment.metadata.deletionTimestamp) return finalized ? withRetries(sidecar, attachment, 'detachError', () => detach(sidecar, attachment)) : undefined;
      if (!attachment.status?.attached) return withRetries(sidecar, attachment, 'attachError', () => attach(sidecar, attachment));
    },
  };
}

/** Both objects stay as long as the disk may be at the machine. */
function attach(sidecar: Sidecar, attachment: KubeObject): number | undefined {
  const { client, driver } = sidecar;
  const finalizer = attacherFinalizer(driver.name);
  const held = finalize(client, attachment, finalizer);
  const volume = client.get('PersistentVolume', { name: held.spec.source.persistentVolumeName });
  finalize(client, volume, finalizer);
  const left = remaining(sidecar, held);
  if (left > 0) return left;
  const attachmentMetadata = driver.publishVolume(volume.spec.csi!.volumeHandle, client.get('Node', { name: held.spec.nodeName }));
  client.updateStatus(held, { attached: true, attachError: undefined, attachmentMetadata });
  return undefined;
}

function detach(sidecar: Sidecar, attachment: KubeObject): number | undefined {
  const { client, driver } = sidecar;
  const left = remaining(sidecar, attachment);
  if (left > 0) return left;
  const volume = client.find('PersistentVolume', { name: attachment.spec.source.persistentVolumeName });
  if (volume) driver.unpublishVolume(volume.spec.csi!.volumeHandle, attachment.spec.nodeName);
  const detached = client.updateStatus(attachment, { attached: false, detachError: undefined, attachmentMetadata: undefined });
  unfinalize(client, detached, attacherFinalizer(driver.name));
  return undefined;
}

/** The volume that is to be deleted may go when it is nowhere any more. */
function letGo({ client, driver }: Sidecar, volume: PersistentVolume | undefined): void {
  const finalizer = attacherFinalizer(driver.name);
  if (!volume?.metadata.deletionTimestamp || !volume.metadata.finalizers?.includes(finalizer) || client.cache('VolumeAttachment').by(byVolume, volume.metadata.name).size > 0) return;
  unfinalize(client, volume, finalizer);
}

function finalize<T extends KubeObject>(client: Client, object: T, finalizer: string): T {
  const { finalizers = [] } = object.metadata;
  if (finalizers.includes(finalizer)) return object;
  return client.update({ ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } });
}

function unfinalize(client: Client, object: KubeObject, finalizer: string): void {
  client.update({ ...object, metadata: { ...object.metadata, finalizers: object.metadata.finalizers?.filter((one) => one !== finalizer) } });
}

function remaining({ client, since }: Sidecar, { metadata: { uid, deletionTimestamp } }: KubeObject): number {
  const key = `${uid}/${deletionTimestamp ? 'detach' : 'attach'}`;
  const began = since.get(key) ?? client.clock.now;
  since.set(key, began);
  const left = began + duration - client.clock.now;
  if (left <= 0) since.delete(key);
  return left;
}

function withRetries({ client, failures }: Sidecar, attachment: KubeObject, field: 'attachError' | 'detachError', run: () => number | undefined): { requeueAfter: number } | undefined {
  const { name } = attachment.metadata;
  try {
    const left = run();
    failures.delete(name);
    return left === undefined ? undefined : { requeueAfter: left };
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) throw error;
    const { message } = error as Error;
    const before = failures.get(name) ?? 0;
    failures.set(name, before + 1);
    if (attachment.status?.[field]?.message !== message) client.updateStatus(attachment, { [field]: { time: timestamp(client.clock.now), message } });
    return { requeueAfter: Math.min(firstRetry * 2 ** before, lastRetry) };
  }
}
