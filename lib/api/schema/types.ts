// The fields of every type, read from schema.json when they are first asked for.
import type { PatchField, PatchMeta } from '../patch/index.ts';
import type { Version } from '../version.ts';
import data from './schema.json' with { type: 'json' };

/** Scalars: string, int32, int64, number, boolean, bytes (base64), Quantity, IntOrString, Time, MicroTime, any. */
export type Scalar = 's' | 'i' | 'l' | 'n' | 'b' | 'y' | 'q' | 'o' | 't' | 'u' | 'a';

export interface Field {
  /** Go's name of the field: `Replicas`. */
  goName: string;
  /** A pointer keeps a zero value that was given. */
  pointer: boolean;
  /** Printed even when it is empty. */
  always: boolean;
  shape: Shape;
  /** How a strategic merge patch treats a list. */
  merge: boolean;
  mergeKey: string;
  era: '' | '+' | '-';
}

/** A scalar, a struct, or a list or map of a shape. */
export type Shape = { kind: 'scalar'; scalar: Scalar } | { kind: 'struct'; type: string } | { kind: 'list' | 'map'; of: Shape };

export interface Type {
  /** `apps/v1.DeploymentSpec`, as the schema and `typeOf` know it. */
  fullName: string;
  /** Go's name: `v1.DeploymentSpec`. */
  goName: string;
  /** Without the package. */
  name: string;
  fields: Map<string, Field>;
  /** Fields that Go prints even when nobody set them. */
  always: [key: string, field: Field][];
}

const lines: Record<string, string | undefined> = data.types;
const groups: Record<string, string | undefined> = data.groups;
const cache = new Map<string, Type>();

/** The type of a name such as `core/v1.PodSpec`; undefined when there is none. */
export function typeOf(name: string): Type | undefined {
  let found = cache.get(name);
  if (!found && Object.hasOwn(lines, name)) cache.set(name, (found = parse(name, lines[name]!)));
  return found;
}

/** The type of a kind, undefined for kinds that the schema does not hold (custom resources). */
export function typeOfKind(apiVersion: string, kind: string): Type | undefined {
  const slash = apiVersion.indexOf('/');
  const folder = groups[slash < 0 ? '' : apiVersion.slice(0, slash)];
  if (kind === 'DeleteOptions') return typeOf('meta/v1.DeleteOptions');
  return folder === undefined ? undefined : typeOf(`${folder}/${apiVersion.slice(slash + 1)}.${kind}`);
}

function parse(full: string, line: string): Type {
  const [path, name] = full.split('.') as [string, string];
  const fields = new Map<string, Field>();
  for (const pair of line === '' ? [] : line.split(' ')) {
    const colon = pair.indexOf(':');
    fields.set(pair.slice(0, colon), parseField(pair.slice(0, colon), pair.slice(colon + 1), path));
  }
  return { fullName: full, goName: `${path.split('/')[1]}.${name}`, name, fields, always: [...fields].filter(([, field]) => printedEmpty(field)) };
}

const description = /^(\^?)(!?)([^*+-]+)(?:(\*)([A-Za-z]*))?([+-]?)$/;

function parseField(key: string, text: string, path: string): Field {
  const [, pointer, always, base, merge, mergeKey = '', era] = description.exec(text)!;
  return { goName: goFieldName(key), pointer: pointer === '^', always: always === '!', shape: parseShape(base!, path), merge: merge === '*', mergeKey, era: era as Field['era'] };
}

function parseShape(base: string, path: string): Shape {
  if (base[0] === '[') return { kind: 'list', of: parseShape(base.slice(1), path) };
  if (base[0] === '{') return { kind: 'map', of: parseShape(base.slice(1), path) };
  if (base.length === 1) return { kind: 'scalar', scalar: base as Scalar };
  return { kind: 'struct', type: base.includes('.') ? base : `${path}.${base}` };
}

// Struct values and times have no empty form that Go's omitempty would leave out.
function printedEmpty({ pointer, always, shape, era }: Field): boolean {
  if (era !== '') return false;
  if (pointer) return always;
  return always || shape.kind === 'struct' || (shape.kind === 'scalar' && (shape.scalar === 't' || shape.scalar === 'u'));
}

/** Whether a release knows a field: some came later, some are gone. */
export function fieldIsKnown(field: Field | undefined, version: Version | undefined): field is Field {
  if (field === undefined || field.era === '') return field !== undefined;
  return field.era === '+' ? (version?.has('newer-fields') ?? true) : !(version?.has('removed-fields') ?? true);
}

/** `podIP` → `PodIP`; enough for messages. */
function goFieldName(key: string): string {
  if (key === 'metadata') return 'ObjectMeta';
  return key[0]!.toUpperCase() + key.slice(1);
}

/** What a strategic merge patch needs to know of a kind. */
export function patchMeta(apiVersion: string, kind: string): PatchMeta | undefined {
  const type = typeOfKind(apiVersion, kind);
  return type && metaOf(type);
}

const metas = new Map<Type, PatchMeta>();

function metaOf(type: Type): PatchMeta {
  let meta = metas.get(type);
  if (!meta) {
    meta = {
      name: type.name,
      field(key): PatchField | undefined {
        const field = type.fields.get(key);
        if (!field) return undefined;
        const inner = field.shape.kind === 'list' ? field.shape.of : field.shape;
        const element = inner.kind === 'struct' ? typeOf(inner.type) : undefined;
        return { type: element && metaOf(element), merge: field.merge, mergeKey: field.mergeKey };
      },
    };
    metas.set(type, meta);
  }
  return meta;
}
