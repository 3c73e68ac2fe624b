// How server-side apply sees a custom kind.
import type { ListType, MapType, MergeType, ScalarType } from '../schema/merge-types.ts';
import { itemsOf, type SchemaProps, valuesOf } from './schema-props.ts';

const scalar = (name: ScalarType['scalar']): ScalarType => ({ kind: 'scalar', scalar: name });
const scalars: Record<string, ScalarType> = { string: scalar('string'), integer: scalar('numeric'), number: scalar('numeric'), boolean: scalar('boolean') };
const untyped = scalar('untyped');
const text = scalar('string');

/** Of an object without a schema. Differs from Kubernetes: what lies in its fields is one value, whatever it holds. */
const deduced: MapType = { kind: 'map', atomic: false, declares: () => false, field: () => untyped };

/** The type of the whole object; `metadata` is that of every object's metadata. */
export function customMergeType(schema: SchemaProps | undefined, metadata: MergeType): MapType {
  const type = typeOf(schema ?? { 'x-kubernetes-preserve-unknown-fields': true });
  const own: Record<string, MergeType> = { apiVersion: text, kind: text, metadata };
  const inside = type.kind === 'map' ? type : deduced;
  return { kind: 'map', atomic: false, declares: (key) => key in own || inside.declares(key), field: (key) => own[key] ?? inside.field(key) };
}

function typeOf(schema: SchemaProps | undefined): MergeType {
  if (!schema || schema['x-kubernetes-int-or-string']) return untyped;
  if (schema.type === 'array') return listOf(schema);
  if (schema.type === 'object' || schema.properties || schema['x-kubernetes-preserve-unknown-fields']) return mapOf(schema);
  return scalars[schema.type ?? ''] ?? untyped;
}

function mapOf(schema: SchemaProps): MapType {
  const { properties = {} } = schema;
  const fields = new Map<string, MergeType>();
  const open = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties === true ? untyped : undefined;
  const others = valuesOf(schema) ? typeOf(valuesOf(schema)) : open;
  return {
    kind: 'map',
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    declares: (key) => Object.hasOwn(properties, key),
    field(key) {
      if (!Object.hasOwn(properties, key)) return others;
      if (!fields.has(key)) fields.set(key, typeOf(properties[key]));
      return fields.get(key);
    },
  };
}

function listOf(schema: SchemaProps): ListType {
  const relation = (schema['x-kubernetes-list-type'] ?? 'atomic') as ListType['relation'];
  const items = itemsOf(schema);
  const keyDefault = (key: string) => items?.properties?.[key]?.default as string | number | undefined;
  return { kind: 'list', relation, keys: schema['x-kubernetes-list-map-keys'] ?? [], element: typeOf(items), keyDefault };
}
