// What changed between two objects, field by field.
import { equal, type ListType, type MergeType } from '../../api/index.ts';
import { FieldSet } from './field-set.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import { duplicate, elements, type Json, listOf, mapOf } from './typed-value.ts';

export interface Comparison {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

/** What both share is not looked at, so that comparing an object with its next version is cheap. */
export function compare(type: MergeType, left: unknown, right: unknown): Comparison {
  const out: Comparison = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() };
  walk(type, left, right, []);
  return out;

  /** `undefined` stands for a value that is not there. */
  function walk(at: MergeType, a: unknown, b: unknown, path: readonly PathElement[]): void {
    if (a === b) return;
    if (isLeaf(at, a, b)) {
      if (a !== undefined && b !== undefined && !equal(a, b)) out.modified.insert(path);
    } else if (at.kind === 'map') {
      const [x, y]: [Json, Json] = [mapOf(a) ?? {}, mapOf(b) ?? {}];
      for (const key of new Set([...Object.keys(x), ...Object.keys(y)])) {
        const field = at.field(key);
        if (field) walk(field, x[key], y[key], [...path, fieldElement(key)]);
      }
    } else walkList(at as ListType, listOf(a) ?? [], listOf(b) ?? [], path);
    if (a === undefined) out.added.insert(path);
    else if (b === undefined) out.removed.insert(path);
  }

  function walkList(at: ListType, a: readonly unknown[], b: readonly unknown[], path: readonly PathElement[]): void {
    const [x, y] = [elements(at, a), elements(at, b)];
    for (const element of new Set([...x.keys(), ...y.keys()])) {
      const here = [...path, element];
      if (x.get(element) === duplicate || y.get(element) === duplicate) {
        if (!x.has(element)) out.added.insert(here);
        else if (!y.has(element)) out.removed.insert(here);
        else out.modified.insert(here);
      } else walk(at.element, x.get(element), y.get(element), here);
    }
  }
}

/** One value with one owner; two empty maps or lists too, so that empty and missing stay apart. */
export function isLeaf(type: MergeType, a: unknown, b: unknown): boolean {
  if (type.kind === 'scalar') return true;
  if (type.kind === 'map') return type.atomic || (isEmptyMap(a) && isEmptyMap(b));
  return type.relation === 'atomic' || (!listOf(a)?.length && !listOf(b)?.length);
}

const isEmptyMap = (value: unknown) => Object.keys(mapOf(value) ?? {}).length === 0;
