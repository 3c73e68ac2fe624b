// JSON as Go writes it: the fields of a struct in the order of its type, keys of maps sorted, <, > and & escaped.
import { escaped } from './go-escapes.ts';
import { answerTypeOf } from './protobuf/messages.ts';
import { type Shape, type Type, typeOf } from './schema/types.ts';

type Json = Record<string, unknown>;

/** The text of an object, as Go's encoder writes it. */
export function goText(value: object): string {
  const { kind = '', apiVersion = '', items } = value as { kind?: string; apiVersion?: string; items?: object[] };
  const type = answerTypeOf(apiVersion, kind);
  if (type) return fieldsText(value as Json, type);
  const item = Array.isArray(items) ? answerTypeOf(apiVersion, kind.replace(/List$/, '')) : undefined;
  if (item) return `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":${cached((value as { metadata?: object }).metadata ?? {}, listMeta)},"items":[${items!.map((one) => fieldsText(one as Json, item)).join(',')}]}`;
  // Custom objects are maps to the server; what has no kind is written in the order in which it was made.
  return kind && apiVersion ? cached(value, undefined) : escaped(JSON.stringify(value));
}

/** The same on many lines, for somebody who reads it. */
export const prettyGoText = (value: object, indent = 2): string => escaped(JSON.stringify(JSON.parse(goText(value)), null, indent));

const listMeta: Shape = { kind: 'struct', type: 'meta/v1.ListMeta' };

/** Parts of an object are kept as texts: the parts of stored objects never change, and many clients read the same. */
const texts = new WeakMap<object, string>();

function cached(value: object, shape: Shape | undefined): string {
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = escaped(JSON.stringify(ordered(value, shape)))));
  return text;
}

/** The fields of a type with the text that stands before each. */
const heads = new WeakMap<Type, [key: string, head: string, shape: Shape][]>();

function headsOf(type: Type): [key: string, head: string, shape: Shape][] {
  let known = heads.get(type);
  if (!known) heads.set(type, (known = [...type.fields].map(([key, { shape }]) => [key, `${JSON.stringify(key)}:`, shape])));
  return known;
}

function fieldsText(value: Json, type: Type): string {
  let text = '';
  let left = Object.keys(value).length;
  for (const [key, head, shape] of headsOf(type)) {
    const inner = value[key];
    if (inner === undefined) continue;
    left--;
    text += `${text === '' ? '' : ','}${head}${key === 'object' || key === 'rows' ? tableText(key, inner) : shapeText(inner, shape)}`;
  }
  // Differs from Kubernetes: what no type knows comes last.
  if (left > 0) for (const key in value) if (value[key] !== undefined && !type.fields.has(key)) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${shapeText(value[key], undefined)}`;
  return `{${text}}`;
}

/** Rows of a Table hold objects of other kinds. */
function tableText(key: 'rows' | 'object', value: unknown): string {
  const row = typeOf('meta/v1.TableRow')!;
  if (key === 'rows') return Array.isArray(value) ? `[${value.map((one) => fieldsText(one as Json, row)).join(',')}]` : shapeText(value, undefined);
  return typeof value === 'object' && value !== null ? goText(value) : shapeText(value, undefined);
}

const shapeText = (value: unknown, shape: Shape | undefined) => (typeof value === 'object' && value !== null ? cached(value, shape) : escaped(JSON.stringify(value)));

function ordered(value: unknown, shape: Shape | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const of = shape?.kind === 'list' || shape?.kind === 'map' ? shape.of : undefined;
  if (Array.isArray(value)) return value.map((one) => ordered(one, of));
  const from = value as Json;
  const out: Json = {};
  const type = shape?.kind === 'struct' ? typeOf(shape.type) : undefined;
  if (type) for (const [key, field] of type.fields) if (from[key] !== undefined) out[key] = ordered(from[key], type.name === 'JSONSchemaProps' ? schemaShape(key, from[key], field.shape) : field.shape);
  for (const key of Object.keys(from).sort()) if (!type?.fields.has(key)) out[key] = ordered(from[key], of);
  return out;
}

/** Schemas inside of schemas: the types say that anything may stand there. */
function schemaShape(key: string, value: unknown, shape: Shape): Shape {
  if (!['items', 'additionalProperties', 'additionalItems', 'dependencies'].includes(key)) return shape;
  const schema: Shape = { kind: 'struct', type: 'apiextensions/v1.JSONSchemaProps' };
  return Array.isArray(value) ? { kind: 'list', of: schema } : key === 'dependencies' ? { kind: 'map', of: schema } : schema;
}
