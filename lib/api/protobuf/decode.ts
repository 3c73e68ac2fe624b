// Reads an object that comes as `application/vnd.kubernetes.protobuf`, as kubectl sends what it makes itself.
import { type Shape, type Type, typeOf } from '../schema/types.ts';
import { badRequest } from '../status.ts';
import { type Choice, choiceOf, isWrapped, membersOf, messageOf } from './messages.ts';
import { scalarOf } from './scalars.ts';
import { bytesOf, fieldsOf, textOf, WireError } from './wire.ts';

type Json = Record<string, unknown>;

const magic = [0x6b, 0x38, 0x73, 0x00];
/** Go's decoder gives up there too. */
const maxDepth = 100;

/** The object as JSON would have it. Throws a bad request for anything else than an object of a known kind. */
export function decodeProtobuf(bytes: Uint8Array): Json {
  if (!magic.every((byte, i) => bytes[i] === byte)) throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  try {
    return decodeUnknown(bytes.subarray(magic.length));
  } catch (error) {
    if (error instanceof WireError) throw badRequest(`proto: ${error.message}`);
    throw error;
  }
}

/** runtime.Unknown: what kind it is, and its bytes. */
function decodeUnknown(bytes: Uint8Array): Json {
  let [apiVersion, kind, raw] = ['', '', new Uint8Array()];
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 2) raw = bytesOf(value) as typeof raw;
    if (number !== 1) continue;
    for (const part of fieldsOf(bytesOf(value))) {
      if (part.number === 1) apiVersion = textOf(part.value);
      if (part.number === 2) kind = textOf(part.value);
    }
  }
  const name = messageOf(apiVersion, kind);
  if (!name) throw badRequest(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`);
  return { apiVersion, kind, ...struct(name, raw) };
}

function struct(name: string, bytes: Uint8Array, depth = 0): Json {
  const type = typeOf(name);
  const object = fill({}, type, { name, bytes, depth });
  return type?.name === 'JSONSchemaProps' ? withoutEmpty(object, type) : object;
}

/** Schemas inside of schemas are read by nobody after us who would leave out what is empty. */
const withoutEmpty = (object: Json, { fields }: Type): Json => Object.fromEntries(Object.entries(object).filter(([key, value]) => fields.get(key)!.pointer || (value !== '' && value !== false)));

interface Message {
  name: string;
  bytes: Uint8Array;
  depth: number;
}

/** Puts the fields of a message into an object of `type`; an embedded message has another name and the same type. */
function fill(object: Json, type: Type | undefined, { name, bytes, depth }: Message): Json {
  if (depth > maxDepth) throw new WireError('exceeded max depth');
  const members = membersOf(name);
  for (const { number, value } of fieldsOf(bytes)) {
    const member = members.find((one) => one.number === number);
    if (!member) continue;
    const { field, embeds } = member;
    if (embeds) {
      fill(object, type, { name: embeds, bytes: bytesOf(value), depth: depth + 1 });
      continue;
    }
    const shape = type?.fields.get(field)?.shape;
    const choice = choiceOf(type, field);
    if (shape) put(object, field, { shape: isWrapped(type, field) ? { kind: 'wrapped', of: shape } : choice ? choiceShape(shape, choice) : shape, value, depth });
  }
  return object;
}

/** What JSON writes as one thing and protobuf as a message around it. */
type Form = Shape | { kind: 'choice'; choice: Choice } | { kind: 'wrapped'; of: Shape } | { kind: 'map'; of: Form };

const choiceShape = (shape: Shape, choice: Choice): Form => (shape.kind === 'map' ? { kind: 'map', of: { kind: 'choice', choice } } : { kind: 'choice', choice });

function put(object: Json, key: string, { shape, value, depth }: { shape: Form; value: bigint | Uint8Array; depth: number }): void {
  if (shape.kind === 'list') {
    ((object[key] ??= []) as unknown[]).push(one(shape.of, value, depth));
  } else if (shape.kind === 'map') {
    const [entry, inner] = entryOf(shape.of, bytesOf(value), depth);
    object[key] = { ...(object[key] as Json | undefined), [entry]: inner };
  } else {
    const found = one(shape, value, depth);
    if (found !== undefined) object[key] = found;
  }
}

function entryOf(shape: Form, bytes: Uint8Array, depth: number): [key: string, value: unknown] {
  let key = '';
  let inner: unknown = shape.kind === 'scalar' && shape.scalar === 's' ? '' : undefined;
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) key = textOf(value);
    if (number === 2) inner = one(shape, value, depth);
  }
  return [key, inner];
}

function one(shape: Form, value: bigint | Uint8Array, depth: number): unknown {
  if (shape.kind === 'struct') return struct(shape.type, bytesOf(value), depth + 1);
  if (shape.kind === 'choice') return chosen(shape.choice, bytesOf(value), depth + 1);
  // A list inside of a map is a message that has the elements in its first field.
  if (shape.kind === 'list') return [...fieldsOf(bytesOf(value))].map((element) => one(shape.of, element.value, depth));
  if (shape.kind === 'wrapped') return one(shape.of, value, depth);
  return shape.kind === 'scalar' ? scalarOf(shape.scalar, value) : undefined;
}

function chosen({ type, schema, schemas, texts, allows }: Choice, bytes: Uint8Array, depth: number): unknown {
  let found: unknown;
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === schema) found = struct(type.fullName, bytesOf(value), depth);
    else if (number === allows) found ??= value !== 0n;
    else if (number === schemas) (found = (found as unknown[] | undefined) ?? []) && (found as unknown[]).push(struct(type.fullName, bytesOf(value), depth));
    else if (number === texts) (found = (found as unknown[] | undefined) ?? []) && (found as unknown[]).push(textOf(value));
  }
  return found;
}
