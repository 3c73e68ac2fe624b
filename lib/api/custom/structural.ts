// Structural schemas: what can be pruned and defaulted because its shape is told outside of any logic (apiserver/schema/validation.go).
import { type FieldError, forbiddenField, invalid, required } from '../field-error.ts';
import { goRegExp } from '../go-regexp.ts';
import { equal } from '../object.ts';
import { itemsOf, type SchemaProps, valuesOf } from './schema-props.ts';

type Level = 'root' | 'item' | 'field';

/** Errors in the order of their texts, as Kubernetes sorts them. */
export function structuralErrors(path: string, schema: SchemaProps): FieldError[] {
  const text = ({ field, message }: FieldError) => `${field}: ${message}`;
  return [...invariantErrors(schema, 'root', path), ...incomplete(schema, schema, path, path)].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

function invariantErrors(schema: SchemaProps, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const items = itemsOf(schema);
  if (schema.type === 'array' && !items) errors.push(required(`${path}.items`, 'must be specified'));
  if (items) errors.push(...invariantErrors(items, 'item', `${path}.items`));
  for (const [key, property] of Object.entries(schema.properties ?? {})) errors.push(...invariantErrors(property ?? {}, 'field', `${path}.properties[${key}]`));
  if (schema.additionalProperties !== undefined && level === 'root') errors.push(forbiddenField(`${path}.additionalProperties`, 'must not be used at the root'));
  const values = valuesOf(schema);
  if (values) errors.push(...invariantErrors(values, 'field', `${path}.additionalProperties`));
  errors.push(...extensionErrors(schema, path), ...valueErrors(schema, path, intOrStringAt(schema)), ...typeErrors(schema, level, path));
  if (level === 'root' || schema['x-kubernetes-embedded-resource']) errors.push(...metadataTypeErrors(schema, path));
  if (level === 'root' && schema.properties?.metadata && !isPlainMetadata(schema.properties.metadata)) {
    errors.push(forbiddenField(`${path}.properties[metadata]`, 'must not specify anything other than name and generateName, but metadata is implicitly specified'));
  }
  if (schema['x-kubernetes-embedded-resource'] && schema['x-kubernetes-preserve-unknown-fields'] === undefined && Object.keys(schema.properties ?? {}).length === 0) {
    errors.push(required(`${path}.properties`, 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'));
  }
  return errors;
}

function extensionErrors(schema: SchemaProps, path: string): FieldError[] {
  if (!schema['x-kubernetes-int-or-string']) return [];
  return ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'].filter((name) => schema[name]).map((name) => invalid(`${path}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true'));
}

const missingType: Record<Level, string> = { root: 'must not be empty at the root', item: 'must not be empty for specified array items', field: 'must not be empty for specified object fields' };

function typeErrors(schema: SchemaProps, level: Level, path: string): FieldError[] {
  const { type = '' } = schema;
  const errors: FieldError[] = [];
  const embedded = schema['x-kubernetes-embedded-resource'];
  if (embedded && type !== 'object') errors.push(type ? invalid(`${path}.type`, type, 'must be object if x-kubernetes-embedded-resource is true') : required(`${path}.type`, 'must be object if x-kubernetes-embedded-resource is true'));
  else if (!type && !schema['x-kubernetes-int-or-string'] && !schema['x-kubernetes-preserve-unknown-fields']) errors.push(required(`${path}.type`, missingType[level]));
  if (embedded && schema.additionalProperties !== undefined) errors.push(forbiddenField(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'));
  if (level === 'root' && type && type !== 'object') errors.push(invalid(`${path}.type`, type, 'must be object at the root'));
  return errors;
}

function metadataTypeErrors({ properties = {} }: SchemaProps, path: string): FieldError[] {
  const wanted = { kind: 'string', apiVersion: 'string', metadata: 'object' };
  return Object.entries(wanted).flatMap(([key, type]) => (properties[key] && properties[key].type !== type ? [invalid(`${path}.properties[${key}].type`, properties[key].type ?? '', `must be ${type}`)] : []));
}

/** Only the names of an object may be restricted. */
function isPlainMetadata({ type: _type, default: _default, properties = {}, ...rest }: SchemaProps): boolean {
  const names = Object.keys(properties);
  const generic = ['title', 'description', 'nullable', 'additionalProperties', 'items', ...Object.keys(rest).filter((key) => key.startsWith('x-kubernetes-'))];
  return names.every((name) => name === 'name' || name === 'generateName') && generic.every((key) => !rest[key]);
}

const intOrString = [{ type: 'integer' }, { type: 'string' }];

/** Where the one exception stands: `anyOf` integer or string, of the schema or of its first `allOf`. */
function intOrStringAt({ anyOf, allOf }: SchemaProps): 'anyOf' | 'allOf' | undefined {
  return equal(anyOf, intOrString) ? 'anyOf' : equal(allOf?.[0]?.anyOf, intOrString) ? 'allOf' : undefined;
}

function valueErrors(schema: SchemaProps, path: string, exception?: 'anyOf' | 'allOf'): FieldError[] {
  const errors: FieldError[] = [];
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema;
  if (exception !== 'anyOf') anyOf.forEach((one, i) => errors.push(...nestedErrors(one, `${path}.anyOf[${i}]`)));
  allOf.forEach((one, i) => errors.push(...nestedErrors(one, `${path}.allOf[${i}]`, exception === 'allOf' && i === 0 ? 'anyOf' : undefined)));
  oneOf.forEach((one, i) => errors.push(...nestedErrors(one, `${path}.oneOf[${i}]`)));
  if (not) errors.push(...nestedErrors(not, `${path}.not`));
  if (pattern && !isExpression(pattern)) errors.push(invalid(`${path}.pattern`, pattern, 'must be a valid regular expression, but isn\'t: error parsing regexp'));
  return errors;
}

function isExpression(pattern: string): boolean {
  try {
    goRegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

/** What logic may not say. */
const forbidden: [name: string, why: string][] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
];

function nestedErrors(schema: SchemaProps, path: string, exception?: 'anyOf'): FieldError[] {
  const items = itemsOf(schema);
  return [
    ...valueErrors(schema, path, exception),
    ...(items ? nestedErrors(items, `${path}.items`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) => nestedErrors(property, `${path}.properties[${key}]`)),
    ...forbidden.filter(([name]) => schema[name] !== undefined && schema[name] !== '' && schema[name] !== false).map(([name, why]) => forbiddenField(`${path}.${name}`, why)),
    ...(schema.properties?.metadata ? [forbiddenField(`${path}.properties[metadata]`, 'must not be specified in a nested context')] : []),
  ];
}

/** What logic names must stand outside of it too. */
function incomplete(logic: SchemaProps, schema: SchemaProps | undefined, path: string, at: string, nested = false): FieldError[] {
  if (!schema) return [required(path, `because it is defined in ${at}`)];
  const errors: FieldError[] = [];
  const { not, allOf = [], anyOf = [], oneOf = [] } = logic;
  const down = (one: SchemaProps, name: string) => errors.push(...incomplete(one, schema, path, `${at}.${name}`, true));
  if (not) down(not, 'not');
  allOf.forEach((one, i) => down(one, `allOf[${i}]`));
  anyOf.forEach((one, i) => down(one, `anyOf[${i}]`));
  oneOf.forEach((one, i) => down(one, `oneOf[${i}]`));
  if (!nested) return errors;
  const items = itemsOf(logic);
  if (items) errors.push(...incomplete(items, itemsOf(schema), `${path}.items`, `${at}.items`, true));
  for (const [key, one] of Object.entries(logic.properties ?? {})) errors.push(...incomplete(one, schema.properties?.[key], `${path}.properties[${key}]`, `${at}.properties[${key}]`, true));
  return errors;
}
