// The rules around ownership: names, times, how many entries there may be, when tracking begins.
import { badRequest, complete, type KubeObject, type Manifest, type MergeType, mergeTypeOf, StatusError, type Version } from '../../api/index.ts';
import { Conflicts, conflictError } from './conflicts.ts';
import { emptyObject } from './empty-object.ts';
import { FieldSet } from './field-set.ts';
import { lastAppliedFields, withLastApplied } from './last-applied.ts';
import { decodeManaged, encodeManaged, identifierOf, isReset, type Managed, type ManagedFieldsEntry, type Owner } from './managed.ts';
import { checkType, TypeMismatch } from './typed-value.ts';
import { applyOwners, updateOwners, type Write } from './updater.ts';

export interface WriteContext {
  kind: string;
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

const maxUpdateManagers = 10;

/** The part of metadata that nobody owns. */
const unowned = FieldSet.of(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion'].map((name) => ['f:metadata', `f:${name}`]),
);

type Entries = ManagedFieldsEntry[] | undefined;

/** The managed fields of `next` after an update that found `live` with `entries`; an object without any is not tracked. */
export function updatedFields(live: KubeObject | undefined, next: KubeObject, { entries, context }: { entries: Entries; context: WriteContext }): Entries {
  const before = decodeManaged(entries) ?? new Map();
  if (live && before.size === 0) return undefined;
  try {
    return encodeManaged(capped(update(live, next, before, context)));
  } catch (error) {
    // An object that is not of its type keeps no managed fields; the write itself goes on.
    if (error instanceof TypeMismatch) return undefined;
    throw error;
  }
}

/** What the client says of managed fields counts, unless it is missing or cannot be read. */
export function statedFields(stated: Entries, live: Entries): Entries {
  if (isReset(stated)) return undefined;
  return stated && decodeManaged(stated)?.size ? stated : live;
}

function update(live: KubeObject | undefined, next: KubeObject, managed: Managed, context: WriteContext): Managed {
  const by = { manager: context.manager || 'unknown', operation: 'Update', apiVersion: context.apiVersion, subresource: context.subresource } as const;
  const identifier = identifierOf(by);
  const former = managed.get(identifier);
  const write = writeOf(live ?? emptyObject(next.apiVersion, next.kind), by, context);
  const type = write.typeOf(by.apiVersion);
  if (!type) return managed;
  const checks = { duplicates: context.version.has('apply-live-duplicates') };
  // Whoever writes an object owns what Go prints of it even when nobody set it.
  const printed = bare(complete(next.apiVersion, next.kind, next), by.apiVersion);
  for (const value of [printed, write.live]) checkType(type, value, checks);
  const self = { ...by, manager: currentOperation };
  const owners = updateOwners(managed, printed, { ...write, by: self });
  const own = owners.get(identifierOf(self));
  owners.delete(identifierOf(self));
  const taken = own?.set.difference(unowned);
  if (!taken || taken.empty) return owners;
  const set = owners.get(identifier)?.set.union(taken) ?? taken;
  owners.set(identifier, { ...by, set, time: former?.set.equals(set) ? former.time : context.now });
  return owners;
}

/** Takes the part of the writer, so that what it owned before is treated as anybody else's. */
const currentOperation = 'current-operation';

/** The object that an apply makes of `live`, with its managed fields. Throws what the API server answers. */
export function applied(live: KubeObject | undefined, config: Manifest, { entries, force, context }: { entries: Entries; force: boolean; context: WriteContext }): KubeObject {
  const { version, manager, apiVersion } = context;
  const present = live ?? emptyObject(apiVersion, context.kind);
  const managed = known(present, entries, { live, context });
  if (config.apiVersion !== apiVersion) throw badRequest(`Incorrect version specified in apply patch. Specified patch version: ${config.apiVersion ?? ''}, expected: ${apiVersion}`);
  if (config.metadata?.managedFields !== undefined && config.metadata.managedFields !== null) throw badRequest('metadata.managedFields must be nil');
  const by = { manager, operation: 'Apply', apiVersion, subresource: context.subresource } as const;
  const write = writeOf(present, by, context);
  const type = configType(config, version);
  typed('patch', () => checkType(type, config), config, version);
  if (type !== write.typeOf(apiVersion)) throw differentTypes();
  typed('live', () => checkType(type, write.live, { duplicates: version.has('apply-live-duplicates') }), config, version);
  const { object, owners, changed } = withUpgrade(managed, config, { write, force, present });
  const own = owners.get(identifierOf(by));
  const set = own?.set.difference(unowned);
  if (!set || set.empty) owners.delete(identifierOf(by));
  else owners.set(identifierOf(by), { ...own!, set, time: changed || !sameOwners(owners, managed, { by, set }) ? context.now : own!.time });
  const result = changed ? (object as KubeObject) : present;
  const metadata = { ...result.metadata, managedFields: encodeManaged(owners) } as KubeObject['metadata'];
  const updated = { ...result, metadata };
  return manager === 'kubectl' ? withLastApplied(updated, config) : updated;
}

/** Who owns what so far; an object that was not tracked belongs to whoever was there before. */
function known(present: KubeObject, entries: Entries, { live, context }: { live: KubeObject | undefined; context: WriteContext }): Managed {
  const managed = decodeManaged(entries) ?? new Map<string, Owner>();
  if (managed.size > 0) return managed;
  if (!live) return managed;
  try {
    return update(undefined, present, managed, { ...context, manager: 'before-first-apply', ignored: new FieldSet() });
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    throw new StatusError('', 500, `failed to create manager for existing fields: failed to convert new object (${context.apiVersion}, Kind=${context.kind}) to smd typed: ${error.message}`);
  }
}

function configType({ apiVersion = '', kind = '' }: Manifest, version: Version): MergeType {
  const type = mergeTypeOf(apiVersion, kind, version);
  if (type) return type;
  const groupVersion = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
  throw new StatusError('', 500, `failed to create typed patch object: no corresponding type for ${groupVersion}, Kind=${kind}`);
}

/** Kubernetes prints where the names of the two types lie in its memory. */
function differentTypes(): StatusError {
  const type = '{0xc000000000 {<nil> <nil> <nil>}}';
  return new StatusError('', 500, `failed to merge config: expected objects of the same type, but got ${type} and ${type}`);
}

interface Apply {
  write: Write;
  force: boolean;
  present: KubeObject;
}

/** kubectl may take over what its own client-side apply wrote. */
function withUpgrade(managed: Managed, config: Manifest, { write, force, present }: Apply): { object: object; owners: Managed; changed: boolean } {
  const apply = (forced: boolean) => {
    const { object, owners, changes } = applyOwners(managed, config, { ...write, force: forced });
    return { object, owners, changed: !changes.added.empty || !changes.modified.empty || !changes.removed.empty };
  };
  try {
    return apply(force);
  } catch (error) {
    if (!(error instanceof Conflicts)) throw error;
    const allowed = write.by.manager === 'kubectl' ? lastAppliedFields(present, write) : undefined;
    const left = allowed ? error.list.filter(({ path }) => !allowed.has(path)) : error.list;
    if (left.length > 0) throw conflictError(left);
    return apply(true);
  }
}

function sameOwners(owners: Managed, before: Managed, { by, set }: { by: Write['by']; set: FieldSet }): boolean {
  if (owners.size !== before.size) return false;
  for (const [name, owner] of owners) if (!before.get(name)?.set.equals(name === identifierOf(by) ? set : owner.set)) return false;
  return true;
}

function typed(what: 'patch' | 'live', check: () => void, { kind, apiVersion = '', metadata }: Manifest, version: Version): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    const named = version.has('apply-error-names-object') ? ` (${metadata?.namespace ?? ''}/${metadata?.name ?? ''}; ${apiVersion}, Kind=${kind})` : '';
    throw new StatusError('', 500, `failed to create typed ${what} object${named}: ${error.message}`);
  }
}

