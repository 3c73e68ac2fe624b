// A disk is asked for at the machine whose pods need it; one for a single machine waits until it stands nowhere else.
import { type KubeObject, type PersistentVolume, type Pod } from '../../api/index.ts';
import { multiAttachMessage } from './multi-attach.ts';
import { type Attempt, attachmentName, reportAttached, uniqueName, type World } from './world.ts';

/** How long a driver has for one attachment, and how long it is waited after failures (milliseconds). */
const attachTimeout = 120_000;
const [firstRetry, lastRetry] = [500, 122_000];

export interface Attaching {
  volume: PersistentVolume | undefined;
  attachments: KubeObject[];
  wanted: ReadonlyMap<string, Pod[]>;
}

/** Returns when to look again (milliseconds from now). */
export function attachWanted(world: World, { volume, attachments, wanted }: Attaching): number[] {
  if (!volume) return [];
  const waits: number[] = [];
  for (const [node, pods] of wanted) {
    let attachment = attachments.find(({ spec }) => spec.nodeName === node);
    if (attachment?.metadata.deletionTimestamp) continue;
    if (!attachment) {
      if (!mayShare(volume) && attachments.length > 0) {
        refuse(world, { volume, attachments, wanted }, node);
        continue;
      }
      attachment = ask(world, volume, node);
      attachments.push(attachment);
    }
    world.refused.delete(refusalOf(volume, node));
    const wait = attachment.status?.attached ? succeeded(world, { attachment, volume, pods }) : waitFor(world, { attachment, volume, pods });
    if (wait !== undefined) waits.push(wait);
  }
  for (const refusal of world.refused) if (refusal.startsWith(`${volume.metadata.name}/`) && !wanted.has(refusal.slice(volume.metadata.name.length + 1))) world.refused.delete(refusal);
  return waits;
}

/** How long an attachment is waited for yet; undefined when nothing is under way. */
export function isBeingAttached({ client, attempts }: World, { metadata, status }: KubeObject): number | undefined {
  const attempt = attempts.get(metadata.name);
  if (status?.attached || status?.attachError || !attempt || attempt.retryAt > client.clock.now) return undefined;
  const left = attempt.since + attachTimeout - client.clock.now;
  return left > 0 ? left : undefined;
}

const refusalOf = ({ metadata }: PersistentVolume, node: string) => `${metadata.name}/${node}`;

const mayShare = ({ spec: { accessModes = [] } }: PersistentVolume) => accessModes.length === 0 || accessModes.includes('ReadWriteMany') || accessModes.includes('ReadOnlyMany');

function ask({ client, attempts }: World, { metadata: { name }, spec: { csi } }: PersistentVolume, nodeName: string): KubeObject {
  const attachment = { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment', metadata: { name: attachmentName(csi!, nodeName) }, spec: { attacher: csi!.driver, source: { persistentVolumeName: name }, nodeName } };
  attempts.set(attachment.metadata.name, { since: client.clock.now, failures: attempts.get(attachment.metadata.name)?.failures ?? 0, retryAt: 0 });
  return client.create(attachment);
}

interface Answer {
  attachment: KubeObject;
  volume: PersistentVolume;
  pods: readonly Pod[];
}

/** It is told once, and the node says from then on that the disk is there. */
function succeeded({ client, told, attempts }: World, { attachment, volume, pods }: Answer): undefined {
  const { nodeName } = attachment.spec;
  const { uid, name } = attachment.metadata;
  attempts.delete(name);
  const unique = uniqueName(volume.spec.csi!);
  const isReported = client.find('Node', { name: nodeName })?.status.volumesAttached?.some((one) => one.name === unique);
  if (isReported) return void told.add(uid);
  if (!told.has(uid)) for (const pod of pods) client.event(pod, 'Normal', 'SuccessfulAttachVolume', `AttachVolume.Attach succeeded for volume ${JSON.stringify(volume.metadata.name)} `);
  told.add(uid);
  reportAttached(client, nodeName, (attached) => (attached.some((one) => one.name === unique) ? [...attached] : [...attached, { name: unique, devicePath: '' }]));
  return undefined;
}

/** The driver's error is told, and again whenever it is asked again; one that does not answer is given up after two minutes. */
function waitFor({ client, attempts }: World, { attachment, volume, pods }: Answer): number {
  const { now } = client.clock;
  const { name } = attachment.metadata;
  const attempt: Attempt = attempts.get(name) ?? { since: now, failures: 0, retryAt: 0 };
  attempts.set(name, attempt);
  if (attempt.retryAt > now) return attempt.retryAt - now;
  if (attempt.retryAt > attempt.since) attempt.since = attempt.retryAt;
  const failure: string | undefined = attachment.status?.attachError?.message ?? (now - attempt.since >= attachTimeout ? timedOut(client.version, volume) : undefined);
  if (failure === undefined) return attempt.since + attachTimeout - now;
  for (const pod of pods) client.event(pod, 'Warning', 'FailedAttachVolume', `AttachVolume.Attach failed for volume ${JSON.stringify(volume.metadata.name)} : ${failure}`);
  attempt.retryAt = now + Math.min(firstRetry * 2 ** attempt.failures++, lastRetry);
  return attempt.retryAt - now;
}

function timedOut(version: World['client']['version'], { spec: { csi } }: PersistentVolume): string {
  const { driver, volumeHandle } = csi!;
  return version.has('attach-timeout-names-driver') ? `timed out waiting for external-attacher of ${driver} CSI driver to attach volume ${volumeHandle}` : `attachdetachment timeout for volume ${volumeHandle}`;
}

/** Told once as long as the pods want it; not while the disk is on its way from or to a machine. */
function refuse(world: World, { volume, attachments, wanted }: Attaching & { volume: PersistentVolume }, node: string): void {
  const refusal = refusalOf(volume, node);
  if (world.refused.has(refusal)) return;
  if (attachments.some((one) => one.metadata.deletionTimestamp || isBeingAttached(world, one) !== undefined)) return;
  world.refused.add(refusal);
  const others = attachments.flatMap(({ spec }) => wanted.get(spec.nodeName) ?? []);
  for (const pod of wanted.get(node)!) world.client.event(pod, 'Warning', 'FailedAttachVolume', `Multi-Attach error for volume ${JSON.stringify(volume.metadata.name)} ${multiAttachMessage(pod, others)}`);
}
