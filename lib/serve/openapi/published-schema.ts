// A schema as the v2 document shows it: what Swagger 2 cannot say is left out, and where anything may stand nothing is
// told, so that clients that validate let it pass (apiextensions/controller/openapi/v2).
import type { SchemaProps } from '../../api/index.ts';

const logic = ['allOf', 'anyOf', 'oneOf', 'not', 'nullable', 'default'];
const shape = ['items', 'properties', 'additionalProperties', 'required'];

export function publishedSchema(schema: SchemaProps): SchemaProps {
  const out: SchemaProps = { ...schema };
  for (const key of logic) delete out[key];
  if (schema.nullable) for (const key of ['type', ...shape]) delete out[key];
  if (schema['x-kubernetes-preserve-unknown-fields']) for (const key of shape) delete out[key];
  if (schema['x-kubernetes-int-or-string']) delete out.type;
  if (out.items && !Array.isArray(out.items)) out.items = publishedSchema(out.items);
  if (typeof out.additionalProperties === 'object') out.additionalProperties = publishedSchema(out.additionalProperties);
  if (out.properties) out.properties = Object.fromEntries(Object.entries(out.properties).map(([key, inner]) => [key, publishedSchema(inner)]));
  return out;
}
