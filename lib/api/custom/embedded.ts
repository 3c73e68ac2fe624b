// Objects inside of objects (x-kubernetes-embedded-resource): they are named as any object is.
import { type FieldError, invalid, required } from '../field-error.ts';
import { validateObjectMeta } from '../metadata-validation.ts';
import { isDNS1035Label, isPathSegment } from '../names.ts';
import { fieldOf, isObject, itemsOf, type Json, type SchemaProps } from './schema-props.ts';

export function embeddedErrors(schema: SchemaProps | undefined, value: unknown, path = ''): FieldError[] {
  if (!schema) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => embeddedErrors(itemsOf(schema), item, `${path}[${i}]`));
  if (!isObject(value)) return [];
  const own = schema['x-kubernetes-embedded-resource'] ? objectErrors(value, path) : [];
  return [...own, ...Object.keys(value).flatMap((key) => embeddedErrors(fieldOf(schema, key), value[key], schema.properties?.[key] ? (path ? `${path}.${key}` : key) : `${path}[${key}]`))];
}

function objectErrors(value: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const at = (name: string) => (path ? `${path}.${name}` : name);
  for (const name of ['apiVersion', 'kind']) {
    const text = value[name];
    if (text === undefined) errors.push(required(at(name), 'must not be empty'));
    else if (typeof text !== 'string') errors.push(invalid(at(name), text, 'must be a string'));
    else if (text === '') errors.push(invalid(at(name), text, 'must not be empty'));
    else if (name === 'apiVersion' && text.split('/').length > 2) errors.push(invalid(at(name), text, `unexpected GroupVersion string: ${text}`));
    else if (name === 'kind' && isDNS1035Label(text.toLowerCase()).length > 0) errors.push(invalid(at(name), text, `may have mixed case, but should otherwise match: ${isDNS1035Label(text.toLowerCase()).join(',')}`));
  }
  const { metadata } = value;
  if (isObject(metadata)) errors.push(...validateObjectMeta({ name: 'fakename', ...metadata }, { namespaced: Boolean(metadata.namespace), validateName: isPathSegment, path: at('metadata') }));
  return errors;
}
