// The volumes of one pod: made on the node's disk, kept up to date, given to containers.
import type { Pod } from '../../api/index.ts';
import type { DirectoryNode, FileNode, Machine } from '../../machine/index.ts';
import type { EnvironmentSources } from '../environment.ts';
import { ConfigError } from '../references.ts';
import { writePayload } from './atomic-writer.ts';
import { boundVolume, persistentDirectory } from './claim.ts';
import { type Disks, MountError } from './disks.ts';
import { hostPath, ownDirectory, podDirectory } from './host-path.ts';
import { giveToGroup } from './ownership.ts';
import { changes, mayFail, payloadOf, sameUser, type Volume } from './payload.ts';

export interface VolumeNode {
  node: DirectoryNode | FileNode;
  /** `tmpfs`, `nfs4`; the disk of the node when missing. */
  type?: string;
  readOnly?: boolean;
}

export interface FailedVolume {
  volume: string;
  /** As the event FailedMount says it; nothing is said while a disk is on its way. */
  message: string | undefined;
}

interface Owner {
  readonly pod: Pod;
  readonly status?: Pod['status'] | undefined;
}

export class PodVolumes {
  readonly #owner: Owner;
  readonly #machine: Machine;
  readonly #sources: EnvironmentSources;
  readonly #disks: Disks;
  readonly #made = new Map<string, VolumeNode>();
  /** How often making them failed in a row. */
  failures = 0;
  /** Since when it is waited for them; begins anew when that was said. */
  waitingSince: number | undefined;
  /** Nothing is missing any more. */
  complete = false;

  constructor(owner: Owner, { machine, sources, disks }: { machine: Machine; sources: EnvironmentSources; disks: Disks }) {
    this.#owner = owner;
    this.#machine = machine;
    this.#sources = sources;
    this.#disks = disks;
  }

  /** False when nothing could be missing: then the volumes are made when somebody looks at them. */
  static mayFail({ spec }: Pod): boolean {
    if (spec.volumes) for (const volume of spec.volumes) if (mayFail(volume)) return true;
    return false;
  }

  /** Makes what is missing and brings the others up to date; says which of them could not be made. */
  setUp(): FailedVolume[] {
    const failed: FailedVolume[] = [];
    for (const volume of this.#owner.pod.spec.volumes ?? []) {
      if (!mayFail(volume)) continue;
      try {
        if (!this.#made.has(volume.name)) this.#make(volume);
        else if (changes(volume)) this.#write(volume, this.#made.get(volume.name)!.node as DirectoryNode);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        failed.push({ volume: volume.name, message: error instanceof MountError ? error.event : failedMount(volume, error.message) });
      }
    }
    this.failures = failed.length > 0 ? this.failures + 1 : 0;
    this.complete ||= failed.length === 0;
    return failed;
  }

  /** A volume by its name; made now if nobody looked before. */
  get(name: string): VolumeNode {
    const made = this.#made.get(name);
    if (made) return made;
    const volume = this.#owner.pod.spec.volumes?.find((v) => v.name === name);
    if (!volume) throw new ConfigError(`cannot find volume ${JSON.stringify(name)} to mount`);
    return this.#make(volume);
  }

  #make(volume: Volume): VolumeNode {
    const made = this.#placeOf(volume);
    this.#made.set(volume.name, made);
    return made;
  }

  #placeOf(volume: Volume): VolumeNode {
    const { emptyDir, persistentVolumeClaim: claim } = volume;
    if (volume.hostPath) return { node: hostPath(this.#machine, volume.hostPath) };
    if (claim ?? volume.ephemeral) {
      const volumeOfClaim = boundVolume(this.#sources.client, this.#owner.pod, claim?.claimName ?? `${this.#owner.pod.metadata.name}-${volume.name}`);
      this.#disks.check(this.#owner, volumeOfClaim);
      const node = persistentDirectory(this.#machine, volumeOfClaim);
      if (!volumeOfClaim.spec.hostPath) this.#own(node, claim?.readOnly ?? false);
      return { node, ...(volumeOfClaim.spec.nfs && { type: 'nfs4' }), readOnly: claim?.readOnly ?? false };
    }
    if (volume.nfs) return { node: this.#machine.storage.directory(`nfs://${volume.nfs.server}${volume.nfs.path}`), type: 'nfs4', readOnly: volume.nfs.readOnly ?? false };
    const memory = emptyDir ? emptyDir.medium === 'Memory' : !volume.configMap;
    const { node, made } = this.#directory(volume, memory ? 0o1777 : 0o777);
    if (changes(volume)) this.#write(volume, node);
    else if (made) this.#own(node, false);
    return { node, ...(memory && { type: 'tmpfs' }), ...(!emptyDir && { readOnly: true }) };
  }

  /** `/var/lib/kubelet/pods/<uid>/volumes/kubernetes.io~empty-dir/<name>` */
  #directory(volume: Volume, mode: number): { node: DirectoryNode; made: boolean } {
    const plugin = Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';
    const folder = plugin.toLowerCase().replace('emptydir', 'empty-dir').replace('downwardapi', 'downward-api');
    return ownDirectory(this.#machine, `${podDirectory(this.#owner.pod.metadata.uid)}/volumes/kubernetes.io~${folder}/${volume.name}`, mode);
  }

  #write(volume: Volume, node: DirectoryNode): void {
    const { pod } = this.#owner;
    const { now } = this.#machine.clock;
    const payload = payloadOf(pod, volume, this.#sources)!;
    if (!writePayload(node, payload, { now, seed: `${pod.metadata.uid}/${volume.name}` })) return;
    this.#own(node, true);
    const token = volume.projected?.sources?.find((part) => part.serviceAccountToken)?.serviceAccountToken;
    const uid = token && sameUser(pod);
    if (uid !== undefined) ownToken(node, token!.path, uid);
  }

  #own(node: DirectoryNode | FileNode, readOnly: boolean): void {
    const group = this.#owner.pod.spec.securityContext?.fsGroup;
    if (group !== undefined) giveToGroup(node, group, readOnly);
  }
}

/** A token is its user's when all containers have the same. */
function ownToken(volume: DirectoryNode, path: string, uid: number): void {
  for (const entry of volume.entries.values()) {
    const node = entry.kind === 'directory' ? entry.entries.get(path) : undefined;
    if (node) node.uid = uid;
  }
}

function failedMount(volume: Volume, why: string): string {
  if (volume.persistentVolumeClaim && why.startsWith('error processing PVC')) return `Unable to attach or mount volumes: unmounted volumes=[${volume.name}], unattached volumes=[${volume.name}]: ${why}`;
  return `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${why}`;
}
