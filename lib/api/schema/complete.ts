// Fields that Go prints although nobody set them: empty structs, zero times, fields without omitempty.
import { zeroOf } from './scalars.ts';
import { type Field, type Shape, type Type, typeOf, typeOfKind } from './types.ts';

/**
 * The object with what the API server's answers always show: `resources: {}` of a container, `creationTimestamp: null`
 * of a template's metadata, `status: {}`. A complete object comes back as it is; parts that are stay shared.
 */
export function complete<T extends object>(apiVersion: string, kind: string, object: T): T {
  const type = typeOfKind(apiVersion, kind);
  return type ? (completeStruct(type, object as Record<string, unknown>) as T) : object;
}

function completeStruct(type: Type, from: Record<string, unknown>): Record<string, unknown> {
  let out: Record<string, unknown> | undefined;
  for (const [key, field] of type.always) {
    if (from[key] === undefined) (out ??= { ...from })[key] = emptyOf(field);
    else if (isNullList(field, from[key])) (out ??= { ...from })[key] = null;
  }
  for (const key in from) {
    const shape = type.fields.get(key)?.shape;
    if (!shape || shape.kind === 'scalar' || from[key] === null || from[key] === undefined) continue;
    const whole = completeShape(shape, from[key] as object);
    if (whole !== from[key]) (out ??= { ...from })[key] = whole;
  }
  return out ?? from;
}

/** A list that is stored empty is read back as none. */
const isNullList = ({ shape, always }: Field, value: unknown) => always && shape.kind === 'list' && Array.isArray(value) && value.length === 0;

function emptyOf({ pointer, shape }: Field): unknown {
  if (pointer || shape.kind === 'list' || shape.kind === 'map') return null;
  if (shape.kind === 'scalar') return zeroOf(shape.scalar);
  return shape.kind === 'struct' ? completeStruct(typeOf(shape.type)!, {}) : {};
}

function completeShape(shape: Shape, value: object): object {
  if (shape.kind === 'struct') {
    const type = typeOf(shape.type);
    return type ? completeStruct(type, value as Record<string, unknown>) : value;
  }
  if (shape.kind === 'scalar' || shape.of.kind === 'scalar') return value;
  const of = shape.of;
  const each = (item: unknown) => (typeof item === 'object' && item !== null ? completeShape(of, item) : item);
  if (Array.isArray(value)) return value.some((item) => each(item) !== item) ? value.map(each) : value;
  const entries = Object.entries(value).map(([key, item]) => [key, each(item)] as const);
  return entries.every(([key, item]) => item === (value as Record<string, unknown>)[key]) ? value : Object.fromEntries(entries);
}
