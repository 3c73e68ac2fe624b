// What a write needs to be told about ownership, and how objects are looked at for it.
import { customKinds, inApiVersion, type KubeObject, type MergeType, mergeTypeOf, type Resource, type Version } from '../../api/index.ts';
import { FieldSet } from './field-set.ts';
import type { ManagedFieldsEntry } from './managed.ts';
import type { Write } from './updater.ts';

export interface WriteContext {
  kind: string;
  /** How the object looks in other versions, where more than the version differs. */
  convert?: Resource['convert'];
  version: Version;
  /** RFC 3339 time of the request. */
  now: string;
  manager: string;
  /** The version in which the object is written. */
  apiVersion: string;
  subresource: string;
  /** Fields that this endpoint does not write: a PUT of the object leaves status alone. */
  ignored: FieldSet;
}

/** The part of metadata that nobody owns. */
export const unowned = FieldSet.of(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion'].map((name) => ['f:metadata', `f:${name}`]),
);

export type Entries = ManagedFieldsEntry[] | undefined;

export function writeOf(live: KubeObject, by: Write['by'], context: WriteContext): Write {
  const { kind, version, ignored } = context;
  // Whoever wrote an Event through the other of its groups is forgotten; Ingresses remember.
  const isKnown = (apiVersion: string) => (groupOf(apiVersion) === '') === (groupOf(context.apiVersion) === '');
  const typeOf = (apiVersion: string) => (isKnown(apiVersion) ? typeOfKind(apiVersion, kind, version) : undefined);
  return { live: bare(live, context), by, ignored, typeOf, version };
}

/** Of a built-in kind or a custom one. */
export const typeOfKind = (apiVersion: string, kind: string, version: Version): MergeType | undefined => mergeTypeOf(apiVersion, kind, version) ?? customKinds(version).mergeTypeOf(apiVersion, kind);

const groupOf = (apiVersion: string) => (apiVersion.includes('/') ? apiVersion.split('/')[0] : '');

/** As it looks in the version of the write. Managed fields are not themselves managed. */
export function bare(original: KubeObject, { apiVersion, kind, convert }: WriteContext): KubeObject {
  const object = convert && original.apiVersion ? inApiVersion({ convert }, original, apiVersion) : original;
  const { managedFields, ...metadata } = object.metadata;
  if (managedFields === undefined && object.apiVersion === apiVersion && object.kind === kind) return object;
  return { ...object, apiVersion, kind, metadata };
}
