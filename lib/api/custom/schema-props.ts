// The schema of a custom resource: OpenAPI v3 as far as Kubernetes allows it (apiextensions.k8s.io/v1.JSONSchemaProps).

export interface SchemaProps {
  type?: string;
  format?: string;
  title?: string;
  description?: string;
  default?: unknown;
  nullable?: boolean;
  properties?: Record<string, SchemaProps>;
  additionalProperties?: SchemaProps | boolean;
  items?: SchemaProps | SchemaProps[];
  required?: string[];
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
  maxProperties?: number;
  allOf?: SchemaProps[];
  anyOf?: SchemaProps[];
  oneOf?: SchemaProps[];
  not?: SchemaProps;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  [field: string]: unknown;
}

export type Json = Record<string, unknown>;
export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema of the elements of a list, when there is one for all. */
export const itemsOf = ({ items }: SchemaProps): SchemaProps | undefined => (Array.isArray(items) ? undefined : items);
/** The schema of the values of a map. */
export const valuesOf = ({ additionalProperties }: SchemaProps): SchemaProps | undefined => (typeof additionalProperties === 'object' ? additionalProperties : undefined);
/** True for a map, whose keys are not known beforehand. */
export const isMap = ({ additionalProperties }: SchemaProps): boolean => additionalProperties !== undefined && additionalProperties !== false;
/** The schema of a field of an object. */
export const fieldOf = (schema: SchemaProps | undefined, key: string): SchemaProps | undefined => schema && (schema.properties?.[key] ?? valuesOf(schema));

/** Every schema inside a schema, with its path below it. */
export function inner(schema: SchemaProps): [path: string, schema: SchemaProps][] {
  const out: [string, SchemaProps][] = [];
  const list = (name: string, schemas: SchemaProps[] = []) => schemas.forEach((one, i) => out.push([`.${name}[${i}]`, one]));
  const values = valuesOf(schema);
  if (values) out.push(['.additionalProperties', values]);
  for (const key of Object.keys(schema.properties ?? {}).sort()) out.push([`.properties[${key}]`, schema.properties![key] ?? {}]);
  if (schema.not) out.push(['.not', schema.not]);
  list('allOf', schema.allOf);
  list('oneOf', schema.oneOf);
  list('anyOf', schema.anyOf);
  if (Array.isArray(schema.items)) list('items', schema.items);
  else if (schema.items) out.push(['.items', schema.items]);
  return out;
}

/** True when a schema or one inside it has a property. */
export function someSchema(schema: SchemaProps | undefined, test: (schema: SchemaProps) => boolean): boolean {
  return schema !== undefined && (test(schema) || inner(schema).some(([, one]) => someSchema(one, test)));
}
