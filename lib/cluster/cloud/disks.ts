// The disks of the small cloud: each lies in one zone and stands at one machine at most.
import { hexOf } from '../../machine/index.ts';

export interface CloudDisk {
  /** `disk-0a1b2c3d` */
  readonly id: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly zone: string;
  /** Name of the machine. */
  readonly attachedTo?: string;
}

/** What may be asked of the cloud about disks. Everything may fail, as with the rest of its calls. */
export interface DiskApi {
  disks(): readonly CloudDisk[];
  /** A second order of one name answers with the first disk. */
  createDisk(order: Omit<CloudDisk, 'id' | 'attachedTo'>): CloudDisk;
  deleteDisk(id: string): void;
  /** Throws when it stands at another machine, or lies in another zone. */
  attachDisk(id: string, machine: string): CloudDisk;
  detachDisk(id: string, machine: string): void;
}

export class DiskShelf {
  readonly #disks = new Map<string, CloudDisk>();

  constructor(disks: readonly CloudDisk[] = []) {
    for (const disk of disks) this.#disks.set(disk.id, disk);
  }

  all(): readonly CloudDisk[] {
    return [...this.#disks.values()];
  }

  create({ name, size, zone }: Omit<CloudDisk, 'id' | 'attachedTo'>): CloudDisk {
    const id = `disk-${hexOf(`disk/${name}`).slice(0, 8)}`;
    const disk = this.#disks.get(id) ?? { id, name, size, zone };
    this.#disks.set(id, disk);
    return disk;
  }

  delete(id: string): void {
    const disk = this.#found(id);
    if (disk.attachedTo !== undefined) throw new Error(`VolumeInUse: ${id} is attached to ${disk.attachedTo}`);
    this.#disks.delete(id);
  }

  attach(id: string, machine: { name: string; zone: string } | undefined): CloudDisk {
    const disk = this.#found(id);
    if (!machine) throw new Error('InstanceNotFound');
    if (disk.zone !== machine.zone) throw new Error(`InvalidVolumeZone: ${id} is in ${disk.zone}, ${machine.name} in ${machine.zone}`);
    if (disk.attachedTo !== undefined && disk.attachedTo !== machine.name) throw new Error(`VolumeInUse: ${id} is attached to ${disk.attachedTo}`);
    const attached = { ...disk, attachedTo: machine.name };
    this.#disks.set(id, attached);
    return attached;
  }

  detach(id: string, machine: string): void {
    const { attachedTo, ...disk } = this.#found(id);
    if (attachedTo === machine) this.#disks.set(id, disk);
  }

  #found(id: string): CloudDisk {
    const disk = this.#disks.get(id);
    if (!disk) throw new Error(`VolumeNotFound: ${id}`);
    return disk;
  }
}
