// The patch of `kubectl apply`: what the manifest says now, what it said last time, what the server has.
import { equal, type KubeObject, type PatchField, type PatchMeta, type Resource } from '../api/index.ts';
import type { PatchType } from '../client/types.ts';

type Json = Record<string, unknown>;
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

interface Sides {
  /** The last applied manifest; undefined when there was none. */
  original: unknown;
  modified: unknown;
  current: unknown;
}

/**
 * A strategic merge patch that adds and changes what `modified` says and deletes what only `original` had.
 * Fields that neither mentions belong to others and stay. An empty patch means that nothing has to be done.
 * Follows k8s.io/apimachinery/pkg/util/strategicpatch.CreateThreeWayMergePatch.
 */
export function threeWayPatch(sides: { original: Json | undefined; modified: Json; current: KubeObject }, meta?: PatchMeta): Json {
  return diffMap(sides as { original: Json | undefined; modified: Json; current: Json }, meta);
}

function diffMap({ original, modified, current }: { original: Json | undefined; modified: Json; current: Json }, meta: PatchMeta | undefined): Json {
  const patch: Json = {};
  for (const key of Object.keys(original ?? {})) if (!(key in modified) && key in current) patch[key] = null;
  for (const [key, value] of Object.entries(modified)) {
    if (value === undefined) continue;
    const field = meta?.field(key);
    diffField(patch, key, { sides: { original: original?.[key], modified: value, current: current[key] }, field });
  }
  return patch;
}

function diffField(patch: Json, key: string, { sides, field }: { sides: Sides; field: PatchField | undefined }): void {
  const { original, modified, current } = sides;
  if (isMap(modified) && isMap(current)) {
    const inner = diffMap({ original: isMap(original) ? original : undefined, modified, current }, field?.type);
    if (Object.keys(inner).length > 0) patch[key] = inner;
    return;
  }
  if (Array.isArray(modified) && Array.isArray(current) && field?.merge) {
    const lists = { original: Array.isArray(original) ? original : [], modified, current };
    if (field.mergeKey) diffList(patch, key, { ...lists, mergeKey: field.mergeKey, type: field.type });
    else diffScalars(patch, key, lists);
    return;
  }
  if (modified === null ? current !== undefined && current !== null : !equal(modified, current)) patch[key] = modified;
}

interface Lists {
  original: readonly unknown[];
  modified: readonly unknown[];
  current: readonly unknown[];
}

function diffList(patch: Json, key: string, { original, modified, current, mergeKey, type }: Lists & { mergeKey: string; type: PatchMeta | undefined }): void {
  const at = (list: readonly unknown[], id: unknown) => list.find((item) => isMap(item) && item[mergeKey] === id) as Json | undefined;
  const changes: Json[] = [];
  for (const item of modified as Json[]) {
    const id = item[mergeKey];
    const there = at(current, id);
    if (!there) {
      changes.push(item);
      continue;
    }
    const inner = diffMap({ original: at(original, id), modified: item, current: there }, type);
    if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: id });
  }
  for (const item of original as Json[]) {
    const id = item[mergeKey];
    if (!at(modified, id) && at(current, id)) changes.push({ $patch: 'delete', [mergeKey]: id });
  }
  const order = modified.map((item) => ({ [mergeKey]: (item as Json)[mergeKey] }));
  const present = current.filter((item) => at(modified, (item as Json)[mergeKey])).map((item) => ({ [mergeKey]: (item as Json)[mergeKey] }));
  if (changes.length === 0 && equal(order, present)) return;
  patch[`$setElementOrder/${key}`] = order;
  if (changes.length > 0) patch[key] = changes;
}

function diffScalars(patch: Json, key: string, { original, modified, current }: Lists): void {
  const added = modified.filter((item) => !current.includes(item));
  const gone = original.filter((item) => !modified.includes(item) && current.includes(item));
  if (added.length === 0 && gone.length === 0) return;
  patch[`$setElementOrder/${key}`] = modified;
  if (added.length > 0) patch[key] = added;
  if (gone.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = gone;
}

/** Only kinds that kubectl was built with are patched strategically; of others it does not know the lists. */
export const patchTypeFor = (resource: Resource): PatchType => ('schemaOf' in resource ? 'merge' : 'strategic');
