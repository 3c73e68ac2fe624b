// The Swagger document as protobuf (gnostic's OpenAPIv2.proto), the only form that client-go reads it in.
import type { HttpResponse, OpenapiJson as Json } from '../apiserver/index.ts';

type Value = string | boolean | Buffer;

/** A message: pairs of field number and value; empty values are left out. */
function message(...fields: [number: number, value: Value | undefined | readonly Value[]][]): Buffer {
  const pieces: Buffer[] = [];
  for (const [number, values] of fields) for (const value of [values ?? []].flat()) pieces.push(...field(number, value));
  return Buffer.concat(pieces);
}

function field(number: number, value: Value): Buffer[] {
  if (typeof value === 'boolean') return value ? [varint(number << 3), varint(1)] : [];
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return typeof value === 'string' && value === '' ? [] : [varint((number << 3) | 2), varint(bytes.length), bytes];
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

const named = (name: string, value: Buffer) => message([1, name], [2, value]);
const all = (table: Json | undefined, write: (value: Json) => Buffer) => Object.entries(table ?? {}).map(([name, value]) => named(name, write(value as Json)));

/** `x-…` entries; their values are YAML, of which JSON is a part. */
const extensions = (object: Json) => Object.entries(object).filter(([key]) => key.startsWith('x-')).map(([key, value]) => named(key, message([2, JSON.stringify(value)])));

function schema(object: Json): Buffer {
  const { $ref, format, description, required, additionalProperties, type, items, properties } = object as { [key: string]: any };
  return message(
    [1, $ref],
    [2, format],
    [4, description],
    [19, required],
    [21, additionalProperties && message([1, schema(additionalProperties)])],
    [22, type && message([1, type])],
    [23, items && message([1, schema(items)])],
    [25, properties && message([1, all(properties, schema)])],
    [31, extensions(object)],
  );
}

function parameter({ name, description, in: place, type, uniqueItems }: { [key: string]: any }): Buffer {
  const query = message([2, place], [3, description], [4, name], [6, type], [20, uniqueItems]);
  return message([1, message([2, message([3, query])])]);
}

function operation(object: Json): Buffer {
  const { parameters = [], responses } = object as { parameters?: Json[]; responses: Json };
  const answers = all(responses, ({ description }) => message([1, message([1, description as string])]));
  return message([8, parameters.map(parameter)], [9, message([1, answers])], [13, extensions(object)]);
}

function pathItem({ get, put, post, delete: remove, patch }: Json): Buffer {
  const of = (object: unknown) => (object ? operation(object as Json) : undefined);
  return message([2, of(get)], [3, of(put)], [4, of(post)], [5, of(remove)], [8, of(patch)]);
}

function written({ swagger, info, paths, definitions }: Json): Buffer {
  const { title, version } = info as { title: string; version: string };
  return message([1, swagger as string], [2, message([1, title], [2, version])], [8, message([2, all(paths as Json, pathItem)])], [9, message([1, all(definitions as Json, schema)])]);
}

const wanted = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
/** Documents that have been written: each is asked for many times. */
const binaries = new WeakMap<object, Buffer>();

/** The answer to a request for /openapi/v2, in the form that its client wants. */
export function inSwaggerForm(answer: HttpResponse, accept = ''): HttpResponse {
  // `@` comes percent-encoded from some clients.
  if (answer.code !== 200 || !accept.replace('%40', '@').includes(wanted)) return answer;
  const document = answer.body as Json;
  if (!binaries.has(document)) binaries.set(document, written(document));
  // Go cannot parse the name with an @, which is why the answer's has none.
  return { code: 200, body: binaries.get(document), type: wanted.replace('@', '.') };
}
