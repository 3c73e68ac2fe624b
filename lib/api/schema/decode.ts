// Reads an object as the API server's decoder does: known fields only, of the right types, nothing empty.
import { goJsonType } from '../patch/go-format.ts';
import { StatusError } from '../status.ts';
import type { Version } from '../version.ts';
import { converterWords } from './converter.ts';
import { isMismatch, type Mismatch, readScalar, zeroOf } from './scalars.ts';
import { type Field, fieldIsKnown, type Shape, type Type, typeOf, typeOfKind } from './types.ts';

export interface DecodeOptions {
  version?: Version;
  /** Throw for unknown fields (`fieldValidation=Strict`) instead of returning them. */
  strict?: boolean;
}

export interface Decoded<T> {
  /** The object without unknown and empty fields; the same object when nothing had to change. */
  object: T;
  /** Paths of the fields that the kind does not have: `spec.replica`, `spec.containers[0].imagee`. */
  unknown: string[];
}

/** A 400: the body is no object of its kind. `why` is the decoder's own message, which a PATCH answers with. */
export class DecodeError extends StatusError {
  constructor(
    readonly why: string,
    message: string,
    /** The same in the words of a conversion from data. */
    readonly converted = '',
  ) {
    super('BadRequest', 400, message);
  }
}

interface State {
  kind: string;
  unknown: string[];
  version: Version | undefined;
  stdlib: boolean;
}

/**
 * Decodes an object of a kind. Kinds without a schema (custom resources) come back as they are.
 * Differs from Kubernetes: a field named twice cannot be seen after JSON.parse, and fields newer than v1.20 count as
 * known from v1.21 on.
 */
export function decode<T extends object>(apiVersion: string, kind: string, value: T, { version, strict = false }: DecodeOptions = {}): Decoded<T> {
  const type = typeOfKind(apiVersion, kind);
  if (!type) return { object: value, unknown: [] };
  const state: State = { kind, unknown: [], version, stdlib: version?.has('strict-decoding') ?? false };
  const prefix = `${kind} in version ${JSON.stringify(apiVersion.slice(apiVersion.indexOf('/') + 1))} cannot be handled as a ${kind}: `;
  try {
    const object = readStruct(type, value, '', state) as T;
    if (strict && state.unknown.length > 0) throw new Wrong(strictMessage(state.unknown));
    return { object, unknown: state.unknown };
  } catch (error) {
    if (error instanceof Wrong) throw new DecodeError(error.message, prefix + error.message, error.converted);
    throw error;
  }
}

/** `strict decoding error: unknown field "spec.replica"`. */
function strictMessage(unknown: readonly string[]): string {
  return `strict decoding error: ${unknown.map(unknownFieldMessage).join(', ')}`;
}

/** Also the text of the warning for `fieldValidation=Warn`. */
const unknownFieldMessage = (path: string) => `unknown field ${JSON.stringify(path)}`;

class Wrong extends Error {
  constructor(
    message: string,
    readonly converted = '',
  ) {
    super(message);
  }
}

function readStruct(type: Type, value: unknown, path: string, state: State): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch({ expected: type.goName }, { value, path, state, owner: type });
  const from = value as Record<string, unknown>;
  let out: Record<string, unknown> | undefined;
  for (const key in from) {
    const field = type.fields.get(key);
    const old = from[key];
    if (!fieldIsKnown(field, state.version)) {
      if (old !== undefined) state.unknown.push(path + key);
      delete (out ??= { ...from })[key];
      continue;
    }
    const read = old === null || old === undefined ? undefined : readShape(field.shape, old, { path: path + key, state, owner: type, field });
    if (read === undefined || (read === null && field.shape.kind === 'scalar' && !field.always) || (!field.pointer && !field.always && isEmpty(field, read))) delete (out ??= { ...from })[key];
    else if (read !== old) (out ??= { ...from })[key] = read;
  }
  return out ?? from;
}

