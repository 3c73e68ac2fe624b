// Strategic merge patch: lists of objects merge by a key that the type of the field names.
import { badRequest, StatusError } from '../status.ts';
import type { Version } from '../version.ts';
import { goFormat, goJsonType, goType } from './go-format.ts';
import { deleteScalars, inOrder, mergeElements, type Json, type List } from './strategic-list.ts';

/** What a type says about patching its fields. */
export interface PatchMeta {
  /** Go's name of the type, for messages. */
  readonly name: string;
  /** Undefined when the type has no such field. */
  field(key: string): PatchField | undefined;
}

export interface PatchField {
  /** The type of the field's value or of its elements; undefined for scalars and free maps. */
  type: PatchMeta | undefined;
  merge: boolean;
  mergeKey: string;
}

const directive = '$patch';
const retainKeys = '$retainKeys';
const elementOrder = '$setElementOrder/';
const deleteFrom = '$deleteFromPrimitiveList/';

export const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
/** An error that the API server passes on as it is: code 500 and no reason. */
export const plainError = (message: string) => new StatusError('', 500, message);

/** The patched object; parts that did not change are shared. `meta` is the type of the whole object. */
export function applyStrategicPatch<T>(object: T, patch: unknown, meta: PatchMeta, version?: Version): T {
  if (patch !== null && !isMap(patch)) throw badRequest(`json: cannot unmarshal ${goJsonType(patch)} into Go value of type map[string]interface {}`);
  return mergeMap(object as Json, patch ?? {}, { meta, version }) as T;
}

export interface MergeContext {
  meta: PatchMeta | undefined;
  version: Version | undefined;
}

export function mergeMap(original: Json, patch: Json, context: MergeContext): Json {
  if (directive in patch) return applyDirective(patch);
  const rest = { ...patch };
  const out = retained({ ...original }, rest);
  for (const key of Object.keys(rest)) if (key.startsWith(elementOrder)) orderedList(out, rest, { key, context });
  for (const [key, value] of Object.entries(rest)) {
    if (key.startsWith(deleteFrom)) mergeField(out, key.slice(deleteFrom.length), { value, context, deleting: true });
    else mergeField(out, key, { value, context, deleting: false });
  }
  return out;
}

function applyDirective(patch: Json): Json {
  const { [directive]: what, ...rest } = patch;
  if (what === 'replace') return rest;
  if (what === 'delete') return {};
  throw plainError(`unknown patch type: ${goFormat(what)} in map: ${goFormat(patch)}`);
}

/** `$retainKeys`: what the list does not name goes; what the patch sets must be named. */
function retained(original: Json, patch: Json): Json {
  if (!(retainKeys in patch)) return original;
  const keys = patch[retainKeys];
  delete patch[retainKeys];
  if (!Array.isArray(keys)) throw badRequest('invalid patch format of retainKeys');
  const named = (key: string) => keys.includes(key);
  const foreign = Object.keys(patch).some((key) => patch[key] !== null && !key.startsWith(deleteFrom) && !key.startsWith(elementOrder) && !named(key));
  if (foreign) throw badRequest('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(original).filter(([key]) => named(key)));
}

interface FieldChange {
  value: unknown;
  context: MergeContext;
  deleting: boolean;
}

function mergeField(out: Json, key: string, { value, context, deleting }: FieldChange): void {
  const old = out[key];
  if (value === null) delete out[key];
  else if (isMap(old) && isMap(value)) {
    const { type } = lookUp(context.meta, key);
    out[key] = mergeMap(old, value, { meta: type, version: context.version });
  } else if (Array.isArray(old) && Array.isArray(value)) {
    const field = lookUp(context.meta, key);
    if (!field.merge) out[key] = value;
    else out[key] = deleting ? deleteScalars(old, value) : mergeElements(old, value, { field, version: context.version });
  } else out[key] = added(value, context.version);
}

/** A value that the object did not have; older releases leave its directives and nulls to the decoder. */
function added(value: unknown, version?: Version): unknown {
  if (!version?.has('patch-discards-nulls')) return value;
  if (Array.isArray(value)) return value.filter((item) => !(isMap(item) && directive in item)).map((item) => added(item, version));
  if (!isMap(value)) return value;
  const out: Json = {};
  for (const key in value) if (value[key] !== null && !key.startsWith('$')) out[key] = added(value[key], version);
  return out;
}

function lookUp(meta: PatchMeta | undefined, key: string): PatchField {
  if (!meta) throw plainError('merging an object in json but data type is not struct, instead is: map');
  const field = meta.field(key);
  if (!field) throw plainError(`unable to find api field in struct ${meta.name} for the json field ${JSON.stringify(key)}`);
  return field;
}

/** `$setElementOrder/containers`: merges that list and puts it into the order asked for. */
function orderedList(out: Json, patch: Json, { key, context }: { key: string; context: MergeContext }): void {
  const order = listOr(patch[key]);
  delete patch[key];
  const name = key.slice(elementOrder.length);
  const old = name in out ? listOr(out[name]) : undefined;
  const change = name in patch ? listOr(patch[name]) : undefined;
  const field = lookUp(context.meta, name);
  checkOrder(change ?? [], order, field.mergeKey);
  if (!old && !change) return;
  const merged = old && change ? (field.merge ? mergeElements(old, change, { field, version: context.version }) : change) : (old ?? change)!;
  out[name] = inOrder(merged, { order, serverOrder: old ?? [], mergeKey: field.mergeKey });
  delete patch[name];
}

function listOr(value: unknown): List {
  if (Array.isArray(value)) return value;
  throw plainError(`expected a []interface {}, but received a ${goType(value)}`);
}

/** The patched elements must come in the order that is asked for, and be in it. */
function checkOrder(change: List, order: List, mergeKey: string): void {
  if (change.length === 0 || order.length === 0) return;
  const kept = change.filter((item) => !(isMap(item) && directive in item));
  let at = 0;
  for (const wanted of order) {
    if (at < kept.length && keyOf(kept[at], mergeKey) === keyOf(wanted, mergeKey)) at++;
  }
  if (at < kept.length) throw plainError(`The order in patch list:\n${goFormat(change)}\n doesn't match $setElementOrder list:\n${goFormat(order)}\n`);
}

/** What tells elements of a list apart: the merge key's value, or the scalar itself. */
export function keyOf(item: unknown, mergeKey: string): unknown {
  if (!mergeKey) return item;
  if (!isMap(item)) throw plainError(`expected a map[string]interface {}, but received a ${goType(item)}`);
  if (!(mergeKey in item)) throw plainError(`map: ${goFormat(item)} does not contain declared merge key: ${mergeKey}`);
  return item[mergeKey];
}
