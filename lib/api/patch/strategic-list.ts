// Lists in a strategic merge patch: merged by key, then put in order.
import { StatusError } from '../status.ts';
import type { Version } from '../version.ts';
import { goFormat } from './go-format.ts';
import { isMap, keyOf, mergeMap, type PatchField, plainError } from './strategic.ts';

export type Json = Record<string, unknown>;
export type List = readonly unknown[];

export const deleteScalars = (list: List, gone: List): List => list.filter((item) => !gone.includes(item));

/** Merges a list of scalars as a set, a list of objects by its merge key. */
export function mergeElements(original: List, patch: List, { field, version }: { field: PatchField; version: Version | undefined }): List {
  if (original.length === 0 && patch.length === 0) return original;
  if (!elementsAreMaps(original, patch)) return inOrder([...new Set([...original, ...patch])], { order: patch, serverOrder: original, mergeKey: field.mergeKey });
  if (!field.mergeKey) throw plainError(`cannot merge lists without merge key for ${field.type ? 'struct' : 'map'}`);
  const { kept, changes } = applyDirectives(original, patch as Json[], field.mergeKey);
  const merged = [...kept];
  for (const change of changes) {
    const key = keyOf(change, field.mergeKey);
    const at = merged.findIndex((item) => isMap(item) && field.mergeKey in item && item[field.mergeKey] === key);
    if (at >= 0) merged[at] = mergeMap(merged[at] as Json, change, { meta: field.type, version });
    else merged.push(change);
  }
  return inOrder(merged, { order: changes, serverOrder: kept, mergeKey: field.mergeKey });
}

function elementsAreMaps(...lists: List[]): boolean {
  const all = lists.flat();
  if (all.some(Array.isArray)) throw new StatusError('Invalid', 422, 'the server rejected our request due to an error in our request', {});
  const kind = (item: unknown) => (isMap(item) ? 'map' : typeof item);
  if (all.some((item) => kind(item) !== kind(all[0]))) throw plainError(`list element types are not identical: ${goFormat(lists)}`);
  return isMap(all[0]);
}

/** Elements with `$patch`: delete removes by key, replace makes the patch the whole list. */
function applyDirectives(original: List, patch: readonly Json[], mergeKey: string): { kept: List; changes: readonly Json[] } {
  let kept = original;
  let replace = false;
  const changes: Json[] = [];
  for (const item of patch) {
    const what = item.$patch;
    if (what === undefined) changes.push(item);
    else if (what === 'delete') {
      const gone = keyOf(item, mergeKey);
      kept = kept.filter((old) => !(isMap(old) && old[mergeKey] === gone));
    } else if (what === 'replace') replace = true;
    else if (what === 'merge') throw plainError('merging lists cannot yet be specified in the patch');
    else throw plainError(`unknown patch type: ${goFormat(what)} in map: ${goFormat(item)}`);
  }
  return replace ? { kept: changes, changes: [] } : { kept, changes };
}

interface Order {
  /** The order that the patch asks for. */
  order: List;
  /** The order before the patch. */
  serverOrder: List;
  mergeKey: string;
}

/**
 * Elements that the patch orders keep that order; each of the others goes before the first ordered one that
 * followed it on the server.
 */
export function inOrder(list: List, { order, serverOrder, mergeKey }: Order): List {
  const wanted = positions(order, mergeKey);
  const before = positions(serverOrder, mergeKey);
  const place = (index: Map<unknown, number>, item: unknown) => index.get(keyOf(item, mergeKey)) ?? -1;
  const ordered = list.filter((item) => place(wanted, item) >= 0).sort((a, b) => place(wanted, a) - place(wanted, b));
  const others = list.filter((item) => place(wanted, item) < 0).sort((a, b) => place(before, a) - place(before, b));
  const out: unknown[] = [];
  let [i, j] = [0, 0];
  while (i < others.length && j < ordered.length) {
    const [left, right] = [place(before, others[i]), place(before, ordered[j])];
    out.push(left >= 0 && right >= 0 && left < right ? others[i++] : ordered[j++]);
  }
  return [...out, ...others.slice(i), ...ordered.slice(j)];
}

function positions(list: List, mergeKey: string): Map<unknown, number> {
  const out = new Map<unknown, number>();
  list.forEach((item, i) => {
    const key = keyOf(item, mergeKey);
    if (!out.has(key)) out.set(key, i);
  });
  return out;
}
