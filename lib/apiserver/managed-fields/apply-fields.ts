// A server-side apply: the merged object, its managed fields, or why it is refused.
import { badRequest, type KubeObject, type Manifest, type MergeType, StatusError, type Version } from '../../api/index.ts';
import { Conflicts, conflictError } from './conflicts.ts';
import { emptyObject } from './empty-object.ts';
import { FieldSet } from './field-set.ts';
import { lastAppliedFields, withLastApplied } from './last-applied.ts';
import { decodeManaged, encodeManaged, identifierOf, type Managed, type Owner } from './managed.ts';
import { checkType, TypeMismatch } from './typed-value.ts';
import { update } from './update-fields.ts';
import { applyOwners, type Write } from './updater.ts';
import { type Entries, typeOfKind, unowned, type WriteContext, writeOf } from './write-context.ts';

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

function configType(config: Manifest, version: Version): MergeType {
  const { apiVersion = '', kind = '' } = config;
  const type = typeOfKind(apiVersion, kind, version);
  if (!type) throw untyped('patch', `no corresponding type for ${groupVersionKind(config)}`, config, version);
  return type;
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

function typed(what: 'patch' | 'live', check: () => void, config: Manifest, version: Version): void {
  try {
    check();
  } catch (error) {
    if (error instanceof TypeMismatch) throw untyped(what, error.message, config, version);
    throw error;
  }
}

function untyped(what: 'patch' | 'live', why: string, config: Manifest, version: Version): StatusError {
  const { namespace = '', name = '' } = config.metadata ?? {};
  const named = version.has('apply-error-names-object') ? ` (${namespace}/${name}; ${groupVersionKind(config)})` : '';
  return new StatusError('', 500, `failed to create typed ${what} object${named}: ${why}`);
}

/** `/v1, Kind=ConfigMap`, `apps/v1, Kind=Deployment` */
const groupVersionKind = ({ apiVersion = '', kind = '' }: Manifest) => `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
