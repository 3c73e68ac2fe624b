// What explain says of the Swagger document, in its older form (kubectl pkg/explain).
import { CommandError } from '../../errors.ts';
import { paragraphs } from './paragraphs.ts';
import { byName, type Document, type Gvk, resolved, type Schema } from './schema.ts';

type Shape = 'reference' | 'struct' | 'map' | 'list' | 'scalar' | 'anything';

function shapeOf({ $ref, type, properties }: Schema): Shape {
  if ($ref) return 'reference';
  if (properties) return 'struct';
  if (!type) return 'anything';
  return type === 'object' ? 'map' : type === 'array' ? 'list' : 'scalar';
}

/** What a list, a map or a reference holds. A map of which nothing is said may hold anything. */
function inside(schema: Schema, document: Document): Schema {
  const { $ref, items, additionalProperties } = schema;
  if ($ref) return resolved(document, $ref) ?? {};
  return items ?? (typeof additionalProperties === 'object' ? additionalProperties : { ...(schema.description && { description: schema.description }) });
}

const passed = (shape: Shape) => shape === 'reference' || shape === 'map' || shape === 'list';

export interface ExplainedV2 {
  document: Document;
  gvk: Gvk;
  path: readonly string[];
  recursive: boolean;
}

export function explanationV2(schema: Schema, { document, gvk: { group, version, kind }, path, recursive }: ExplainedV2): string {
  const found = lookUp(schema, path, document);
  const descriptions: (string | undefined)[] = [];
  let at = found;
  for (; passed(shapeOf(at)); at = inside(at, document)) descriptions.push(at.description);
  descriptions.push(at.description);
  const shape = shapeOf(at);
  const type = typeName(found, document);
  const title = shape === 'scalar' ? `FIELD:    ${path.at(-1) ?? ''} <${type}>\n\n` : shape === 'struct' && path.length > 0 ? `RESOURCE: ${path.at(-1)} <${type}>\n\n` : '';
  const head = `KIND:     ${kind}\nVERSION:  ${group ? `${group}/` : ''}${version}\n\n${title}${described(descriptions)}`;
  if (shape !== 'struct') return head;
  return `${head}\nFIELDS:\n${recursive ? allFields(at, { document, indent: 3, seen: new Set() }) : fields(at, document)}`;
}

/** What is not a struct ends the way, however long the rest of the path. */
function lookUp(schema: Schema, path: readonly string[], document: Document): Schema {
  const [first, ...rest] = path;
  if (first === undefined) return schema;
  const shape = shapeOf(schema);
  if (shape === 'scalar' || shape === 'anything') return schema;
  if (shape !== 'struct') return lookUp(inside(schema, document), path, document);
  if (!Object.hasOwn(schema.properties!, first)) throw new CommandError(`field ${JSON.stringify(first)} does not exist`);
  return lookUp(schema.properties![first]!, rest, document);
}

const wrapped = (text: string, indent: number) => paragraphs(text, 80 - indent).map((line) => `${line && ' '.repeat(indent) + line}\n`).join('');

function described(descriptions: readonly (string | undefined)[]): string {
  const texts = descriptions.flatMap((text, i) => (text ? [`${i > 0 ? '\n' : ''}${wrapped(text, 5)}`] : []));
  return `DESCRIPTION:\n${texts.length > 0 ? texts.join('') : wrapped('<empty>', 5)}`;
}

function typeName(schema: Schema, document: Document): string {
  const shape = shapeOf(schema);
  if (shape === 'scalar') return schema.type!;
  if (shape === 'struct') return 'Object';
  if (shape === 'anything') return '';
  const inner = typeName(inside(schema, document), document);
  return shape === 'list' ? `[]${inner}` : shape === 'map' ? `map[string]${inner}` : inner;
}

const fields = ({ properties, required }: Schema, document: Document) =>
  byName(properties)
    .map(([name, field]) => `   ${name}\t<${typeName(field, document)}>${required?.includes(name) ? ' -required-' : ''}\n${wrapped(field.description ?? '', 5)}\n`)
    .join('');

interface Listing {
  document: Document;
  indent: number;
  /** References that are being followed. */
  seen: ReadonlySet<string>;
}

function allFields(schema: Schema, listing: Listing): string {
  const { document, indent, seen } = listing;
  const { $ref, properties } = schema;
  if ($ref && seen.has($ref)) return '';
  if (passed(shapeOf(schema))) return allFields(inside(schema, document), { ...listing, seen: $ref ? new Set([...seen, $ref]) : seen });
  return byName(properties).map(([name, field]) => `${' '.repeat(indent)}${name}\t<${typeName(field, document)}>\n${allFields(field, { ...listing, indent: indent + 3 })}`).join('');
}
