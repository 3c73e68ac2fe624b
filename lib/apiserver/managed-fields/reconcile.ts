// A set of fields may be older than the type, or than what the live object holds: an empty map was owned as one value,
// and has fields now.
import type { MergeType } from '../../api/index.ts';
import { FieldSet } from './field-set.ts';
import type { PathElement } from './path-element.ts';

/** The set as it would be written today: what became atomic is one field, what became granular has its fields in it. */
export function reconciled(type: MergeType, set: FieldSet, liveFields: () => FieldSet): FieldSet {
  const [gone, more] = [new FieldSet(), new FieldSet()];
  visit(type, set, { path: [], whole: false });
  if (gone.empty && more.empty) return set;
  return set.recursiveDifference(gone).union(more);

  /** `whole`: the set has the value itself, and nothing in it. */
  function visit(at: MergeType, fields: FieldSet | undefined, { path, whole }: { path: PathElement[]; whole: boolean }): void {
    if (at.kind === 'scalar') return;
    const atomic = at.kind === 'map' ? at.atomic : at.relation === 'atomic';
    if (atomic) {
      if (whole || (at.kind === 'map' && !fields)) return;
      gone.insert(path);
      more.insert(path);
      return;
    }
    if (whole) addFields(path);
    if (!fields) return;
    for (const element of new Set([...fields.children.keys(), ...fields.members])) {
      const inner = at.kind === 'list' ? at.element : at.field(element.slice(2));
      const below = fields.children.get(element);
      if (inner) visit(inner, below, { path: [...path, element], whole: fields.members.has(element) && !below });
    }
  }

  function addFields(path: readonly PathElement[]): void {
    let fields: FieldSet | undefined = liveFields();
    for (const element of path) fields = fields?.children.get(element);
    if (!fields) return;
    more.insert(path);
    for (const inside of allPaths(fields)) more.insert([...path, ...inside]);
  }
}

function allPaths(set: FieldSet): PathElement[][] {
  return [...[...set.members].map((element) => [element]), ...[...set.children].flatMap(([element, child]) => allPaths(child).map((path) => [element, ...path]))];
}
