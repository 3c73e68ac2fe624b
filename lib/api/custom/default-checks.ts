// A default must itself be a value of its schema (apiserver/schema/defaulting/validation.go).
import { type FieldError, invalid } from '../field-error.ts';
import { equal } from '../object.ts';
import type { Version } from '../version.ts';
import { embeddedErrors } from './embedded.ts';
import { itemsOf, type SchemaProps } from './schema-props.ts';
import { pruned } from './shape-value.ts';
import { schemaErrors } from './validate-value.ts';

/** Differs from Kubernetes: defaults inside the metadata of an embedded object are checked as any other. */
export function defaultErrors(path: string, schema: SchemaProps, version: Version): FieldError[] {
  const errors: FieldError[] = [];
  const { default: value } = schema;
  const at = `${path}.default`;
  if (value !== undefined && value !== null) {
    if (!equal(pruned(value, schema), value)) errors.push(invalid(at, value, 'must not have unknown fields'));
    const embedded = embeddedErrors(schema, value, at);
    errors.push(...(embedded.length > 0 ? embedded : schemaErrors(schema, value, { field: at, version })));
  }
  const items = itemsOf(schema);
  if (items) errors.push(...defaultErrors(`${path}.items`, items, version));
  for (const [key, property] of Object.entries(schema.properties ?? {})) errors.push(...defaultErrors(`${path}.properties[${key}]`, property, version));
  return errors;
}
