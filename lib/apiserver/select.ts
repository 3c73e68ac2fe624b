// Label and field selectors of list, watch and deletecollection.
import { badRequest, type KubeObject, parseFieldSelector, parseSelector, type Resource, type Version } from '../api/index.ts';
import type { RequestOptions } from './request.ts';

/** What the selectors of a request say, whatever it is asked of. */
export function selectorsOf({ labelSelector, fieldSelector }: RequestOptions, version: Version) {
  return { labels: labelSelector ? parseSelector(labelSelector, version) : undefined, fields: fieldSelector ? parseFieldSelector(fieldSelector) : undefined };
}

/** A test for objects, or undefined when everything is meant. */
export function matcherOf(resource: Resource, { labels, fields }: ReturnType<typeof selectorsOf>, version: Version): ((object: KubeObject) => boolean) | undefined {
  for (const { field } of fields?.requirements ?? []) checkField(resource, field, version);
  if (!labels && !fields) return undefined;
  return (object) => (!labels || labels.matches(object.metadata.labels)) && (!fields || fields.matches(fieldsOf(resource, object)));
}

/** The node that a watch is about, when its field selector is just `spec.nodeName=…`. */
export function nodeOf({ labelSelector, fieldSelector }: RequestOptions): string | undefined {
  return labelSelector ? undefined : /^spec\.nodeName=([^,=!]+)$/.exec(fieldSelector ?? '')?.[1];
}

/** A list of one object by its name is read as that object. */
export const namesOne = ({ fieldSelector }: RequestOptions) => /(^|,)metadata\.name==?[^,=!]+/.test(fieldSelector ?? '');

function fieldsOf(resource: Resource, object: KubeObject): Record<string, string> {
  const { name, namespace } = object.metadata;
  const own = resource.strategy?.fields?.(object);
  return { 'metadata.name': name, ...(resource.namespaced && { 'metadata.namespace': namespace ?? '' }), ...own };
}

function checkField(resource: Resource, field: string, version: Version): void {
  const own = resource.strategy?.fields;
  // Kinds with selectable fields of their own list them all; a node has no namespace to select by.
  if (field === 'metadata.name' || (field === 'metadata.namespace' && (resource.namespaced || !own))) return;
  if (own && field in own({ metadata: {}, spec: {}, status: {} } as KubeObject)) return;
  const hint = resource.strategy?.fieldRefusal?.(field, version);
  if (hint) throw badRequest(hint);
  throw badRequest(own || 'schemaOf' in resource ? `field label not supported: ${field}` : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`);
}
