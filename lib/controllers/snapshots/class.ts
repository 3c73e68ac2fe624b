// The class of a snapshot: the one it names, or the default one of its volume's driver.
import type { KubeObject, PersistentVolume } from '../../api/index.ts';
import { isNotFound } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { annotations, NotYet, snapshotKey } from './names.ts';
import { failSnapshot } from './status.ts';

/** The snapshot, with the name of its class. One that is going needs none any more. */
export function classOf(client: Client, snapshot: KubeObject): KubeObject {
  const { volumeSnapshotClassName: name, source } = snapshot.spec;
  if (name === undefined) return source.volumeSnapshotContentName !== undefined ? snapshot : withDefaultClass(client, snapshot);
  if (client.find('VolumeSnapshotClass', { name }) || snapshot.metadata.deletionTimestamp) return snapshot;
  const message = `volumesnapshotclass.snapshot.storage.k8s.io ${JSON.stringify(name)} not found`;
  return refuse(client, snapshot, { reason: 'GetSnapshotClassFailed', message: `Failed to get snapshot class with error ${message}` });
}

function withDefaultClass(client: Client, snapshot: KubeObject): KubeObject {
  try {
    const driver = driverOf(client, snapshot);
    const defaults = [...client.cache('VolumeSnapshotClass')].filter((one) => one.metadata.annotations?.[annotations.defaultClass] === 'true' && driverOfClass(one) === driver);
    if (defaults.length === 0) throw new NotYet('cannot find default snapshot class');
    if (defaults.length > 1) throw new NotYet(`${defaults.length} default snapshot classes were found`);
    return client.update({ ...snapshot, spec: { ...snapshot.spec, volumeSnapshotClassName: defaults[0]!.metadata.name } });
  } catch (error) {
    if (!(error instanceof NotYet)) throw error;
    return refuse(client, snapshot, { reason: 'SetDefaultSnapshotClassFailed', message: `Failed to set default snapshot class with error ${error.message}` });
  }
}

/** A snapshot that waits for a class does not say that it is not ready. */
function refuse(client: Client, snapshot: KubeObject, { reason, message }: { reason: string; message: string }): never {
  failSnapshot(client, snapshot, { reason, message, readiness: false });
  throw new NotYet(message);
}

/** A class has its fields beside its metadata. */
export const driverOfClass = (found: KubeObject): string => (found as unknown as { driver: string }).driver;

/** The volume of the claim that a snapshot is to be taken of. */
export function volumeOf(client: Client, snapshot: KubeObject): PersistentVolume {
  const { namespace } = snapshot.metadata;
  const name = snapshot.spec.source.persistentVolumeClaimName;
  const claim = client.find('PersistentVolumeClaim', { namespace, name });
  if (!claim) throw new NotYet(`failed to retrieve PVC ${name} from the lister: ${JSON.stringify(`persistentvolumeclaim ${JSON.stringify(name)} not found`)}`);
  if (claim.status.phase !== 'Bound') throw new NotYet(`the PVC ${name} is not yet bound to a PV, will not attempt to take a snapshot`);
  const volume = live(client, claim.spec.volumeName!);
  const { claimRef } = volume.spec;
  if (!claimRef || claimRef.name !== name || claimRef.namespace !== namespace || (claimRef.uid && claimRef.uid !== claim.metadata.uid)) throw new NotYet('claim in dataSource not bound or invalid');
  return volume;
}

function live(client: Client, name: string): PersistentVolume {
  try {
    return client.get('PersistentVolume', { name });
  } catch (error) {
    if (isNotFound(error)) throw new NotYet(`failed to retrieve PV ${name} from the API server: ${JSON.stringify((error as Error).message)}`);
    throw error;
  }
}

function driverOf(client: Client, snapshot: KubeObject): string {
  const { csi } = volumeOf(client, snapshot).spec;
  if (!csi) throw new NotYet(`snapshotting non-CSI volumes is not supported, snapshot:${snapshotKey(snapshot)}`);
  return csi.driver;
}
