// Ownership across one write: whoever writes a field owns it, whoever is overwritten loses it.
import type { MergeType, Version } from '../../api/index.ts';
import { compare, type Comparison } from './compare.ts';
import { Conflicts, conflictsOf } from './conflicts.ts';
import { FieldSet } from './field-set.ts';
import { identifierOf, type Managed, type Owner } from './managed.ts';
import { merge } from './merge.ts';
import { prune } from './prune.ts';
import { reconciled } from './reconcile.ts';
import { fieldSetOf } from './typed-value.ts';

export interface Write {
  live: object;
  /** The version of the request, and the writer; what it owns is found out. */
  by: Omit<Owner, 'set' | 'time'>;
  /** What a write through this endpoint never owns. */
  ignored: FieldSet;
  typeOf(apiVersion: string): MergeType | undefined;
  version: Version;
}

/** An update: `next` is what shall be stored, whoever lost a field in between is not asked. */
export function updateOwners(managed: Managed, next: object, write: Write): Managed {
  const { by, ignored } = write;
  const identifier = identifierOf(by);
  const { owners, changes } = takeOver(reconcile(managed, write), next, { ...write, identifier, force: true });
  const set = (owners.get(identifier)?.set ?? new FieldSet()).union(changes.modified).union(changes.added).difference(changes.removed).recursiveDifference(ignored);
  owners.delete(identifier);
  if (!set.empty) owners.set(identifier, { ...by, set });
  return owners;
}

/** An apply: the merged object and who owns what of it. Throws Conflicts unless it is forced. */
export function applyOwners(before: Managed, config: object, write: Write & { force: boolean }): { object: object; owners: Managed; changes: Comparison } {
  const { by, ignored, typeOf, live, version } = write;
  const identifier = identifierOf(by);
  const type = typeOf(by.apiVersion)!;
  const managed = reconcile(before, write);
  const merged = merge(type, live, config, { appliedOrder: version.has('apply-order') }) as object;
  const set = fieldSetOf(type, config, { emptyMaps: version.has('apply-named-fields') }).recursiveDifference(ignored);
  const last = managed.get(identifier);
  const owners = new Map(managed).set(identifier, { ...by, time: last?.time, set });
  const object = prune(merged, { owners, identifier, last, typeOf, version });
  return { object, ...takeOver(owners, object, { ...write, identifier }) };
}

/** An owner whose version is not served any more is forgotten. */
function reconcile(managed: Managed, { live, typeOf, version }: Write): Managed {
  const fields = new Map<string, FieldSet>();
  const liveFields = (apiVersion: string, type: MergeType) => {
    if (!fields.has(apiVersion)) fields.set(apiVersion, fieldSetOf(type, live, { emptyMaps: version.has('apply-named-fields') }));
    return fields.get(apiVersion)!;
  };
  const out: Managed = new Map();
  for (const [name, owner] of managed) {
    const type = typeOf(owner.apiVersion);
    const set = type && reconciled(type, owner.set, () => liveFields(owner.apiVersion, type));
    if (set) out.set(name, set === owner.set ? owner : { ...owner, set });
  }
  return out;
}

interface TakeOver extends Write {
  identifier: string;
  force: boolean;
}

function takeOver(managed: Managed, next: object, { live, by, ignored, typeOf, version, identifier, force }: TakeOver): { owners: Managed; changes: Comparison } {
  const comparisons = new Map<string, Comparison>();
  const compareAs = (apiVersion: string): Comparison | undefined => {
    const type = typeOf(apiVersion);
    if (type && !comparisons.has(apiVersion)) comparisons.set(apiVersion, without(compare(type, live, next), ignored));
    return comparisons.get(apiVersion);
  };
  const changes = compareAs(by.apiVersion)!;
  const owners: Managed = new Map();
  const lost: { owner: Owner; set: FieldSet }[] = [];
  for (const [name, owner] of managed) {
    const seen = name === identifier ? undefined : compareAs(owner.apiVersion);
    if (name === identifier) owners.set(name, owner);
    if (!seen) continue;
    const conflict = owner.set.intersection(seen.modified.union(seen.added));
    if (!conflict.empty) lost.push({ owner, set: conflict });
    const kept = owner.set.difference(conflict).difference(seen.removed);
    if (!kept.empty) owners.set(name, kept.equals(owner.set) ? owner : { ...owner, set: kept });
  }
  if (!force && lost.length > 0) throw new Conflicts(conflictsOf(lost, version));
  return { owners: new Map([...owners].filter(([, { set }]) => !set.empty)), changes };
}

function without({ added, modified, removed }: Comparison, ignored: FieldSet): Comparison {
  if (ignored.empty) return { added, modified, removed };
  return { added: added.recursiveDifference(ignored), modified: modified.recursiveDifference(ignored), removed: removed.recursiveDifference(ignored) };
}
