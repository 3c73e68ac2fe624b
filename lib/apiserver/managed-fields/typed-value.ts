// A value looked at through its type: is it one of its type, and which fields does it have?
import type { ListType, MapType, MergeType } from '../../api/index.ts';
import { FieldSet } from './field-set.ts';
import { elementOf, fieldElement, type PathElement, printElement } from './path-element.ts';

export type Json = Record<string, unknown>;
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
export const mapOf = (value: unknown): Json | undefined => (isMap(value) ? value : undefined);
export const listOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** A value that is not of its type; the message is that of structured-merge-diff. */
export class TypeMismatch extends Error {}

interface Problem {
  path: string;
  message: string;
}

export interface Checks {
  /** Two elements of a list with the same keys are no error. */
  duplicates?: boolean;
}

/** Throws a TypeMismatch unless the value is of the type. */
export function checkType(type: MergeType, value: unknown, checks: Checks = {}): void {
  const lines = problems(type, value, checks).map(({ path, message }) => (path ? `${path}: ${message}` : message));
  if (lines.length > 0) throw new TypeMismatch(lines.length === 1 ? lines[0] : ['errors:', ...lines.map((line) => `  ${line}`)].join('\n'));
}

function problems(type: MergeType, value: unknown, checks: Checks): Problem[] {
  if (value === null || value === undefined) return [];
  if (type.kind === 'scalar') return problem(scalarProblem(type.scalar, value));
  if (type.kind === 'map') return isMap(value) ? mapProblems(type, value, checks) : problem(`expected map, got ${goValue(value)}`);
  return Array.isArray(value) ? listProblems(type, value, checks) : problem(`expected list, got ${goValue(value)}`);
}

const problem = (message: string | undefined): Problem[] => (message ? [{ path: '', message }] : []);
const below = (prefix: string, found: Problem[]) => found.map(({ path, message }) => ({ path: prefix + path, message }));

function scalarProblem(scalar: string, value: unknown): string | undefined {
  if (scalar === 'numeric' && typeof value !== 'number') return 'expected numeric (int or float), got *value.valueUnstructured';
  if (scalar === 'string' && typeof value !== 'string') return `expected string, got &value.valueUnstructured{Value:${goLiteral(value)}}`;
  if (scalar === 'boolean' && typeof value !== 'boolean') return `expected boolean, got ${goValue(value)}`;
  return undefined;
}

const goLiteral = (value: unknown) => (typeof value === 'object' ? goText(value) : JSON.stringify(value));
const goValue = (value: unknown) => `&{${goText(value)}}`;

/** `map[a:1]`, `[1 2]`, as %v prints. */
function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isMap(value)) return `map[${Object.keys(value).sort().map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
  return value === null ? '<nil>' : String(value);
}

function mapProblems(type: MapType, value: Json, checks: Checks): Problem[] {
  const out: Problem[] = [];
  for (const key of Object.keys(value).sort()) {
    const field = type.field(key);
    if (!field) return [...out, { path: `.${key}`, message: 'field not declared in schema' }];
    out.push(...below(`.${key}`, problems(field, value[key], checks)));
  }
  return out;
}

function listProblems(type: ListType, list: readonly unknown[], checks: Checks): Problem[] {
  const out: Problem[] = [];
  const seen = new Set<PathElement>();
  for (const [i, item] of list.entries()) {
    let element = `i:${i}`;
    if (type.relation !== 'atomic') {
      try {
        element = elementOf(type, item);
      } catch (error) {
        return [...out, ...problem(`element ${i}: ${(error as Error).message}`)];
      }
      if (seen.has(element) && !checks.duplicates) out.push(...problem(`duplicate entries for key ${printElement(element)}`));
      seen.add(element);
    }
    out.push(...below(printElement(element), problems(type.element, item, checks)));
  }
  return out;
}

/** `emptyMaps`: an empty map or a null is a field of its own, as newer releases have it. */
export function fieldSetOf(type: MergeType, value: unknown, { emptyMaps }: { emptyMaps: boolean }): FieldSet {
  const set = new FieldSet();
  collect(type, value, []);
  return set;

  function collect(at: MergeType, found: unknown, path: readonly PathElement[]): void {
    if (at.kind === 'scalar' || (at.kind === 'map' && at.atomic) || (at.kind === 'list' && at.relation === 'atomic')) set.insert(path);
    else if (at.kind === 'map') for (const [key, inner] of Object.entries(mapOf(found) ?? {})) collectField(at, key, inner, path);
    else for (const [element, item] of elements(at, listOf(found) ?? [])) {
      if (item !== duplicate) collect(at.element, item, [...path, element]);
      set.insert([...path, element]);
    }
  }

  function collectField(at: MapType, key: string, inner: unknown, path: readonly PathElement[]): void {
    const here = [...path, fieldElement(key)];
    const field = at.field(key);
    if (field) collect(field, inner, here);
    const isEmpty = inner === null || (isMap(inner) && Object.keys(inner).length === 0);
    if (!at.declares(key) || (emptyMaps && isEmpty)) set.insert(here);
  }
}

/** Stands for elements that a list has more than once: nobody knows which is meant. */
export const duplicate = Symbol('duplicate');

/** The elements of a list by what tells them apart, in their order. */
export function elements(type: ListType, list: readonly unknown[]): Map<PathElement, unknown> {
  const out = new Map<PathElement, unknown>();
  for (const item of list) {
    const element = elementOf(type, item);
    out.set(element, out.has(element) ? duplicate : item);
  }
  return out;
}
