// Checks of one schema of a CustomResourceDefinition (apiextensions/validation: ValidateCustomResourceDefinitionOpenAPISchema).
import { type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { goStrings } from '../kinds/checks.ts';
import { inner, isObject, itemsOf, type SchemaProps } from './schema-props.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const metaFields = ['metadata', 'kind', 'apiVersion'];

interface Place {
  /** v1beta1 took any type. */
  anyType?: boolean;
  isRoot: boolean;
  /** Why no default may stand here. */
  noDefaults?: string;
  insideMeta: boolean;
}

export function schemaChecks(path: string, schema: SchemaProps, place: Place = { isRoot: true, insideMeta: false }): FieldError[] {
  const errors = plainErrors(path, schema, place);
  if (schema.uniqueItems === true) errors.push(forbiddenField(`${path}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'));
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== true && Object.keys(schema.properties ?? {}).length > 0) {
    errors.push(forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
  }
  for (const [below, one] of inner(schema)) errors.push(...schemaChecks(path + below, one, placeOf(below, schema, place)));
  return [...errors, ...extensionErrors(path, schema), ...mapKeyErrors(path, schema)];
}

function placeOf(below: string, schema: SchemaProps, place: Place): Place {
  const { noDefaults, insideMeta, anyType } = place;
  if (below === '.additionalProperties') return { anyType, isRoot: false, insideMeta, noDefaults: insideMeta ? 'inside additionalProperties applying to object metadata' : noDefaults };
  const key = metaFields.find((name) => below === `.properties[${name}]`);
  if (!key || !(place.isRoot || schema['x-kubernetes-embedded-resource'])) return { anyType, isRoot: false, insideMeta, noDefaults };
  return { anyType, isRoot: false, insideMeta: true, noDefaults: place.isRoot ? `in top-level ${key}` : noDefaults };
}

const unsupported: [field: string, name: string][] = [
  ['id', 'id'],
  ['additionalItems', 'additionalItems'],
  ['patternProperties', 'patternProperties'],
  ['definitions', 'definitions'],
  ['dependencies', 'dependencies'],
  ['$ref', '$ref'],
];

function plainErrors(path: string, schema: SchemaProps, { noDefaults, insideMeta, anyType }: Place): FieldError[] {
  const errors: FieldError[] = [];
  const { type = '' } = schema;
  if (type && !anyType && !types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  if (schema.default !== undefined && noDefaults !== undefined) errors.push(forbiddenField(`${path}.default`, `must not be set${noDefaults && ` ${noDefaults}`}`));
  for (const [field, name] of unsupported) if (schema[field] !== undefined) errors.push(forbiddenField(`${path}.${field}`, `${name} is not supported`));
  if (type === 'null') errors.push(forbiddenField(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
  if (Array.isArray(schema.items) && schema.items.length > 0) errors.push(forbiddenField(`${path}.items`, 'items must be a schema object and not an array'));
  if (insideMeta && schema['x-kubernetes-embedded-resource']) errors.push(forbiddenField(`${path}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta'));
  return errors;
}

const needs = (path: string, type: string, detail: string) => (type ? invalid(path, type, detail) : required(path, detail));

function extensionErrors(path: string, schema: SchemaProps): FieldError[] {
  const errors: FieldError[] = [];
  const { type = '', 'x-kubernetes-map-type': mapType, 'x-kubernetes-list-type': listType } = schema;
  const items = itemsOf(schema);
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  if (mapType !== undefined && type !== 'object') errors.push(needs(`${path}.type`, type, 'must be object if x-kubernetes-map-type is specified'));
  if (mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular') errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']));
  if (listType !== undefined && type !== 'array') errors.push(needs(`${path}.type`, type, 'must be array if x-kubernetes-list-type is specified'));
  else if (listType === 'set' && items) errors.push(...setItemErrors(`${path}.items`, items));
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType)) errors.push(notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map']));
  return errors;
}

/** The elements of a set are told apart as a whole. */
function setItemErrors(path: string, items: SchemaProps): FieldError[] {
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const list = items['x-kubernetes-list-type'];
  if (items.type === 'array' && list !== undefined && list !== 'atomic') return [invalid(`${path}.x-kubernetes-list-type`, list, detail)];
  // The wrong field is printed, in Kubernetes too.
  if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') return [invalid(`${path}.x-kubernetes-map-type`, list ?? null, detail)];
  return [];
}

function mapKeyErrors(path: string, schema: SchemaProps): FieldError[] {
  const { 'x-kubernetes-list-type': listType, 'x-kubernetes-list-map-keys': keys = [] } = schema;
  const items = itemsOf(schema);
  const errors: FieldError[] = [];
  const at = `${path}.x-kubernetes-list-map-keys`;
  const mustBeMap = 'must be map if x-kubernetes-list-map-keys is non-empty';
  if (keys.length > 0 && listType !== 'map') errors.push(listType === undefined ? required(`${path}.x-kubernetes-list-type`, mustBeMap) : invalid(`${path}.x-kubernetes-list-type`, listType, mustBeMap));
  if (listType === 'map') {
    if (keys.length === 0) errors.push(required(at, 'must not be empty if x-kubernetes-list-type is map'));
    if (schema.items === undefined) errors.push(required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'));
    if (items && items.type !== 'object') errors.push(invalid(`${path}.items.type`, items.type ?? '', "must be object if parent array's x-kubernetes-list-type is map"));
    if (items?.type === 'object') errors.push(...keyErrors(path, items, keys));
  }
  if (items && (listType === 'map' || listType === 'set')) errors.push(...nullableErrors(path, items, { listType, keys }));
  return errors;
}

function keyErrors(path: string, items: SchemaProps, keys: string[]): FieldError[] {
  const at = `${path}.x-kubernetes-list-map-keys`;
  const shown = goStrings(keys);
  const wrong = (detail: string): FieldError => ({ type: 'FieldValueInvalid', field: at, message: `Invalid value: ${shown}: ${detail}` });
  return keys.flatMap((key, i) => {
    const property = items.properties?.[key];
    const isScalar = property?.type !== 'array' && property?.type !== 'object';
    return [
      ...(!property ? [wrong('entries must all be names of item properties')] : isScalar ? [] : [invalid(`${path}.items.properties[${key}].type`, items.type, "must be a scalar type if parent array's x-kubernetes-list-type is map")]),
      ...(keys.indexOf(key) < i ? [wrong('must not contain duplicate entries')] : []),
    ];
  });
}

function nullableErrors(path: string, items: SchemaProps, { listType, keys }: { listType: string; keys: string[] }): FieldError[] {
  const errors = items.nullable ? [forbiddenField(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`)] : [];
  if (listType !== 'map') return errors;
  for (const key of keys) {
    const property = items.properties?.[key];
    if (!isObject(property)) continue;
    const at = `${path}.items.properties[${key}]`;
    if (!items.required?.includes(key) && property.default === undefined) errors.push(required(`${at}.default`, 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'));
    if (property.nullable) errors.push(forbiddenField(`${at}.nullable`, 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'));
  }
  return errors;
}
