// Sets hold a value once, maps in the form of lists a key once (apiserver/schema/listtype).
import { type FieldError, invalid } from '../field-error.ts';
import { fieldOf, isObject, itemsOf, type SchemaProps } from './schema-props.ts';

export function listKeyErrors(schema: SchemaProps | undefined, value: unknown, path = ''): FieldError[] {
  if (!schema) return [];
  if (Array.isArray(value)) {
    const own = schema['x-kubernetes-list-type'] === 'set' ? repeated(value, value, path) : schema['x-kubernetes-list-type'] === 'map' ? mapErrors(schema, value, path) : [];
    return [...own, ...value.flatMap((item, i) => listKeyErrors(itemsOf(schema), item, `${path}[${i}]`))];
  }
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((key) => listKeyErrors(fieldOf(schema, key), value[key], schema.properties?.[key] ? (path ? `${path}.${key}` : key) : `${path}[${key}]`));
}

function mapErrors(schema: SchemaProps, value: unknown[], path: string): FieldError[] {
  const stray = value.findIndex((item) => item !== null && !isObject(item));
  if (stray >= 0) return [invalid(`${path}[${stray}]`, value[stray], 'must be an object for an array of list-type map')];
  const names = schema['x-kubernetes-list-map-keys'] ?? [];
  const keys = value.map((item) => Object.fromEntries(names.filter((name) => isObject(item) && name in item).map((name) => [name, (item as Record<string, unknown>)[name]])));
  return repeated(keys, keys, path);
}

/** As %#v prints what JSON holds. */
function goValue(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goValue).join(', ')}}`;
  if (isObject(value)) return `map[string]interface {}{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${goValue(value[key])}`).join(', ')}}`;
  return value === null ? 'interface {}(nil)' : JSON.stringify(value);
}

/** Each value that comes again is named once. */
function repeated(list: unknown[], shown: unknown[], path: string): FieldError[] {
  const seen = new Map<string, number>();
  return list.flatMap((item, i) => {
    const key = JSON.stringify(item);
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return times === 1 ? [{ type: 'FieldValueDuplicate' as const, field: `${path}[${i}]`, message: `Duplicate value: ${goValue(shown[i])}` }] : [];
  });
}
