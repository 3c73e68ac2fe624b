// What the three kinds of snapshots say of each other: finalizers, annotations, and whether two of them are bound.
import { type KubeObject, snapshotGroup } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';

const prefix = 'snapshot.storage.kubernetes.io';
export const finalizers = {
  /** Of a snapshot, until no claim is being filled from it. */
  asSource: `${prefix}/volumesnapshot-as-source-protection`,
  /** Of a snapshot, until its content is gone. */
  bound: `${prefix}/volumesnapshot-bound-protection`,
  content: `${prefix}/volumesnapshotcontent-bound-protection`,
  /** Of a claim, until its snapshot is taken. */
  claim: `${prefix}/pvc-as-source-protection`,
} as const;
export const annotations = {
  defaultClass: `${prefix}/is-default-class`,
  beingDeleted: `${prefix}/volumesnapshot-being-deleted`,
  beingCreated: `${prefix}/volumesnapshot-being-created`,
} as const;

export const snapshotVersion = `${snapshotGroup}/v1`;
export const snapshotKey = ({ metadata: { namespace, name } }: KubeObject): string => `${namespace}/${name}`;
/** What a snapshot's content is called when it is made for it. */
export const contentNameOf = ({ metadata }: KubeObject): string => `snapcontent-${metadata.uid}`;

/** The content names this very snapshot. */
export function pointsBack({ spec: { volumeSnapshotRef: ref } }: KubeObject, { metadata }: KubeObject): boolean {
  return ref.name === metadata.name && ref.namespace === metadata.namespace && ref.uid === metadata.uid;
}

export const has = ({ metadata }: KubeObject, finalizer: string): boolean => metadata.finalizers?.includes(finalizer) ?? false;
export const without = <T extends KubeObject>(object: T, ...gone: readonly string[]): T => ({ ...object, metadata: { ...object.metadata, finalizers: object.metadata.finalizers?.filter((one) => !gone.includes(one)) } });
export const withFinalizers = <T extends KubeObject>(object: T, ...more: readonly string[]): T => ({ ...object, metadata: { ...object.metadata, finalizers: [...(object.metadata.finalizers ?? []), ...more] } });

/** Contents are patched: both controllers write to them, and neither waits for the other. */
export const annotateContent = (client: Client, { metadata }: KubeObject, name: string, value: 'yes' | null): KubeObject => client.patch('VolumeSnapshotContent', metadata, { metadata: { annotations: { [name]: value } } }, { type: 'merge' });

export function finalizeContent(client: Client, { metadata }: KubeObject, wanted: readonly string[]): void {
  client.patch('VolumeSnapshotContent', metadata, [{ op: 'add', path: '/metadata/finalizers', value: wanted }], { type: 'json' });
}

/** Something is missing that may come: said once, then tried again. */
export class NotYet extends Error {}
