// What authorization looks at: a verb on a resource, or on a path that is none (apiserver/pkg/endpoints/request).
import type { ApiRequest } from '../request.ts';

export interface ResourceAttributes {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  fieldSelector?: string;
}

export interface NonResourceAttributes {
  verb: string;
  path: string;
}

export type Attributes = ResourceAttributes | NonResourceAttributes;

export const isResource = (attributes: Attributes): attributes is ResourceAttributes => 'resource' in attributes;

/** Of a request that is routed already. */
export function attributesOf({ verb, resource, namespace, name, subresource, options }: Pick<ApiRequest, 'verb' | 'resource' | 'namespace' | 'name' | 'subresource' | 'options'>): ResourceAttributes {
  // A namespace lies in itself: who may do something there may be allowed to read it.
  const scope = resource.namespaced ? namespace : resource.kind === 'Namespace' ? name : undefined;
  return { verb, group: resource.group, resource: resource.plural, subresource, namespace: scope, name: name ?? namedBy(options?.fieldSelector), fieldSelector: options?.fieldSelector };
}

/** A list or watch of the one object `metadata.name=web` counts as a request for it. */
function namedBy(fieldSelector: string | null | undefined): string | undefined {
  return /(?:^|,)metadata\.name==?([^,=]+)(?:,|$)/.exec(fieldSelector ?? '')?.[1];
}

const verbs: Record<string, string> = { POST: 'create', GET: 'get', HEAD: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
const namespaceSubresources = ['status', 'finalize'];

/** What cannot be decoded is refused later, as a bad request; until then it stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Of an HTTP request, before anything is looked up: `/api/v1/namespaces/default/pods/web/log`, `/healthz`. */
export function attributesOfPath(method: string, pathAndQuery: string): Attributes {
  const { pathname, searchParams } = new URL(pathAndQuery, 'http://server');
  const parts = pathname.split('/').filter(Boolean).map(decoded);
  const prefix = parts[0] === 'api' ? 2 : parts[0] === 'apis' ? 3 : 0;
  if (prefix === 0 || parts.length <= prefix) return { verb: method.toLowerCase(), path: pathname };
  const group = parts[0] === 'apis' ? parts[1]! : '';
  let rest = parts.slice(prefix);
  let verb = verbs[method] ?? '';
  if ((rest[0] === 'watch' || rest[0] === 'proxy') && rest.length > 1) {
    verb = rest[0];
    rest = rest.slice(1);
  }
  let namespace: string | undefined;
  if (rest[0] === 'namespaces') {
    namespace = rest[1];
    if (rest.length > 2 && !namespaceSubresources.includes(rest[2]!)) rest = rest.slice(2);
  }
  const [resource, name, subresource] = rest as [string, string | undefined, string | undefined];
  const fieldSelector = searchParams.get('fieldSelector') ?? undefined;
  const common = { group, resource, subresource, namespace, fieldSelector };
  if (name !== undefined) return { ...common, verb, name };
  if (verb === 'get') verb = ['true', '1'].includes(searchParams.get('watch') ?? '') ? 'watch' : 'list';
  if (verb === 'delete') verb = 'deletecollection';
  return { ...common, verb, name: ['list', 'watch', 'deletecollection'].includes(verb) ? namedBy(fieldSelector) : undefined };
}
