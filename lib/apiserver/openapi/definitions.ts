// OpenAPI definitions of every type that a release serves: fields from the schema, words from the published types.
import { customKinds, fieldIsKnown, type Resource, resourcesOf, type SchemaShape, schemaType, servedVersions, type Version } from '../../api/index.ts';
import { describe } from './descriptions.ts';
import { publishedSchema } from './published-schema.ts';

export type Json = { [key: string]: unknown };

/** How a document refers to a type: `#/definitions/` in v2, `#/components/schemas/` in v3. */
export interface Dialect {
  /** True for Swagger 2, which cannot say everything that a custom kind's schema does. */
  plain?: boolean;
  refer(name: string, description: string): Json;
}

/** Types that are more than a scalar, and what is said of them in Swagger 2; `oneOf` is what version 3 says instead of a type. */
const wellKnown: Record<string, { name: string; format?: string; oneOf?: string[]; description(): string }> = {
  q: { name: 'io.k8s.apimachinery.pkg.api.resource.Quantity', oneOf: ['string', 'number'], description: () => describe('api/resource.Quantity').description },
  o: { name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString', format: 'int-or-string', oneOf: ['integer', 'string'], description: () => 'IntOrString is a type that can hold an int32 or a string.  When used in JSON or YAML marshalling and unmarshalling, it produces or consumes the inner type.  This allows you to have, for example, a JSON field that can accept a name or number.' },
  t: { name: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time', format: 'date-time', description: () => describe('meta/v1.Time').description },
  u: { name: 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime', format: 'date-time', description: () => describe('meta/v1.MicroTime').description },
};

function wellKnownDefinition(scalar: string, plain: boolean): Json {
  const { format, oneOf, description } = wellKnown[scalar]!;
  const type = oneOf && !plain ? { oneOf: oneOf.map((one) => ({ type: one })) } : { type: 'string' };
  return { ...(description() && { description: description() }), ...(format && { format }), ...type };
}

const scalars: Record<string, Json> = {
  s: { type: 'string' },
  i: { type: 'integer', format: 'int32' },
  l: { type: 'integer', format: 'int64' },
  n: { type: 'number', format: 'double' },
  b: { type: 'boolean' },
  y: { type: 'string', format: 'byte' },
  a: { type: 'object' },
};

/** `core/v1.Pod` → `io.k8s.api.core.v1.Pod` */
function publicName(type: string): string {
  const [path, name] = type.split('.') as [string, string];
  const [folder, version] = path.split('/') as [string, string];
  const root = folder === 'meta' ? 'io.k8s.apimachinery.pkg.apis' : folder === 'apiextensions' ? 'io.k8s.apiextensions-apiserver.pkg.apis' : 'io.k8s.api';
  return `${root}.${folder}.${version}.${name}`;
}

export interface ServedKind {
  resource: Resource;
  version: string;
  /** Its type in the schema; undefined where the schema does not know it. */
  type: string | undefined;
}

/** Every kind in every version that a release serves. */
export function servedKinds(release: Version): ServedKind[] {
  return resourcesOf(release).flatMap((resource) =>
    servedVersions(resource, release).map((version) => {
      const type = `${resource.group.split('.')[0] || 'core'}/${version}.${resource.kind}`;
      return { resource, version, type: 'schemaOf' in resource ? undefined : schemaType(type) && type };
    }),
  );
}

export const gvkOf = ({ resource: { group, kind }, version }: ServedKind): Json => ({ group, kind, version });

/** Definitions of these kinds and of everything that they hold. */
export function definitionsOf(kinds: readonly ServedKind[], { release, dialect }: { release: Version; dialect: Dialect }): Record<string, Json> {
  const definitions: Record<string, Json> = {};
  const define = (type: string): string => {
    const name = publicName(type);
    if (definitions[name]) return name;
    const definition: Json = (definitions[name] = {});
    Object.assign(definition, definitionOf(type, shapeOf));
    return name;
  };
  const shapeOf = (shape: SchemaShape, description: string): Json => {
    const about = description && { description };
    if (shape.kind === 'struct') return dialect.refer(define(shape.type), description);
    if (shape.kind !== 'scalar') {
      const of = shapeOf(shape.of, '');
      return shape.kind === 'list' ? { ...about, type: 'array', items: of } : { ...about, type: 'object', additionalProperties: of };
    }
    const { name } = wellKnown[shape.scalar] ?? {};
    if (!name) return { ...about, ...scalars[shape.scalar] };
    definitions[name] ??= wellKnownDefinition(shape.scalar, dialect.plain ?? false);
    return dialect.refer(name, description);
  };
  const definitionOf = (type: string, inside: typeof shapeOf): Json => {
    const { description, fields: described } = describe(type);
    const properties: Record<string, Json> = {};
    for (const [key, field] of schemaType(type)?.fields ?? []) {
      if (!fieldIsKnown(field, release)) continue;
      const { shape, merge, mergeKey } = field;
      const strategy = merge && { 'x-kubernetes-patch-strategy': 'merge', ...(mergeKey && { 'x-kubernetes-patch-merge-key': mergeKey }) };
      properties[key] = { ...inside(shape, described.get(key)?.description ?? ''), ...strategy };
    }
    const required = [...described].flatMap(([key, field]) => (field.required && properties[key] ? [key] : []));
    return { ...(description && { description }), ...(required.length > 0 && { required }), type: 'object', properties };
  };
  for (const kind of kinds) {
    const custom = customDefinition(kind, release, { plain: dialect.plain ?? false, refer: (type, about) => dialect.refer(define(type), about) });
    if (custom) definitions[customName(kind)] = custom;
    if (kind.type) definitions[define(kind.type)]!['x-kubernetes-group-version-kind'] = [gvkOf(kind)];
  }
  return Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `com.example.stable.v1.CronTab` */
const customName = ({ resource: { group, kind }, version }: ServedKind) => `${group.split('.').reverse().join('.')}.${version}.${kind}`;

function customDefinition(kind: ServedKind, release: Version, { plain, refer }: { plain: boolean; refer: (type: string, about: string) => Json }): Json | undefined {
  const { group, kind: name } = kind.resource;
  const row = customKinds(release).ofKind(`${group}/${kind.version}`, name);
  if (!row) return undefined;
  const whole = row.schemaOf(`${group}/${kind.version}`);
  // A kind of which anything may be said is published as just an object.
  if (plain && (!whole || row.preserves || whole['x-kubernetes-preserve-unknown-fields'])) return { type: 'object', 'x-kubernetes-group-version-kind': [gvkOf(kind)] };
  const { properties, ...schema } = plain ? publishedSchema(whole!) : (whole ?? {});
  const { fields } = describe('core/v1.Pod');
  const said = (field: string) => ({ type: 'string', ...(fields.has(field) && { description: fields.get(field)!.description }) });
  const own = {
    apiVersion: said('apiVersion'),
    kind: said('kind'),
    metadata: refer('meta/v1.ObjectMeta', "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"),
  };
  return { type: 'object', ...schema, properties: { ...properties, ...own }, 'x-kubernetes-group-version-kind': [gvkOf(kind)] } as Json;
}
