// Reads an object that comes as `application/vnd.kubernetes.protobuf`, as kubectl sends what it makes itself.
import { type Shape, type Type, typeOf, typeOfKind } from '../schema/types.ts';
import { badRequest } from '../status.ts';
import data from './numbers.json' with { type: 'json' };
import { scalarOf } from './scalars.ts';
import { bytesOf, fieldsOf, textOf, WireError } from './wire.ts';

type Json = Record<string, unknown>;

const lines: Record<string, string | undefined> = data;
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
  const name = nameOf(apiVersion, kind);
  if (!name) throw badRequest(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`);
  return { apiVersion, kind, ...struct(name, raw) };
}

/** `apps/v1.Deployment`; DeleteOptions belong to every group. */
function nameOf(apiVersion: string, kind: string): string | undefined {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const name = kind === 'DeleteOptions' ? 'meta/v1.DeleteOptions' : `${group!.split('.')[0]}/${version}.${kind}`;
  return typeOfKind(apiVersion, kind) && lines[name] !== undefined ? name : undefined;
}

const struct = (name: string, bytes: Uint8Array, depth = 0): Json => fill({}, typeOf(name), { name, bytes, depth });

interface Message {
  name: string;
  bytes: Uint8Array;
  depth: number;
}

/** Puts the fields of a message into an object of `type`; an embedded message has another name and the same type. */
function fill(object: Json, type: Type | undefined, { name, bytes, depth }: Message): Json {
  if (depth > maxDepth) throw new WireError('exceeded max depth');
  const names = numbersOf(name);
  for (const { number, value } of fieldsOf(bytes)) {
    const field = names.get(number);
    if (!field) continue;
    if (field[0] === '>') {
      fill(object, type, { name: field.slice(1), bytes: bytesOf(value), depth: depth + 1 });
      continue;
    }
    const shape = type?.fields.get(field)?.shape;
    if (shape) put(object, field, { shape, value, depth });
  }
  return object;
}

function put(object: Json, key: string, { shape, value, depth }: { shape: Shape; value: bigint | Uint8Array; depth: number }): void {
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

function entryOf(shape: Shape, bytes: Uint8Array, depth: number): [key: string, value: unknown] {
  let key = '';
  let inner: unknown = shape.kind === 'scalar' && shape.scalar === 's' ? '' : undefined;
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) key = textOf(value);
    if (number === 2) inner = one(shape, value, depth);
  }
  return [key, inner];
}

function one(shape: Shape, value: bigint | Uint8Array, depth: number): unknown {
  if (shape.kind === 'struct') return struct(shape.type, bytesOf(value), depth + 1);
  return shape.kind === 'scalar' ? scalarOf(shape.scalar, value) : undefined;
}

const known = new Map<string, Map<number, string>>();

/** Field names (or `>type` of an embedded message) by number. */
function numbersOf(name: string): Map<number, string> {
  let numbers = known.get(name);
  if (!numbers) {
    const pairs = (lines[name] ?? '').split(' ').filter(Boolean);
    numbers = new Map(pairs.map((pair) => [Number(pair.slice(pair.lastIndexOf(':') + 1)), pair.slice(0, pair.lastIndexOf(':'))]));
    known.set(name, numbers);
  }
  return numbers;
}
