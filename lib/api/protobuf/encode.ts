// Writes an object as `application/vnd.kubernetes.protobuf`, byte for byte as the code that Go generates does: all
// fields in the order of their numbers, and those that are no pointers also when they are empty.
import { type Field, fieldIsKnown, type Shape, type Type, typeOf } from '../schema/types.ts';
import type { Version } from '../version.ts';
import { choiceOf, type Choice, isWrapped, membersOf, messageOf } from './messages.ts';
import { writeScalar } from './write-scalar.ts';
import { Writer } from './writer.ts';

type Json = Record<string, unknown>;

const magic = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);

/** True for kinds that have a protobuf form: no custom ones, no Tables. A list has one when its kind does. */
export function hasProtobuf(apiVersion: string, kind: string): boolean {
  return messageOf(apiVersion, kind) !== undefined;
}

/** The object, wrapped into a runtime.Unknown. `item` is the kind of a list's items. */
export function encodeProtobuf(object: unknown, version: Version): Uint8Array {
  // Discovery of the oldest groups does not say its version.
  const { kind, apiVersion = '' } = object as { kind: string; apiVersion?: string };
  const writer = new Writer();
  // Content encoding and type are there, and empty.
  for (const number of [4, 3]) writeText(writer, number, '');
  const from = writer.length;
  writeObject({ writer, version }, object as Json);
  writer.head(2, from);
  const inner = writer.length;
  writeText(writer, 2, kind);
  writeText(writer, 1, apiVersion);
  writer.head(1, inner);
  writer.bytes(magic);
  return writer.finish();
}

/** One frame of a watch, without the length that goes before it. */
export function encodeWatchEvent(type: string, object: unknown, version: Version): Uint8Array {
  const writer = new Writer();
  writer.bytes(encodeProtobuf(object, version));
  writer.head(1, 0);
  writer.head(2, 0);
  writeText(writer, 1, type);
  return writer.finish();
}

interface State {
  writer: Writer;
  version: Version;
}

function writeObject(state: State, object: Json): void {
  const { kind, apiVersion = '', items } = object as { kind: string; apiVersion?: string; items?: unknown };
  const own = messageOf(apiVersion, kind);
  if (own) return writeStruct(state, own, typeOf(own), object);
  const item = messageOf(apiVersion, kind.replace(/List$/, ''));
  if (!item || !Array.isArray(items)) throw new TypeError(`${kind} of ${apiVersion} has no protobuf form`);
  const shape: Shape = { kind: 'struct', type: item };
  for (let i = items.length - 1; i >= 0; i--) writeOne(state, 2, shape, items[i]);
  writeOne(state, 1, { kind: 'struct', type: 'meta/v1.ListMeta' }, object.metadata ?? {});
}

function writeText(writer: Writer, number: number, text: string): void {
  const from = writer.length;
  writer.text(text);
  writer.head(number, from);
}

/** `name` is the message, `type` whose fields it holds: an embedded message has another name and the same type. */
function writeStruct(state: State, name: string, type: Type | undefined, object: Json): void {
  const members = membersOf(name);
  for (let i = members.length - 1; i >= 0; i--) {
    const { number, field, embeds } = members[i]!;
    if (embeds) {
      const from = state.writer.length;
      writeStruct(state, embeds, type, object);
      state.writer.head(number, from);
      continue;
    }
    const known = type?.fields.get(field);
    if (fieldIsKnown(known, state.version)) writeField(state, { number, key: field, field: known, type, value: object[field] ?? undefined });
  }
}

interface Given {
  number: number;
  key: string;
  field: Field;
  type: Type | undefined;
  value: unknown;
}

function writeField(state: State, { number, key, field: { pointer, shape }, type, value }: Given): void {
  const choice = choiceOf(type, key);
  if (choice) {
    if (value !== undefined) shape.kind === 'map' ? writeMap(state, number, value as Json, (inner) => writeChoice(state, 2, choice, inner)) : writeChoice(state, number, choice, value);
  } else if (isWrapped(type, key)) writeWrapped(state, number, shape, value);
  else if (shape.kind === 'list') writeList(state, number, shape.of, (value ?? []) as unknown[]);
  else if (shape.kind === 'map') writeMap(state, number, (value ?? {}) as Json, (inner) => writeOne(state, 2, shape.of, inner));
  else if (value !== undefined || (!pointer && !(shape.kind === 'scalar' && shape.scalar === 'y'))) writeOne(state, number, shape, value);
}

function writeList(state: State, number: number, of: Shape, values: readonly unknown[]): void {
  for (let i = values.length - 1; i >= 0; i--) writeOne(state, number, of, values[i]);
}

/** Keys are sorted, so that the same object is always the same bytes. */
function writeMap({ writer }: State, number: number, map: Json, write: (value: unknown) => void): void {
  for (const key of Object.keys(map).sort().reverse()) {
    const from = writer.length;
    write(map[key]);
    writeText(writer, 1, key);
    writer.head(number, from);
  }
}

function writeOne(state: State, number: number, shape: Shape, value: unknown): void {
  const { writer } = state;
  if (shape.kind === 'scalar') return writeScalar(writer, number, shape.scalar, value);
  // A list inside of a map is a message that has the elements in its first field.
  if (shape.kind !== 'struct') return writeWrapped(state, number, shape, value);
  const from = writer.length;
  writeStruct(state, shape.type, typeOf(shape.type), (value ?? {}) as Json);
  writer.head(number, from);
}

function writeWrapped(state: State, number: number, shape: Shape, value: unknown): void {
  const from = state.writer.length;
  if (shape.kind === 'list') writeList(state, 1, shape.of, (value ?? []) as unknown[]);
  state.writer.head(number, from);
}

function writeChoice(state: State, number: number, { type, schema, schemas = 0, texts = 0, allows = 0 }: Choice, value: unknown): void {
  const { writer } = state;
  const from = writer.length;
  const shape: Shape = { kind: 'struct', type: type.fullName };
  if (Array.isArray(value)) writeList(state, schemas || texts, texts ? { kind: 'scalar', scalar: 's' } : shape, value);
  else if (typeof value === 'object') writeOne(state, schema, shape, value);
  if (allows) writeScalar(writer, allows, 'b', value !== false);
  writer.head(number, from);
}
