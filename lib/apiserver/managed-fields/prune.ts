// What somebody applied last time and leaves out this time goes, unless another owns it.
import type { MergeType, Version } from '../../api/index.ts';
import { FieldSet } from './field-set.ts';
import type { Managed, Owner } from './managed.ts';
import { removeItems } from './merge.ts';
import { fieldSetOf } from './typed-value.ts';

interface Pruning {
  owners: Managed;
  /** Who applies. */
  identifier: string;
  /** What it owned before. */
  last: Owner | undefined;
  typeOf(apiVersion: string): MergeType | undefined;
  version: Version;
}

export function prune(merged: object, { owners, last, typeOf, version }: Pruning): object {
  const type = last && typeOf(last.apiVersion);
  if (!type || last.set.empty) return merged;
  const named = version.has('apply-named-fields');
  const members = (set: FieldSet, of: MergeType) => (named ? withNamedFields(set, of) : set);
  const setOf = (value: unknown, of: MergeType) => members(fieldSetOf(of, value, { emptyMaps: named }), of);
  let pruned = removeItems(type, merged, members(last.set, type));
  // What another owns, and what is applied anew, comes back.
  for (const [apiVersion, owned] of byVersion(owners)) {
    const as = typeOf(apiVersion);
    if (as) pruned = removeItems(as, merged, setOf(merged, as).difference(setOf(pruned, as).union(members(owned, as))));
  }
  // So does what nobody owned, or owned by updates only.
  const gone = setOf(merged, type).difference(setOf(pruned, type)).intersection(members(last.set, type));
  return removeItems(type, merged, gone) as object;
}

function byVersion(owners: Managed): Map<string, FieldSet> {
  const out = new Map<string, FieldSet>();
  for (const { apiVersion, set } of owners.values()) out.set(apiVersion, out.get(apiVersion)?.union(set) ?? set);
  return out;
}

/** A struct belongs to a set that holds some of its fields, so that it goes with the last of them. */
function withNamedFields(set: FieldSet, type: MergeType): FieldSet {
  const out = new FieldSet();
  for (const element of set.members) out.members.add(element);
  for (const [element, child] of set.children) {
    const name = element.slice(2);
    const isField = element[0] === 'f' && type.kind === 'map';
    if (isField && type.declares(name)) out.members.add(element);
    const inner = isField ? type.field(name) : type.kind === 'list' ? type.element : undefined;
    out.children.set(element, inner ? withNamedFields(child, inner) : child);
  }
  return out;
}
