// The fields of a custom kind, as its definition's schema has them.
import type { CustomResource, SchemaProps } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import type { Call } from '../session.ts';

function typeName(schema: SchemaProps): string {
  if (schema['x-kubernetes-int-or-string']) return 'IntOrString';
  if (schema.type === 'array') return `[]${Array.isArray(schema.items) || !schema.items ? 'Object' : typeName(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return `map[string]${typeName(schema.additionalProperties)}`;
  return schema.type === 'object' || !schema.type ? 'Object' : schema.type;
}

/** What lies below a field: through lists and maps. */
function inside(schema: SchemaProps | undefined): SchemaProps | undefined {
  if (!schema) return undefined;
  if (schema.items && !Array.isArray(schema.items)) return inside(schema.items);
  return typeof schema.additionalProperties === 'object' ? inside(schema.additionalProperties) : schema;
}

const own: Record<string, SchemaProps> = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } };

export function explainCustom(call: Call, row: CustomResource, { apiVersion, path }: { apiVersion: string; path: readonly string[] }): void {
  const root: SchemaProps = { ...row.schemaOf(apiVersion) };
  let schema: SchemaProps | undefined = { ...root, properties: { ...root.properties, ...own } };
  for (const name of path) {
    schema = inside(schema)?.properties?.[name];
    if (!schema) throw new CommandError(`field ${JSON.stringify(name)} does not exist`);
  }
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  call.out.write(`GROUP:      ${row.group}\nKIND:       ${row.kind}\nVERSION:    ${version}\n\n`);
  if (path.length > 0) call.out.write(`FIELD: ${path.at(-1)} <${typeName(schema!)}>\n\n`);
  if (schema?.description) call.out.write(`DESCRIPTION:\n    ${schema.description}\n\n`);
  const fields = Object.entries(inside(schema)?.properties ?? {});
  if (fields.length === 0) return;
  call.out.line('FIELDS:');
  write(call, inside(schema)!, '  ');
  call.out.line('');
}

function write(call: Call, schema: SchemaProps, indent: string): void {
  for (const [name, field] of Object.entries(schema.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    call.out.line(`${indent}${name}\t<${typeName(field)}>${schema.required?.includes(name) ? ' -required-' : ''}`);
    const below = inside(field);
    if (call.flags.bool('recursive') && below?.properties) write(call, below, `${indent}  `);
  }
}
