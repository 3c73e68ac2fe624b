// The API server's other door: a request as it comes over HTTP, and the answer it would get. Still values, no sockets.
import { parse } from 'yaml';
import { badRequest, discovery, type KubeObject, type Manifest, type Resource, resourceFor, StatusError, subresourcesOf, verbsOf } from '../api/index.ts';
import { inWantedForm } from './accept.ts';
import { decodeBody, decodeOptions } from './decode.ts';
import type { ApiRequest, ObjectList, PatchType, RequestOptions, Verb } from './request.ts';
import { allPaths, rootPaths } from './root-paths.ts';
import { type Route, routeOf } from './route.ts';
import type { ApiServer } from './server.ts';
import type { Watch } from './watch.ts';
import { checkNumbers, checkWriteOptions } from './write-options.ts';

export interface HttpRequest {
  method: string;
  /** Path with the query: `/api/v1/pods?limit=5`. */
  path: string;
  contentType?: string;
  accept?: string;
  /** Text, or data that is already decoded. */
  body?: unknown;
  userAgent?: string;
  user?: string;
  groups?: readonly string[];
}

export interface HttpResponse {
  code: number;
  /** An object for JSON, a string for plain text. */
  body: unknown;
  /** Texts of `Warning` headers. */
  warnings?: string[];
  /** An open watch instead of a body. */
  watch?: Watch;
}

const patchTypes: Record<string, PatchType> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** Answers one HTTP request; a refusal is an answer too. */
export function serveHttp(server: ApiServer, request: HttpRequest): HttpResponse {
  try {
    return answer(server, request);
  } catch (error) {
    if (error instanceof StatusError) return { code: error.code, body: error.toStatus() };
    throw error;
  }
}

function answer(server: ApiServer, request: HttpRequest): HttpResponse {
  const url = new URL(request.path, 'http://server');
  const fixed = request.method === 'GET' ? informational(server, url.pathname) : undefined;
  if (fixed) return fixed;
  const route = routeOf(url.pathname);
  if (!route) return { code: 404, body: { paths: rootPaths(server.version) } };
  const resource = resourceFor(route.group, route.version, route.plural, server.version);
  if (!resource || resource.discoveryOnly || !fitsScope(route, resource) || (route.subresource && !subresourcesOf(resource, route.version, server.version).some((s) => s.name === route.subresource))) throw unknownPath();
  return handle(server, request, url.searchParams, route, resource);
}

/** A namespaced object has a namespace in its path, another has not. */
function fitsScope({ namespace, name }: Route, { namespaced }: Resource): boolean {
  return namespaced ? namespace !== undefined || name === undefined : namespace === undefined;
}

function informational(server: ApiServer, path: string): HttpResponse | undefined {
  if (path === '/healthz' || path === '/livez' || path === '/readyz') return { code: 200, body: 'ok' };
  const { version, apiVersions, apiGroupList, apiGroup, apiResourceList } = discovery(server.version);
  const trimmed = path.replace(/\/$/, '');
  if (trimmed === '') return { code: 200, body: { paths: allPaths(server.version) } };
  if (trimmed === '/version') return { code: 200, body: version() };
  if (trimmed === '/api') return { code: 200, body: apiVersions() };
  if (trimmed === '/apis') return { code: 200, body: apiGroupList() };
  const [, , first, second, ...rest] = trimmed.split('/');
  if (rest.length > 0) return undefined;
  if (/^\/api\/[^/]+$/.test(trimmed)) {
    if (!apiResourceList('', first!)) throw unknownPath();
    return found(apiResourceList('', first!));
  }
  if (/^\/apis\/[^/]+$/.test(trimmed)) return found(apiGroup(first!));
  if (/^\/apis\/[^/]+\/[^/]+$/.test(trimmed)) {
    // A group that is served answers for its unknown versions itself.
    if (apiGroup(first!) && !apiResourceList(first!, second!)) throw unknownPath();
    return found(apiResourceList(first!, second!));
  }
  return undefined;
}

function found(body: unknown): HttpResponse {
  if (body === undefined) return { code: 404, body: '404 page not found\n' };
  return { code: 200, body };
}

function handle(server: ApiServer, http: HttpRequest, query: URLSearchParams, route: Route, resource: Resource): HttpResponse {
  const verb = verbOf(http.method, route, query);
  if (!verb) throw methodNotAllowed();
  if (resource.namespaced && !route.namespace && verb !== 'list' && verb !== 'watch') throw methodNotAllowed();
  if ((route.subresource ? (resource.subresources?.find((s) => s.name === route.subresource)?.verbs ?? []) : verbsOf(resource, server.version)).includes(verb) === false) throw methodNotAllowed();
  checkNumbers(query);
  checkWriteOptions(verb, query, { version: server.version, applies: http.contentType === 'application/apply-patch+yaml' });
  const options = optionsOf(query);
  const base = { verb, resource, version: route.version, namespace: route.namespace, name: route.name, subresource: route.subresource, user: http.user ?? 'kubernetes-admin', ...(http.groups && { groups: http.groups }), userAgent: http.userAgent ?? 'kubectl' };
  if (verb === 'watch') return { code: 200, body: '', watch: server.watch(resource, route.namespace, { ...options, ...(route.name && { fieldSelector: `metadata.name=${route.name}` }) }) };
  const { request, warnings } = withBody(server, base as ApiRequest, http, options);
  const body = inVersion(server, server.handle(request), resource, route.version);
  const code = codeOf(verb, request, body);
  return { code, body: inWantedForm(server, resource, body, { accept: http.accept || undefined, includeObject: query.get('includeObject') ?? undefined }), ...(warnings.length > 0 && { warnings }) };
}

