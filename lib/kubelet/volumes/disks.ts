// Disks that have to stand at the machine before a pod can use them: which of them are in use, and whether they have come.
import { isPodTerminal, type Node, type PersistentVolume, type Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { ConfigError } from '../references.ts';

/** A volume that cannot be mounted. Without an event when it is only waited for it. */
export class MountError extends ConfigError {
  constructor(message: string, readonly event?: string) {
    super(message);
  }
}

interface Owner {
  readonly pod: Pod;
  readonly status?: Pod['status'] | undefined;
}

export interface DisksOptions {
  client: Client;
  nodeName: string;
  /** The node as it was last written or read. */
  node(): Node | undefined;
  /** CSI drivers that have registered with this kubelet. */
  drivers: readonly string[];
}

export class Disks {
  readonly #options: DisksOptions;
  readonly #used = new Map<string, { owner: Owner; names: Set<string> }>();

  constructor(options: DisksOptions) {
    this.#options = options;
  }

  /** Throws as long as the disk is not here, or nobody can mount it. The controller may take away what no node says it uses. */
  check(owner: Owner, { metadata, spec: { csi } }: PersistentVolume): void {
    if (!csi) return;
    const { client, nodeName, node, drivers } = this.#options;
    const unique = `kubernetes.io/csi/${csi.driver}^${csi.volumeHandle}`;
    if (client.find('CSIDriver', { name: csi.driver })?.spec.attachRequired === false) this.#used.get(owner.pod.metadata.uid)?.names.delete(unique);
    else {
      this.#note(owner, unique);
      if (!node()?.status.volumesInUse?.includes(unique)) throw new MountError("Volume has not been added to the list of VolumesInUse in the node's volume status");
      if (!client.get('Node', { name: nodeName }).status.volumesAttached?.some(({ name }) => name === unique)) throw new MountError('Volume not attached according to node status');
    }
    if (drivers.includes(csi.driver)) return;
    const missing = `kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name ${csi.driver} not found in the list of registered CSI drivers`;
    throw new MountError(missing, `MountVolume.MountDevice failed for volume ${JSON.stringify(metadata.name)} : ${missing}`);
  }

  #note(owner: Owner, unique: string): void {
    const { uid } = owner.pod.metadata;
    let used = this.#used.get(uid);
    if (!used) this.#used.set(uid, (used = { owner, names: new Set() }));
    used.names.add(unique);
  }

  /** Nothing of the pod is left here. */
  forget(uid: string): void {
    this.#used.delete(uid);
  }

  /** What the status of the node says. */
  inUse(): readonly string[] {
    if (this.#used.size === 0) return none;
    const names = new Set<string>();
    for (const { owner, names: own } of this.#used.values()) if (!hasEnded(owner)) for (const name of own) names.add(name);
    return [...names].sort();
  }
}

/** One for all, so that it is seen at once that nothing changed. */
const none: readonly string[] = [];

function hasEnded({ pod, status = pod.status }: Owner): boolean {
  return isPodTerminal({ ...pod, status }) || (pod.metadata.deletionTimestamp !== undefined && (status.containerStatuses ?? []).every(({ state }) => !state?.running));
}
