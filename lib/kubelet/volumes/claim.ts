// persistentVolumeClaim: what lies behind a claim outlives the pod.
import { isNotFound, type PersistentVolume, type Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { csiVolume, type DirectoryNode, type FileNode, type Machine } from '../../machine/index.ts';
import { ConfigError } from '../references.ts';
import { hostPath } from './host-path.ts';

/** The volume that a claim is bound to. */
export function boundVolume(client: Client, { metadata: { namespace } }: Pod, claimName: string): PersistentVolume {
  const where = `${namespace}/${claimName}`;
  try {
    const claim = client.get('PersistentVolumeClaim', { namespace, name: claimName });
    if (!claim.spec.volumeName || claim.status?.phase !== 'Bound') throw new ConfigError(`error processing PVC ${where}: PVC is not bound`);
    return client.get('PersistentVolume', { name: claim.spec.volumeName });
  } catch (error) {
    if (isNotFound(error)) throw new ConfigError(`error processing PVC ${where}: failed to fetch PVC from API server: ${(error as Error).message}`);
    throw error;
  }
}

/** The directory of a volume: on the node for hostPath and local, in the machine's world for what comes over the network. */
export function persistentDirectory(machine: Machine, { metadata: { name }, spec }: PersistentVolume): DirectoryNode | FileNode {
  if (spec.hostPath) return hostPath(machine, spec.hostPath);
  if (spec.local) {
    const node = machine.files.find(spec.local.path);
    if (!node) throw new ConfigError(`path ${JSON.stringify(spec.local.path)} does not exist`);
    return node as DirectoryNode;
  }
  const { nfs, csi } = spec;
  return machine.storage.directory(nfs ? `nfs://${nfs.server}${nfs.path}` : csi ? csiVolume(csi.driver, csi.volumeHandle) : `volume://${name}`);
}
