// An OpenAPI document as explain reads it.

export interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  allOf?: Schema[];
  enum?: unknown[];
  'x-kubernetes-group-version-kind'?: Gvk[];
}

export interface Gvk {
  group: string;
  version: string;
  kind: string;
}

export interface Document {
  paths?: Record<string, Record<string, { 'x-kubernetes-group-version-kind'?: Gvk }>>;
  components?: { schemas?: Record<string, Schema> };
  definitions?: Record<string, Schema>;
}

/** What a reference leads to; undefined when it leads nowhere. */
export function resolved(document: Document, $ref: string | undefined): Schema | undefined {
  if (!$ref?.startsWith('#/')) return undefined;
  let at: any = document;
  for (const part of $ref.slice(2).split('/')) at = typeof at === 'object' && at !== null ? at[part] : undefined;
  return at;
}

const empty = (value: object) => Object.keys(value).length === 0;

/** The schema of the values of a map; an empty one says nothing. */
export const valuesOf = ({ additionalProperties }: Schema): Schema | undefined =>
  typeof additionalProperties === 'object' && !empty(additionalProperties) ? additionalProperties : undefined;

export const itemsOf = ({ items }: Schema): Schema | undefined => (items && !empty(items) ? items : undefined);

export const propertyOf = ({ properties }: Schema, name: string): Schema | undefined => {
  const found = properties && Object.hasOwn(properties, name) ? properties[name]! : undefined;
  return found && !empty(found) ? found : undefined;
};

export const byName = <T>(table: Record<string, T> | undefined): [name: string, value: T][] => Object.entries(table ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

export const isGvk = (a: Gvk, b: Gvk): boolean => a.group === b.group && a.version === b.version && a.kind === b.kind;
