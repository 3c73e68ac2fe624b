// Structural schemas as types of CEL, and values as CEL sees them: whole numbers are `bigint`, objects know their type.
import { equal } from '../object.ts';
import type { Environment } from './compile.ts';

/** As much of a schema as decides a type. */
export interface Schema {
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema | Schema[];
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  [field: string]: unknown;
}

/** A type by its name, and how a JSON value becomes one of it. */
export interface CelType {
  name: string;
  of(value: unknown): unknown;
}

const reserved = new Set('true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '));

/** The name of a field in an expression: words of the language are written `__if__`, other signs by their names. */
function fieldName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_.\-/][A-Za-z0-9_.\-/]*$/.test(name)) return undefined;
  return name.replaceAll('__', '__underscores__').replaceAll('.', '__dot__').replaceAll('-', '__dash__').replaceAll('/', '__slash__');
}

const identity = (name: string): CelType => ({ name, of: (value) => value });
const scalars: Record<string, CelType> = {
  boolean: identity('bool'),
  string: identity('string'),
  integer: { name: 'int', of: (value) => (typeof value === 'number' ? BigInt(Math.trunc(value)) : value) },
  number: { name: 'double', of: (value) => value },
};
const formats: Record<string, CelType> = {
  'date-time': { name: 'google.protobuf.Timestamp', of: (value) => new Date(String(value)) },
  date: { name: 'google.protobuf.Timestamp', of: (value) => new Date(String(value)) },
  byte: { name: 'bytes', of: (value) => Uint8Array.from(atob(String(value)), (c) => c.charCodeAt(0)) },
};

/** JSON of no known type: whole numbers are ints. */
export const untyped: CelType = { name: 'dyn', of: dynamic };

function dynamic(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(dynamic);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, dynamic(one)]));
  return value;
}

const nullSafe = (type: CelType): CelType => ({ name: type.name, of: (value) => (value === null || value === undefined ? value : type.of(value)) });

/** Declares the types of a schema in an environment; undefined where expressions see nothing of it. */
export function typeOf(env: Environment, schema: Schema | undefined, name: string): CelType | undefined {
  if (!schema) return undefined;
  if (schema['x-kubernetes-int-or-string']) return untyped;
  const { type = '' } = schema;
  if (type === 'array') {
    const item = typeOf(env, Array.isArray(schema.items) ? undefined : schema.items, `${name}.items_`) ?? untyped;
    return nullSafe({ name: `list<${item.name}>`, of: (value) => (value as unknown[]).map((one) => item.of(one)) });
  }
  if (type === 'object' || schema.properties) return objectType(env, schema, name);
  const plain = (type === 'string' && formats[schema.format ?? '']) || scalars[type];
  if (plain) return nullSafe(plain);
  return schema['x-kubernetes-preserve-unknown-fields'] ? untyped : undefined;
}

function objectType(env: Environment, schema: Schema, name: string): CelType {
  if (typeof schema.additionalProperties === 'object') {
    const value = typeOf(env, schema.additionalProperties, `${name}.values_`) ?? untyped;
    return nullSafe({ name: `map<string, ${value.name}>`, of: (map) => Object.fromEntries(Object.entries(map as object).map(([key, one]) => [key, value.of(one)])) });
  }
  const fields = new Map<string, { key: string; type: CelType }>();
  for (const [key, property] of Object.entries(withMeta(schema, name))) {
    const [field, type] = [fieldName(key), typeOf(env, property, `${name}.${fieldName(key)}`)];
    if (field && type) fields.set(field, { key, type });
  }
  if (fields.size === 0 && schema['x-kubernetes-preserve-unknown-fields']) return untyped;
  return declared(env, name, fields);
}

const meta: Record<string, Schema> = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } } };

/** Of an object's own metadata only its name is seen. */
function withMeta(schema: Schema, name: string): Record<string, Schema> {
  return { ...schema.properties, ...((name === root || schema['x-kubernetes-embedded-resource']) && meta) };
}

/** The name of the type of a whole object. */
export const root = 'object';

function declared(env: Environment, name: string, fields: Map<string, { key: string; type: CelType }>): CelType {
  /** Its JSON is kept for comparisons. */
  class Value {
    static json = new WeakMap<object, unknown>();
    constructor(json: Record<string, unknown>) {
      Value.json.set(this, json);
      for (const [field, { key, type }] of fields) if (json[key] !== undefined) (this as Record<string, unknown>)[field] = type.of(json[key]);
    }
  }
  env.registerType(name, { ctor: Value, fields: Object.fromEntries([...fields].map(([field, { type }]) => [field, type.name])) } as never);
  const same = (a: object, b: object) => equal(Value.json.get(a), Value.json.get(b));
  env.registerOperator(`${name} == ${name}`, same as never);
  return nullSafe({ name, of: (value) => new Value(value as Record<string, unknown>) });
}
