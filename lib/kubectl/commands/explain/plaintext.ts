// What explain says of a document of OpenAPI v3 (kubectl pkg/explain/v2/templates/plaintext.tmpl).
import { byName, type Document, type Gvk, isGvk, itemsOf, propertyOf, resolved, type Schema, valuesOf } from './schema.ts';
import { wordWrap } from './word-wrap.ts';

export interface Explained {
  document: Document;
  path: readonly string[];
  recursive: boolean;
}

const indent = (text: string, by: number) => ' '.repeat(by) + text.replaceAll('\n', `\n${' '.repeat(by)}`);

/** The kind of which a path of the API tells. */
export function kindOfPath({ paths }: Document, { group, version, resource }: { group: string; version: string; resource: string }): Gvk | undefined {
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const found = [`${root}/${resource}`, `${root}/${resource}/{name}`, `${root}/namespaces/{namespace}/${resource}`, `${root}/namespaces/{namespace}/${resource}/{name}`].flatMap((path) =>
    ['get', 'post', 'put', 'patch', 'delete'].flatMap((method) => paths?.[path]?.[method]?.['x-kubernetes-group-version-kind'] ?? []).slice(0, 1),
  );
  return found.at(-1);
}

export const heading = ({ group, kind, version }: Gvk): string => `${group ? `GROUP:      ${group}\n` : ''}KIND:       ${kind}\nVERSION:    ${version}\n\n`;

/** Undefined when the kind is not there; empty when the path leads nowhere. */
export function explanation(gvk: Gvk, explained: Explained): string | undefined {
  const found = byName(explained.document.components?.schemas).find(([, schema]) => schema['x-kubernetes-group-version-kind']?.some((one) => isGvk(one, gvk)));
  return found && follow(found[1], explained.path, explained, new Set());
}

/** Goes down the path, through lists and maps, and tells of what lies at its end. */
function follow(schema: Schema, path: readonly string[], explained: Explained, seen: ReadonlySet<string>): string {
  const { document, recursive } = explained;
  const { $ref = '' } = schema;
  const at = resolved(document, $ref) ?? schema;
  const [first, ...rest] = path;
  if (first === undefined) {
    const fields = fieldList(at, { document, recursive, level: 1, seen: new Set() });
    return `DESCRIPTION:\n${indent(wordWrap(description(at, document) || '<empty>', 76), 4)}\n${fields && `FIELDS:\n${fields}`}`;
  }
  if ($ref && seen.has($ref)) return '';
  const property = propertyOf(at, first);
  if (property) {
    const title = rest.length === 0 ? `FIELD: ${first} <${typeGuess(property, document)}>\n${longEnum(property)}\n\n` : '';
    return title + follow(property, rest, explained, new Set());
  }
  const now = new Set([...seen, $ref]);
  const inner = itemsOf(at) ?? valuesOf(at);
  if (inner) return follow(inner, path, explained, now);
  for (const part of at.allOf ?? []) {
    const text = follow(part, path, explained, now);
    if (text) return text;
  }
  return '';
}

/** Descriptions of a schema and of all that it is made of. */
function description(schema: Schema, document: Document): string {
  const at = resolved(document, schema.$ref) ?? schema;
  const parts = [...(at.allOf ?? []), itemsOf(at), valuesOf(at)].map((part) => (part ? description(part, document) : ''));
  return (at.description ? `${at.description}\n` : '') + parts.join('');
}

interface Listing {
  document: Document;
  recursive: boolean;
  level: number;
  seen: ReadonlySet<string>;
}

function fieldList(schema: Schema, listing: Listing): string {
  const { document, recursive, level, seen } = listing;
  const { $ref = '' } = schema;
  if ($ref && seen.has($ref)) return '';
  const at = resolved(document, $ref) ?? schema;
  const next = { ...listing, seen: new Set([...seen, $ref]) };
  const own = byName(at.properties).map(([name, field]) => fieldDetail(name, field, { required: at.required?.includes(name) ?? false, listing }) + (recursive ? fieldList(field, { ...next, level: level + 1 }) : ''));
  const parts = [...(at.allOf ?? []), itemsOf(at), valuesOf(at)].map((part) => (part ? fieldList(part, next) : ''));
  return [...own, ...parts].join('');
}

function fieldDetail(name: string, field: Schema, { required, listing: { document, recursive, level } }: { required: boolean; listing: Listing }): string {
  const by = level * 2;
  const line = `${indent(name, by)}\t<${typeGuess(field, document)}>${required ? ' -required-' : ''}${shortEnum(field, by)}\n`;
  return recursive ? line : `${line}${indent(wordWrap(field.description || '<no description>', 78 - by), by + 2)}\n\n`;
}

function typeGuess(schema: Schema, document: Document): string {
  const [items, values, { allOf, properties, $ref, type }] = [itemsOf(schema), valuesOf(schema), schema];
  if (items) return `[]${typeGuess(items, document)}`;
  if (values) return `map[string]${typeGuess(values, document)}`;
  if (allOf?.length === 1 && !properties) return typeGuess(allOf[0]!, document);
  if (!$ref) return type === 'object' || !type ? 'Object' : type;
  const target = resolved(document, $ref);
  return target?.type && target.type !== 'object' ? target.type : $ref.slice($ref.lastIndexOf('/') + 1).split('.').at(-1) || 'Object';
}

const word = (value: unknown) => (value === '' ? '""' : String(value));
const longEnum = ({ enum: values = [] }: Schema) => (values.length > 0 ? `ENUM:${values.map((value) => `\n    ${word(value)}`).join('')}` : '');

function shortEnum({ enum: values = [] }: Schema, by: number): string {
  if (values.length === 0) return '';
  return `\n${' '.repeat(by)}enum: ${values.slice(0, 4).map(word).join(', ')}${values.length > 4 ? ', ....' : ''}`;
}
