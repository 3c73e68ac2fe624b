// How server-side apply sees a type: what is merged field by field, what is one value, what tells list elements apart.
import type { ChangeName, Version } from '../version.ts';
import data from './list-types.json' with { type: 'json' };
import { type Field, fieldIsKnown, type Scalar, type Shape, type Type, typeOf, typeOfKind } from './types.ts';

/** An atomic map or list is one value with one owner; the fields of a granular one have each their own. */
export type MergeType = ScalarType | MapType | ListType;

export interface ScalarType {
  kind: 'scalar';
  /** `untyped` takes any value and is one value, whatever it holds. */
  scalar: 'string' | 'numeric' | 'boolean' | 'untyped';
}

export interface MapType {
  kind: 'map';
  atomic: boolean;
  /** Fields of a struct are declared; the keys of a map are not. */
  declares(key: string): boolean;
  /** The type of a value; undefined for a field that a struct does not have. */
  field(key: string): MergeType | undefined;
}

export interface ListType {
  kind: 'list';
  /** A `map` tells its elements apart by keys, a `set` by their value. */
  relation: 'atomic' | 'set' | 'map';
  keys: readonly string[];
  element: MergeType;
  /** What a key is in an element that leaves it out. */
  keyDefault(key: string): string | number | undefined;
}

interface Section {
  types?: Record<string, string>;
  fields?: Record<string, string>;
  defaults?: Record<string, string>;
}

/** Which entry of the version table a section of list-types.json belongs to. */
const sectionChanges: Record<string, ChangeName> = { 21: 'service-port-protocol-key', 22: 'atomic-references', 23: 'ephemeral-containers', 31: 'atomic-backend-port' };

const sections = (version: Version): Section[] => Object.entries(data as Record<string, Section>).flatMap(([since, section]) => (!(since in sectionChanges) || version.has(sectionChanges[since]!) ? [section] : []));

const schemas = new WeakMap<Version, ReturnType<typeof mergeTypes>>();

/** The type of a kind at a release; undefined for kinds that the schema does not hold. */
export function mergeTypeOf(apiVersion: string, kind: string, version: Version): MergeType | undefined {
  let types = schemas.get(version);
  if (!types) schemas.set(version, (types = mergeTypes(version)));
  return types.ofKind(apiVersion, kind);
}

function mergeTypes(version: Version) {
  const known = sections(version);
  const lookUp = (what: keyof Section, name: string) => known.findLast((section) => section[what]?.[name] !== undefined)?.[what]?.[name];
  const structs = new Map<string, MapType>();

  function struct(name: string, type: Type): MapType {
    let found = structs.get(name);
    if (!found) structs.set(name, (found = newStruct(name, type)));
    return found;
  }

  function newStruct(name: string, type: Type): MapType {
    const fields = new Map<string, MergeType>();
    const declared = (key: string) => {
      const field = type.fields.get(key);
      return fieldIsKnown(field, version) ? field : undefined;
    };
    return {
      kind: 'map',
      atomic: lookUp('types', name) === 'atomic',
      declares: (key) => declared(key) !== undefined,
      field(key) {
        const field = declared(key);
        if (field && !fields.has(key)) fields.set(key, ofField(`${name}.${key}`, field));
        return fields.get(key);
      },
    };
  }

  function ofField(name: string, field: Field): MergeType {
    const topology = lookUp('fields', name) ?? (field.merge ? field.mergeKey || 'set' : 'atomic');
    if (field.shape.kind === 'list') return list(field.shape.of, topology);
    return ofShape(field.shape, lookUp('fields', name) === 'atomic');
  }

  function list(of: Shape, topology: string): ListType {
    const relation = topology === 'atomic' || topology === 'set' ? topology : 'map';
    const keyDefault = (key: string) => (of.kind === 'struct' ? (lookUp('defaults', `${of.type}.${key}`) ?? emptyKey(typeOf(of.type)?.fields.get(key))) : undefined);
    return { kind: 'list', relation, keys: relation === 'map' ? topology.split(',') : [], element: ofShape(of), keyDefault };
  }

  function ofShape(shape: Shape, atomic = false): MergeType {
    if (shape.kind === 'scalar') return shape.scalar === 'q' && version.has('apply-named-fields') ? untyped : scalars[shape.scalar];
    if (shape.kind === 'list') return list(shape.of, 'atomic');
    if (shape.kind === 'struct') {
      const type = typeOf(shape.type);
      return type ? struct(shape.type, type) : untyped;
    }
    const element = ofShape(shape.of);
    return { kind: 'map', atomic, declares: () => false, field: () => element };
  }

  const kinds = new Map<string, MergeType>();
  return {
    ofKind(apiVersion: string, kind: string): MergeType | undefined {
      const name = `${apiVersion} ${kind}`;
      const type = kinds.has(name) ? undefined : typeOfKind(apiVersion, kind);
      if (type) kinds.set(name, newStruct(type.fullName, type));
      return kinds.get(name);
    },
  };
}

/** A field that Go always prints has its empty value where it is missing. */
function emptyKey(field: Field | undefined): string | number | undefined {
  if (!field?.always || field.pointer || field.shape.kind !== 'scalar') return undefined;
  return scalars[field.shape.scalar].scalar === 'numeric' ? 0 : '';
}

const scalar = (name: ScalarType['scalar']): ScalarType => ({ kind: 'scalar', scalar: name });
const untyped = scalar('untyped');
const [text, number, truth] = [scalar('string'), scalar('numeric'), scalar('boolean')];
const scalars: Record<Scalar, ScalarType> = { s: text, i: number, l: number, n: number, b: truth, y: text, q: text, o: untyped, t: untyped, u: untyped, a: untyped };
