// What a new volume is filled with: a snapshot, or another claim's volume (external-provisioner, pkg/controller).
import { bytes, type KubeObject, type PersistentVolumeClaim, requestedStorage, snapshotGroup, type StorageClass, storageClassOf } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { csiSnapshot, csiVolume, type DirectoryNode, type NetworkStorage } from '../../machine/index.ts';
import { getLive } from '../shared/not-found.ts';

/** Why there is nothing to fill the volume with (yet). */
export class NoSource extends Error {}

/** A claim that waits for a volume, and the class that says how to make one. */
export interface Asked {
  claim: PersistentVolumeClaim;
  class: StorageClass;
}

/** The files that a claim asks for; undefined where it asks for an empty volume. */
export function sourceOf(client: Client, asked: Asked, storage: NetworkStorage): DirectoryNode | undefined {
  const { dataSource: from } = asked.claim.spec;
  if (!from) return undefined;
  try {
    return from.kind === 'VolumeSnapshot' ? snapshotFiles(client, asked, storage) : storage.directory(clonedVolume(client, asked));
  } catch (error) {
    if (!(error instanceof NoSource)) throw error;
    throw new NoSource(`failed to provision volume with StorageClass ${JSON.stringify(asked.class.metadata.name)}: ${error.message}`);
  }
}

function clonedVolume(client: Client, { claim, class: { provisioner } }: Asked): string {
  const { name } = claim.spec.dataSource!;
  const refuse = (why: string): never => {
    throw new NoSource(`error getting handle for DataSource Type PersistentVolumeClaim by Name ${name}: ${why}`);
  };
  const source = client.find('PersistentVolumeClaim', { namespace: claim.metadata.namespace, name }) ?? refuse(`error getting PVC ${name} (namespace ${JSON.stringify(claim.metadata.namespace)}) from api server: persistentvolumeclaim ${JSON.stringify(name)} not found`);
  if (source.status.phase !== 'Bound') refuse(`the PVC DataSource ${name} must have a status of Bound.  Got ${goStatus(source)}`);
  if (source.metadata.deletionTimestamp) refuse(`the PVC DataSource ${name} is currently being deleted`);
  if (!storageClassOf(source)) refuse(`the source PVC (${name}) storageclass cannot be empty`);
  const [wanted, present] = [requestedStorage(claim), requestedStorage(source)];
  if (wanted < present) refuse(`error, new PVC request must be greater than or equal in size to the specified PVC data source, requested ${wanted} but source is ${present}`);
  const volume = client.find('PersistentVolume', { name: source.spec.volumeName! });
  if (!volume?.spec.csi || volume.spec.csi.driver !== provisioner || volume.spec.claimRef?.uid !== source.metadata.uid || volume.status.phase !== 'Bound') return refuse('claim in dataSource not bound or invalid');
  const [mode, wantedMode] = [volume.spec.volumeMode ?? 'Filesystem', claim.spec.volumeMode ?? 'Filesystem'];
  if (mode !== wantedMode) refuse(`the source PVC and destination PVCs must have the same volume mode for cloning.  Source is ${mode}, but new PVC requested ${wantedMode}`);
  return csiVolume(volume.spec.csi.driver, volume.spec.csi.volumeHandle);
}

/** As Go prints the struct of a claim that waits. */
const goStatus = ({ status: { phase } }: PersistentVolumeClaim) => `{${phase} [] map[] [] map[] map[] <nil> <nil>}`;

function snapshotFiles(client: Client, { claim, class: found }: Asked, storage: NetworkStorage): DirectoryNode {
  const { name } = claim.spec.dataSource!;
  const refuse = (why: string): never => {
    throw new NoSource(`error getting handle for DataSource Type VolumeSnapshot by Name ${name}: ${why}`);
  };
  const snapshot = live(client, 'VolumeSnapshot', { namespace: claim.metadata.namespace, name }) ?? refuse(`error getting snapshot ${name} from api server: ${missing(client, name)}`);
  const bound = snapshot.status?.boundVolumeSnapshotContentName ?? refuse(`snapshot ${name} not bound`);
  const content = live(client, 'VolumeSnapshotContent', { name: bound }) ?? refuse(`error getting snapshotcontent ${bound} for snapshot ${name}`);
  if (content.spec.volumeSnapshotRef.uid !== snapshot.metadata.uid) refuse(`snapshotcontent ${bound} for snapshot ${name} is bound to a different snapshot`);
  const { driver } = content.spec;
  if (driver !== found.provisioner) refuse(`snapshotcontent ${bound} for snapshot ${name} is not handled by CSI driver of StorageClass ${found.metadata.name}`);
  if (!snapshot.status.readyToUse) refuse(`snapshot ${name} is not Ready`);
  const handle = content.status?.snapshotHandle ?? refuse(`snapshot handle ${name} is not available`);
  const [wanted, least] = [requestedStorage(claim), bytes(snapshot.status.restoreSize)];
  if (wanted < least) refuse(`requested volume size ${wanted} is less than the size ${least} for the source snapshot ${name}`);
  const taken = storage.snapshot(csiSnapshot(driver, handle));
  if (!taken) throw new NoSource(`rpc error: code = NotFound desc = cannot find snapshot ${handle}`);
  return taken.files;
}

const missing = (client: Client, name: string) => `${client.resource('VolumeSnapshot') ? `volumesnapshots.${snapshotGroup} ${JSON.stringify(name)} not found` : `the server could not find the requested resource (get volumesnapshots.${snapshotGroup} ${name})`}`;

function live(client: Client, kind: string, key: { namespace?: string; name: string }): KubeObject | undefined {
  return client.resource(kind) && getLive(client, kind, key);
}
