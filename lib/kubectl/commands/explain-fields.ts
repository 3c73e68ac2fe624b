// The fields of a kind. Differs from Kubernetes: names and types only, the descriptions are in the official reference.
import { type CustomResource, type Resource, schemaType, schemaTypeOfKind } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { apiVersionOf, splitApiVersion } from '../names.ts';
import type { Call } from '../session.ts';
import { explainCustom } from './explain-custom.ts';

type Type = NonNullable<ReturnType<typeof schemaType>>;
type Shape = Type['fields'] extends Map<string, { shape: infer S }> ? S : never;

const scalars: Record<string, string> = { s: 'string', i: 'integer', l: 'integer', n: 'number', b: 'boolean', y: 'string', q: 'Quantity', o: 'IntOrString', t: 'Time', u: 'MicroTime', a: 'Object' };

function typeName(shape: Shape): string {
  if (shape.kind === 'scalar') return scalars[shape.scalar] ?? 'Object';
  if (shape.kind === 'struct') return shape.type.slice(shape.type.lastIndexOf('.') + 1);
  return shape.kind === 'list' ? `[]${typeName(shape.of)}` : `map[string]${typeName(shape.of)}`;
}

function inner(shape: Shape): Type | undefined {
  if (shape.kind === 'struct') return schemaType(shape.type);
  return shape.kind === 'scalar' ? undefined : inner(shape.of);
}

export function explainFields(call: Call, resource: Resource, path: readonly string[]): void {
  const apiVersion = call.flags.string('api-version') || apiVersionOf(resource, call.version);
  if ('schemaOf' in resource) return explainCustom(call, resource as CustomResource, { apiVersion, path });
  const { group, version } = splitApiVersion(apiVersion);
  let type = schemaTypeOfKind(apiVersion, resource.kind);
  if (!type) throw new CommandError(`couldn't find resource for "${group ? `${group}/` : ''}${version}, Resource=${resource.plural}"`);
  let shape: Shape | undefined;
  for (const name of path) {
    shape = type?.fields.get(name)?.shape;
    if (!shape) throw new CommandError(`field ${JSON.stringify(name)} does not exist`);
    type = inner(shape);
  }
  call.out.write(`${group ? `GROUP:      ${group}\n` : ''}KIND:       ${resource.kind}\nVERSION:    ${version}\n\n`);
  if (shape) call.out.write(`FIELD: ${path.at(-1)} <${typeName(shape)}>\n\n`);
  if (!type) return;
  call.out.line('FIELDS:');
  writeFields(call, type, { indent: '  ', seen: [] });
  call.out.line('');
  call.out.error('# 도움말: 여기서는 이름과 형식만 보여 준다. 진짜 kubectl은 필드마다 설명을 덧붙인다.');
}

function writeFields(call: Call, type: Type, { indent, seen }: { indent: string; seen: Type[] }): void {
  for (const [name, { shape }] of [...type.fields].sort(([a], [b]) => (a < b ? -1 : 1))) {
    call.out.line(`${indent}${name}\t<${typeName(shape)}>`);
    const below = inner(shape);
    if (call.flags.bool('recursive') && below && !seen.includes(below)) writeFields(call, below, { indent: `${indent}  `, seen: [...seen, type] });
  }
}
