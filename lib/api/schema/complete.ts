// Fields that Go prints although nobody set them: empty structs, zero times, fields without omitempty.
import { zeroOf } from './scalars.ts';
import { type Field, type Shape, type Type, typeOf, typeOfKind } from './types.ts';

/**
 * Adds to a draft what the API server's answers always show: `resources: {}` of a container, `creationTimestamp: null`
 * of a template's metadata, `status: {}`. Changes the draft in place; cheap on an object that is complete.
 */
export function complete(apiVersion: string, kind: string, draft: object): void {
  const type = typeOfKind(apiVersion, kind);
  if (type) completeStruct(type, draft as Record<string, unknown>);
}

function completeStruct(type: Type, draft: Record<string, unknown>): void {
  for (const [key, field] of type.always) if (draft[key] === undefined) draft[key] = emptyOf(field);
  for (const key in draft) {
    const field = type.fields.get(key);
    if (field && draft[key] !== null) completeShape(field.shape, draft[key]);
  }
}

function emptyOf({ pointer, shape }: Field): unknown {
  if (pointer || shape.kind === 'list' || shape.kind === 'map') return null;
  return shape.kind === 'scalar' ? zeroOf(shape.scalar) : {};
}

function completeShape(shape: Shape, value: unknown): void {
  if (shape.kind === 'scalar' || typeof value !== 'object' || value === null) return;
  if (shape.kind === 'struct') {
    const type = typeOf(shape.type);
    if (type) completeStruct(type, value as Record<string, unknown>);
  } else if (shape.of.kind !== 'scalar') for (const item of Object.values(value)) completeShape(shape.of, item);
}