/** Only so many updaters are told apart; the oldest of a version share an entry. */
function capped(managed: Managed): Managed {
  const text = ({ time = '' }: Owner, identifier: string) => `${time}\0${identifier}`;
  const updaters = [...managed].filter(([, { operation }]) => operation === 'Update').sort(([a, x], [b, y]) => (text(x, a) < text(y, b) ? -1 : 1));
  const first = new Map<string, string>();
  let count = updaters.length;
  for (const [identifier, owner] of updaters) {
    if (count <= maxUpdateManagers) break;
    const bucket: Owner = { ...owner, manager: 'ancient-changes', subresource: '' };
    const name = identifierOf(bucket);
    const oldest = first.get(owner.apiVersion);
    if (oldest === undefined) {
      first.set(owner.apiVersion, identifier);
      continue;
    }
    const shared = managed.get(name) ?? managed.get(oldest)!;
    if (!managed.has(name)) managed.delete(oldest);
    managed.delete(identifier);
    managed.set(name, { ...bucket, set: owner.set.union(shared.set) });
    count--;
  }
  return managed;
}

function writeOf(live: KubeObject, by: Write['by'], { version, ignored }: WriteContext): Write {
  const types = (apiVersion: string) => mergeTypeOf(apiVersion, live.kind, version);
  return { live: bare(live, by.apiVersion), by, ignored, typeOf: types, version };
}

/** As it looks in a version. Managed fields are not themselves managed. */
function bare(object: KubeObject, apiVersion: string): KubeObject {
  if (object.metadata?.managedFields === undefined) return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, apiVersion, metadata };
}
