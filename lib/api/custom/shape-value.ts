// What a custom object looks like once it was read: without fields that its schema does not know, with defaults.
// A value that has nothing to change comes back as it is.
import { fieldOf, isMap, isObject, itemsOf, type Json, type SchemaProps, valuesOf } from './schema-props.ts';

const ofEveryObject = new Set(['apiVersion', 'kind', 'metadata']);

/** Replaces what `change` gives another value for; undefined removes a key. */
function mapObject(value: Json, change: (key: string, old: unknown) => unknown): Json {
  let out: Json | undefined;
  for (const key in value) {
    const next = change(key, value[key]);
    if (next === value[key]) continue;
    out ??= { ...value };
    if (next === undefined) delete out[key];
    else out[key] = next;
  }
  return out ?? value;
}

function mapList(value: unknown[], change: (old: unknown) => unknown): unknown[] {
  let out: unknown[] | undefined;
  value.forEach((item, i) => {
    const next = change(item);
    if (next !== item) (out ??= [...value])[i] = next;
  });
  return out ?? value;
}

/** Fields that the schema does not know go; `unknown` collects their paths. */
export function pruned(value: unknown, schema: SchemaProps | undefined, { embedded = schema?.['x-kubernetes-embedded-resource'] ?? false, path = '', unknown = [] as string[] } = {}): unknown {
  const preserves = schema?.['x-kubernetes-preserve-unknown-fields'] ?? false;
  if (Array.isArray(value)) {
    let i = 0;
    return mapList(value, (item) => pruned(item, preserves ? { 'x-kubernetes-preserve-unknown-fields': true, ...(schema && itemsOf(schema)) } : schema && itemsOf(schema), { path: `${path}[${i++}]`, unknown }));
  }
  if (!isObject(value)) return value;
  return mapObject(value, (key, inside) => {
    if (embedded && ofEveryObject.has(key)) return inside;
    const at = path ? `${path}.${key}` : key;
    const known = schema?.properties?.[key] ?? (schema && isMap(schema) ? (valuesOf(schema) ?? {}) : undefined);
    if (known) return pruned(inside, known, { path: at, unknown });
    if (preserves) return inside;
    unknown.push(at);
    return undefined;
  });
}

const isStrayNull = (value: unknown, schema: SchemaProps | undefined) => value === null && schema !== undefined && !schema.nullable;

/** Nulls where none may be go, unless a default stands for them. */
export function withoutNulls(value: unknown, schema: SchemaProps | undefined): unknown {
  if (Array.isArray(value)) return mapList(value, (item) => withoutNulls(item, schema && itemsOf(schema)));
  if (!isObject(value)) return value;
  return mapObject(value, (key, inside) => {
    const field = fieldOf(schema, key);
    return isStrayNull(inside, field) && field!.default === undefined ? undefined : withoutNulls(inside, field);
  });
}

/** Fills in what was left out. */
export function defaulted(value: unknown, schema: SchemaProps | undefined): unknown {
  if (!schema) return value;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return mapList(value, (item) => defaulted(isStrayNull(item, items) ? (items!.default ?? null) : item, items));
  }
  if (!isObject(value)) return value;
  const missing = Object.entries(schema.properties ?? {}).filter(([key, property]) => property.default !== undefined && (value[key] === undefined || isStrayNull(value[key], property)));
  const whole = missing.length > 0 ? { ...value, ...Object.fromEntries(missing.map(([key, property]) => [key, structuredClone(property.default)])) } : value;
  return mapObject(whole, (key, inside) => defaulted(inside, fieldOf(schema, key)));
}
