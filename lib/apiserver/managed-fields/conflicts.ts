// A field that somebody applies while another owns it with another value.
import { StatusError, type Version } from '../../api/index.ts';
import type { FieldSet } from './field-set.ts';
import type { Owner } from './managed.ts';
import { type PathElement, printPath } from './path-element.ts';

export interface Conflict {
  owner: Owner;
  path: PathElement[];
}

/** Thrown by an apply that is not forced. */
export class Conflicts extends Error {
  constructor(readonly list: readonly Conflict[]) {
    super('conflicts');
  }
}

/** One conflict for each field of each set. */
export function conflictsOf(sets: readonly { owner: Owner; set: FieldSet }[], version: Version): Conflict[] {
  const paths = version.has('conflict-paths-copied') ? allPaths : overwrittenPaths;
  return sets.flatMap(({ owner, set }) => paths(set).map((path) => ({ owner, path })));
}

function allPaths(set: FieldSet, prefix: PathElement[] = []): PathElement[][] {
  return [...set.sortedMembers().map((element) => [...prefix, element]), ...set.sortedChildren().flatMap(([element, child]) => allPaths(child, [...prefix, element]))];
}

/** A slice as Go has it: several may lie on one array. */
interface Slice {
  array: PathElement[];
  length: number;
  capacity: number;
}

/** Older releases kept slices of one array that was written on, so that a path may show what came after it. */
function overwrittenPaths(set: FieldSet): PathElement[][] {
  const slices: Slice[] = [];
  const visit = (at: FieldSet, prefix: Slice) => {
    for (const element of at.sortedMembers()) slices.push(append(prefix, element));
    for (const [element, child] of at.sortedChildren()) visit(child, append(prefix, element));
  };
  visit(set, { array: [], length: 0, capacity: 0 });
  return slices.map(({ array, length }) => array.slice(0, length));
}

function append({ array, length, capacity }: Slice, element: PathElement): Slice {
  if (length < capacity) {
    array[length] = element;
    return { array, length: length + 1, capacity };
  }
  return { array: [...array.slice(0, length), element], length: length + 1, capacity: Math.max(1, capacity * 2) };
}

/** `"kubectl-scale" using apps/v1` */
function printOwner({ manager, operation, apiVersion, subresource }: Owner): string {
  const name = JSON.stringify(manager);
  if (operation === 'Apply') return name;
  return subresource ? `${name} with subresource ${JSON.stringify(subresource)} using ${apiVersion}` : `${name} using ${apiVersion}`;
}

/** The answer to an apply with conflicts. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.map(({ owner, path }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${printOwner(owner)}`, field: printPath(path) }));
  return new StatusError('Conflict', 409, conflictMessage(conflicts), { causes });
}

function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts;
  if (conflicts.length === 1) return `Apply failed with 1 conflict: conflict with ${printOwner(first!.owner)}: ${printPath(first!.path)}`;
  const lines = [...new Set(conflicts.map(({ owner }) => owner))].flatMap((owner) => [
    `conflicts with ${printOwner(owner)}:`,
    ...conflicts.filter((conflict) => conflict.owner === owner).map(({ path }) => `- ${printPath(path)}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}
