// A schema as the v2 document shows it: what Swagger 2 cannot say is left out, and where anything may stand nothing is
// told, so that clients that validate let it pass (apiextensions/controller/openapi/v2).
import type { SchemaProps } from '../../api/index.ts';

const logic = ['allOf', 'anyOf', 'oneOf', 'not', 'nullable', 'default'];

export function publishedSchema(schema: SchemaProps): SchemaProps {
  const out: SchemaProps = { ...schema };
  for (const key of logic) delete out[key];
  const open = schema['x-kubernetes-preserve-unknown-fields'];
  if (schema.nullable || open) for (const key of ['items', 'properties'] as const) delete out[key];
  if (schema.nullable || schema['x-kubernetes-int-or-string'] || (open && out.type === 'object') || (out.type === 'array' && !out.items)) delete out.type;
  const nullable = (name: string) => (out.properties as Record<string, SchemaProps> | undefined)?.[name]?.nullable;
  if (out.required) out.required = out.required.filter((name) => !nullable(name));
  if (out.required?.length === 0) delete out.required;
  if (out.items && !Array.isArray(out.items)) out.items = publishedSchema(out.items);
  if (typeof out.additionalProperties === 'object') out.additionalProperties = publishedSchema(out.additionalProperties);
  if (out.properties) out.properties = Object.fromEntries(Object.entries(out.properties).map(([key, inner]) => [key, publishedSchema(inner)]));
  return out;
}