/** What Go's omitempty leaves out. An empty struct stays: Go has no empty form of it. */
function isEmpty({ shape }: Field, value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return shape.kind === 'scalar' && shape.scalar !== 'q' && shape.scalar !== 'o';
  if (Array.isArray(value)) return value.length === 0 && shape.kind !== 'scalar';
  if (shape.kind !== 'map') return false;
  for (const _ in value as object) return false;
  return true;
}

interface Where {
  path: string;
  state: State;
  owner: Type;
  field?: Field;
}

function readShape(shape: Shape, value: unknown, where: Where): unknown {
  if (shape.kind === 'scalar') {
    const read = readScalar(shape.scalar, value);
    if (isMismatch(read) && shape.scalar !== 'a') throw mismatch(read, { value, ...where, shape });
    return read;
  }
  if (shape.kind === 'struct') {
    const type = typeOf(shape.type);
    if (!type) return value;
    if (typeof value !== 'object' || Array.isArray(value)) throw mismatch({ expected: type.goName }, { value, ...where, shape });
    return readStruct(type, value, `${where.path}.`, where.state);
  }
  return shape.kind === 'list' ? readList(shape.of, value, where) : readMap(shape.of, value, where);
}

function readList(of: Shape, value: unknown, where: Where): unknown {
  if (!Array.isArray(value)) throw mismatch({ expected: `[]${goShape(of)}` }, { value, ...where, shape: { kind: 'list', of } });
  let out: unknown[] | undefined;
  for (let i = 0; i < value.length; i++) {
    const read = value[i] === null ? zero(of) : readShape(of, value[i], { ...where, path: `${where.path}[${i}]` });
    if (read !== value[i]) (out ??= [...value])[i] = read;
  }
  return out ?? value;
}

function readMap(of: Shape, value: unknown, where: Where): unknown {
  if (typeof value !== 'object' || Array.isArray(value)) throw mismatch({ expected: `map[string]${goShape(of)}` }, { value, ...where, shape: { kind: 'map', of } });
  const from = value as Record<string, unknown>;
  let out: Record<string, unknown> | undefined;
  for (const key in from) {
    const read = from[key] === null ? zero(of) : readShape(of, from[key], { ...where, path: `${where.path}[${key}]` });
    if (read !== from[key]) (out ??= { ...from })[key] = read;
  }
  return out ?? from;
}

/** A null in a list or map is the zero value of its type. */
const zero = (shape: Shape) => (shape.kind === 'scalar' ? zeroOf(shape.scalar) : shape.kind === 'struct' ? {} : null);

function goShape(shape: Shape): string {
  if (shape.kind === 'struct') return typeOf(shape.type)?.goName ?? 'interface {}';
  if (shape.kind === 'scalar') return { s: 'string', i: 'int32', l: 'int64', n: 'float64', b: 'bool', y: '[]uint8', q: 'resource.Quantity', o: 'intstr.IntOrString', t: 'v1.Time', u: 'v1.MicroTime', a: 'interface {}' }[shape.scalar];
  return `${shape.kind === 'list' ? '[]' : 'map[string]'}${goShape(shape.of)}`;
}

function withoutBrackets(path: string): string {
  let [out, from] = ['', 0];
  for (;;) {
    const open = path.indexOf('[', from);
    const close = open < 0 ? -1 : path.indexOf(']', open);
    if (close < 0) return out + path.slice(from);
    out += path.slice(from, open);
    from = close + 1;
  }
}

function mismatch({ text, expected }: Mismatch, { value, path, state, owner, field, shape }: Where & { value: unknown; shape?: Shape }): Wrong {
  const converted = converterWords(shape, value, text);
  // Go names the struct's field, neither the element of a list nor the key of a map.
  const plain = withoutBrackets(path);
  if (state.stdlib) return new Wrong(text ?? `json: cannot unmarshal ${goJsonType(value)} into Go struct field ${owner.name}.${plain} of type ${expected}`, converted);
  // Differs from Kubernetes: the old decoder also shows the bytes around the place.
  const place = field ? `${owner.goName}.${field.goName}` : owner.goName;
  return new Wrong(`${place}: ${text ? `unmarshalerDecoder: ${text}` : `expects ${expected}, but found ${goJsonType(value)}`}, error found at ${path || 'the top'}`, converted);
}