/** POST answers 201, also where a PUT or an apply has created the object. */
function codeOf(verb: Verb, request: ApiRequest, body: unknown): number {
  if (verb === 'create') return 201;
  const { metadata } = body as KubeObject;
  return verb === 'update' && request.created && metadata ? 201 : 200;
}

function withBody(server: ApiServer, base: ApiRequest, http: HttpRequest, options: RequestOptions): { request: ApiRequest; warnings: string[] } {
  const { verb } = base;
  if (verb === 'patch') {
    const type = patchTypes[(http.contentType ?? '').split(';')[0]!.trim()];
    if (!type) throw unsupportedMediaType(Object.keys(patchTypes));
    return { request: { ...base, patch: { type, body: http.body }, options }, warnings: [] };
  }
  if (verb === 'delete' || verb === 'deletecollection') return { request: { ...base, options: { ...options, ...decodeOptions(http.body) } }, warnings: [] };
  if (verb !== 'create' && verb !== 'update') return { request: { ...base, options }, warnings: [] };
  const contentType = (http.contentType ?? 'application/json').split(';')[0]!.trim();
  if (!['application/json', 'application/yaml'].includes(contentType)) {
    throw unsupportedMediaType(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
  }
  const body = contentType === 'application/yaml' && typeof http.body === 'string' ? parseYAML(http.body) : http.body;
  const { object, warnings } = decodeBody(server, base, body, options);
  checkNames(base, object);
  return { request: { ...base, object, owned: true, options }, warnings };
}

function parseYAML(text: string): unknown {
  try {
    return parse(text, { version: '1.1', merge: true });
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: yaml: ${(error as Error).message.split('\n')[0]}`);
  }
}

function checkNames({ verb, name, namespace, resource }: ApiRequest, { metadata = {} }: Manifest): void {
  if (verb === 'update' && metadata.name !== name) {
    if (!metadata.name) throw badRequest('name must be provided');
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  if (verb === 'update' && resource.namespaced && metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest(`the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${namespace})`);
  }
}

function verbOf(method: string, { name, subresource, watch }: Route, query: URLSearchParams): Verb | undefined {
  const watching = watch || ['1', 'true'].includes(query.get('watch') ?? '');
  switch (method) {
    case 'GET':
      return watching && !subresource ? 'watch' : name ? 'get' : 'list';
    case 'POST':
      return name && !subresource ? undefined : 'create';
    case 'PUT':
      return name ? 'update' : undefined;
    case 'PATCH':
      return name ? 'patch' : undefined;
    case 'DELETE':
      return name ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}

function optionsOf(query: URLSearchParams): RequestOptions {
  const text = (name: string) => query.get(name) ?? undefined;
  const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
  const options: RequestOptions = {
    labelSelector: text('labelSelector'),
    fieldSelector: text('fieldSelector'),
    limit: number('limit'),
    continue: text('continue'),
    resourceVersion: text('resourceVersion'),
    resourceVersionMatch: text('resourceVersionMatch'),
    fieldManager: text('fieldManager'),
    fieldValidation: text('fieldValidation') as RequestOptions['fieldValidation'],
    gracePeriodSeconds: number('gracePeriodSeconds'),
    propagationPolicy: text('propagationPolicy'),
    orphanDependents: query.has('orphanDependents') ? query.get('orphanDependents') === 'true' : undefined,
    container: text('container'),
    previous: query.get('previous') === 'true',
    tailLines: number('tailLines'),
    sinceSeconds: number('sinceSeconds'),
    timestamps: query.get('timestamps') === 'true',
    dryRun: query.get('dryRun') === 'All',
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== false && value !== ''));
}

/** Objects are answered in the API version that was asked for. */
function inVersion(server: ApiServer, body: unknown, resource: Resource, version: string): unknown {
  const wanted = resource.group ? `${resource.group}/${version}` : version;
  if (wanted === server.storedVersion(resource)) return body;
  const convert = (o: KubeObject) => (o.kind === resource.kind ? { ...o, apiVersion: wanted } : o);
  const { items } = body as ObjectList;
  return items ? { ...(body as ObjectList), apiVersion: wanted, items: items.map(convert) } : convert(body as KubeObject);
}

const unknownPath = () => new StatusError('NotFound', 404, 'the server could not find the requested resource', {});
const methodNotAllowed = () => new StatusError('MethodNotAllowed', 405, 'the server does not allow this method on the requested resource', {});
const unsupportedMediaType = (accepted: string[]) =>
  new StatusError('UnsupportedMediaType', 415, `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`);
