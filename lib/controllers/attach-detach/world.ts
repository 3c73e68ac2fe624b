// What the controller remembers beside the objects, and the names that attachments have. All of it can be lost.
import { hex, type KubeObject, sha256 } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { getLive } from '../shared/not-found.ts';

export const byVolume = 'attachments of a volume';
export const byNode = 'attachments at a node';

/** An attachment that is waited for. */
export interface Attempt {
  /** When this try began (milliseconds). */
  since: number;
  failures: number;
  retryAt: number;
}

export interface World {
  readonly client: Client;
  /** What nodes have mounted, as they last said; also of nodes that are gone. */
  readonly lastInUse: Map<string, readonly string[]>;
  /** Since when nobody wants an attachment, by its name. */
  readonly unwantedSince: Map<string, number>;
  readonly attempts: Map<string, Attempt>;
  /** Attachments whose success was told, by uid. */
  readonly told: Set<string>;
  /** Volumes that were refused to a node because of another, as `volume/node`. */
  readonly refused: Set<string>;
}

export const newWorld = (client: Client): World => ({ client, lastInUse: new Map(), unwantedSince: new Map(), attempts: new Map(), told: new Set(), refused: new Set() });

export const volumeOf = ({ spec }: KubeObject): string => spec.source?.persistentVolumeName ?? '';

/** The name of a disk in the status of nodes. */
export const uniqueName = ({ driver, volumeHandle }: { driver: string; volumeHandle: string }): string => `kubernetes.io/csi/${driver}^${volumeHandle}`;

export const attachmentName = ({ driver, volumeHandle }: { driver: string; volumeHandle: string }, node: string): string => `csi-${hex(sha256(`${volumeHandle}${driver}${node}`))}`;

/** One that somebody else has made is called otherwise, and left to them: the real one asks for and deletes attachments by these names. */
export const isOwn = ({ metadata }: KubeObject): boolean => /^csi-[0-9a-f]{64}$/.test(metadata.name);

/** What an attachment is called in the status of its node. */
export function isReportOf({ metadata, spec }: KubeObject, unique: string): boolean {
  const [driver, volumeHandle] = unique.slice('kubernetes.io/csi/'.length).split('^');
  return volumeHandle !== undefined && attachmentName({ driver: driver!, volumeHandle }, spec.nodeName) === metadata.name;
}

type Attached = readonly { name: string; devicePath: string }[];

/** Says in the status of a node which disks stand there, and returns what it said before; a node that is gone is told nothing. */
export function reportAttached(client: Client, name: string, change: (attached: Attached) => Attached): Attached {
  const node = getLive(client, 'Node', { name });
  const before = node?.status.volumesAttached ?? [];
  if (node) client.updateStatus(node, { volumesAttached: [...change(before)] });
  return before;
}
