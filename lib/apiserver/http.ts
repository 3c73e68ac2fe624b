// The API server's other door: a request as it comes over HTTP, and the answer it would get. Still values, no sockets.
import { parse } from 'yaml';
import { aggregatedDiscovery, aggregatedType, aggregatedVersion, badRequest, decodeProtobuf, discovery, type KubeObject, type Manifest, type Resource, resourceFor, StatusError, subresourcesOf, verbsOf } from '../api/index.ts';
import { inWantedForm } from './accept.ts';
import { attributesOf, authorize } from './authorization.ts';
import { decodeBody, decodeOptions } from './decode.ts';
import type { ApiRequest, ObjectList, PatchType, RequestOptions, Verb } from './request.ts';
import { allPaths, rootPaths } from './root-paths.ts';
import { type Route, routeOf } from './route.ts';
import { openWatch } from './open-watch.ts';
import { selfReview } from './self-review.ts';
import type { ApiServer } from './server.ts';
import type { Watch } from './watch.ts';
import type { WatchFrames } from './watch-frames.ts';
import { checkNumbers, checkWriteOptions } from './write-options.ts';

export interface HttpRequest {
  method: string;
  /** Path with the query: `/api/v1/pods?limit=5`. */
  path: string;
  contentType?: string;
  accept?: string;
  /** Text, bytes of protobuf, or data that is already decoded. */
  body?: unknown;
  userAgent?: string;
  user?: string;
  /** The user's groups. Missing: the request comes from inside and is not authorized again. */
  groups?: readonly string[];
}

export interface HttpResponse {
  code: number;
  /** An object for JSON, a string for plain text. */
  body: unknown;
  /** Media type, where it is not the usual one of the body. */
  type?: string;
  /** Texts of `Warning` headers. */
  warnings?: string[];
  /** An open watch instead of a body. */
  watch?: Watch;
  /** The same watch as its client sees it. */
  frames?: WatchFrames;
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
  const url = urlOf(request.path);
  if (request.groups) authorize(attributesOf({ name: request.user ?? '', groups: request.groups }, request.method, url), server.authorizers);
  const fixed = request.method === 'GET' ? informational(server, url.pathname, request.accept) : undefined;
  if (fixed) return fixed;
  const route = routeOf(url.pathname);
  if (!route) return { code: 404, body: { paths: rootPaths(server.version) } };
  const resource = resourceFor(route.group, route.version, route.plural, server.version);
  const review = resource?.discoveryOnly ? selfReview(request, route) : undefined;
  if (review) return review;
  if (resource?.discoveryOnly && route.name === undefined && !route.watch && request.method === 'GET') return noneOf(server, request, resource, route);
  if (!resource || resource.discoveryOnly || !fitsScope(route, resource) || (route.subresource && !subresourcesOf(resource, route.version, server.version).some((s) => s.name === route.subresource))) throw unknownPath();
  return handle(server, withoutProtobuf(request), url.searchParams, route, resource);
}

function urlOf(path: string): URL {
  try {
    const url = new URL(path.replace(/^\/+/, '/'), 'http://server');
    decodeURIComponent(url.pathname);
    return url;
  } catch {
    throw badRequest(`invalid URL ${JSON.stringify(path)}`);
  }
}

const mediaType = ({ contentType }: HttpRequest) => (contentType || 'application/json').split(';')[0]!.trim();
const protobuf = 'application/vnd.kubernetes.protobuf';

/** Bytes become the object that they stand for, so that nobody below need know of them. */
function withoutProtobuf(request: HttpRequest): HttpRequest {
  if (!(request.body instanceof Uint8Array) || mediaType(request) !== protobuf) return request;
  return { ...request, contentType: 'application/json', body: request.body.length > 0 ? decodeProtobuf(request.body) : undefined };
}

/** A namespaced object has a namespace in its path, another has not. */
function fitsScope({ namespace, name }: Route, { namespaced }: Resource): boolean {
  return namespaced ? namespace !== undefined || name === undefined : namespace === undefined;
}

function informational(server: ApiServer, path: string, accept = ''): HttpResponse | undefined {
  if (path === '/healthz' || path === '/livez' || path === '/readyz') return { code: 200, body: 'ok' };
  const { version, apiVersions, apiGroupList, apiGroup, apiResourceList } = discovery(server.version);
  const trimmed = path.replace(/\/$/, '');
  if (trimmed === '') return { code: 200, body: { paths: allPaths(server.version) } };
  if (trimmed === '/version') return { code: 200, body: version() };
  const aggregated = trimmed === '/api' || trimmed === '/apis' ? aggregatedVersion(accept, server.version) : undefined;
  if (aggregated) return { code: 200, body: aggregatedDiscovery(server.version, { version: aggregated, legacy: trimmed === '/api' }), type: aggregatedType(aggregated) };
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

/** Differs from Kubernetes: kinds that only discovery knows can be listed, so that `kubectl get all` works; there never are any. */
function noneOf(server: ApiServer, { accept }: HttpRequest, resource: Resource, { version }: Route): HttpResponse {
  const list = { kind: resource.listKind ?? `${resource.kind}List`, apiVersion: resource.group ? `${resource.group}/${version}` : version, metadata: { resourceVersion: String(server.storage.store.revision) }, items: [] };
  return { code: 200, body: inWantedForm(server, resource, list, { accept: accept || undefined }) };
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
  const base = { verb, resource, version: route.version, namespace: route.namespace, name: route.name, subresource: route.subresource, user: http.user ?? 'kubernetes-admin', userAgent: http.userAgent ?? 'kubectl' };
  if (verb === 'watch') {
    server.noteRead('watch', base);
    const convert = (object: KubeObject) => inVersion(server, object, resource, route.version);
    const apiVersion = resource.group ? `${resource.group}/${route.version}` : route.version;
    const named = { ...options, ...(route.name && { fieldSelector: `metadata.name=${route.name}` }) };
    return { code: 200, body: '', ...openWatch(server, { resource, apiVersion, namespace: route.namespace, options: named, query, accept: http.accept || undefined, convert }) };
  }
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
  const contentType = mediaType(http);
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
    sinceTime: text('sinceTime'),
    limitBytes: number('limitBytes'),
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
