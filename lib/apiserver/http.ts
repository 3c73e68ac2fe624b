// The API server's other door: a request as it comes over HTTP, and the answer it would get. Still values, no sockets.
import { badRequest, discovery, type KubeObject, type Manifest, type Resource, resourceFor, StatusError, subresourcesOf, verbsOf } from '../api/index.ts';
import { checkPlainForm, checkRouted, inWantedForm, metadataForms, wantedForm } from './accept.ts';
import { decodeBody, decodeOptions } from './decode.ts';
import { repeatedOwnersWarning } from './owners.ts';
import { healthOf } from './health.ts';
import type { ApiRequest, ObjectList, PatchType, RequestOptions, Verb } from './request.ts';
import { allPaths, rootPaths } from './root-paths.ts';
import { type Route, routeOf } from './route.ts';
import type { ApiServer } from './server.ts';
import type { Watch } from './watch.ts';
import { readYAML } from './yaml-body.ts';
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
  const health = healthOf(url);
  if (health) return health;
  const fixed = request.method === 'GET' ? informational(server, url.pathname) : undefined;
  if (fixed) return discovered(url.pathname, request, fixed);
  if (isDiscovery(server, url.pathname)) throw methodNotAllowed();
  const route = routeOf(url.pathname);
  if (!route) return { code: 404, body: { paths: rootPaths(server.version) } };
  if (route.group && !discovery(server.version).apiGroup(route.group)) return found(undefined);
  const resource = resourceFor(route.group, route.version, route.plural, server.version);
  if (!resource || resource.discoveryOnly || !fitsScope(route, resource) || (route.subresource && !subresourcesOf(resource, route.version, server.version).some((s) => s.name === route.subresource))) throw unknownPath();
  return handle(server, request, url.searchParams, route, resource);
}

/** A namespaced object has a namespace in its path, another has not. */
function fitsScope({ namespace, name }: Route, { namespaced }: Resource): boolean {
  return namespaced ? namespace !== undefined || name === undefined : namespace === undefined;
}

function informational(server: ApiServer, path: string): HttpResponse | undefined {
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

/** What discovery says can be had as it is only. */
function discovered(path: string, { accept }: HttpRequest, answer: HttpResponse): HttpResponse {
  if (path === '/' || answer.code !== 200) return answer;
  if (path === '/version' || /^\/apis?\/?$|^\/api\/|^\/apis\/[^/]+\/[^/]/.test(path)) if (!path.startsWith('/apis') || path.split('/').length > 3) checkRouted(accept);
  if (path !== '/version') checkPlainForm(accept);
  return answer;
}

const isDiscovery = (server: ApiServer, path: string) => path !== '/' && informational(server, path)?.code === 200;

function found(body: unknown): HttpResponse {
  if (body === undefined) return { code: 404, body: '404 page not found\n' };
  return { code: 200, body };
}

function handle(server: ApiServer, http: HttpRequest, query: URLSearchParams, route: Route, resource: Resource): HttpResponse {
  const verb = verbOf(http.method, route, query);
  if (!verb) throw methodNotAllowed();
  if (resource.namespaced && !route.namespace && verb !== 'list' && verb !== 'watch') throw methodNotAllowed();
  if ((route.subresource ? (resource.subresources?.find((s) => s.name === route.subresource)?.verbs ?? []) : verbsOf(resource, server.version)).includes(verb) === false) throw methodNotAllowed();
  checkRouted(http.accept);
  wantedForm(http.accept || undefined, route.subresource ? metadataForms : undefined);
  checkNumbers(verb, query);
  checkWriteOptions(verb, query, { version: server.version, applies: http.contentType === 'application/apply-patch+yaml' });
  const options = optionsOf(query);
  const base = { verb, resource, version: route.version, namespace: route.namespace, name: route.name, subresource: route.subresource, user: http.user ?? 'kubernetes-admin', ...(http.groups && { groups: http.groups }), userAgent: http.userAgent ?? 'kubectl' };
  if (verb === 'watch') return { code: 200, body: '', watch: server.watch(resource, route.namespace, { ...options, ...(route.name && { fieldSelector: `metadata.name=${route.name}` }) }) };
  const { request, warnings } = withBody(server, base as ApiRequest, http, options);
  const body = inVersion(server, server.handle(request), resource, route.version);
  const code = route.subresource === 'log' && !server.storage.find(resource, route.namespace, route.name!)?.spec.nodeName ? 204 : codeOf(verb, request, body);
  return { code, body: inWantedForm(server, resource, body, { accept: http.accept || undefined, includeObject: query.get('includeObject') ?? undefined }), ...(warnings.length > 0 && { warnings }) };
}

/** POST answers 201, also where a PUT or an apply has created the object. */
function codeOf(verb: Verb, request: ApiRequest, body: unknown): number {
  if (verb === 'create') return 201;
  const { metadata } = body as KubeObject;
  // Whoever asks for dependents to go too is told when that is yet to happen.
  if (verb === 'delete' && request.options?.orphanDependents === false && metadata?.deletionTimestamp && !goesAtOnce(body as KubeObject)) return 202;
  return verb === 'update' && request.created && metadata ? 201 : 200;
}

const goesAtOnce = ({ metadata }: KubeObject) => !metadata.finalizers?.length && !metadata.deletionGracePeriodSeconds;

function withBody(server: ApiServer, base: ApiRequest, http: HttpRequest, options: RequestOptions): { request: ApiRequest; warnings: string[] } {
  const { verb } = base;
  if (verb === 'patch') {
    const type = patchTypes[(http.contentType ?? '').split(';')[0]!.trim()];
    if (!type) throw new StatusError('UnsupportedMediaType', 415, '415: Unsupported Media Type', {});
    return { request: { ...base, patch: { type, body: http.body }, options }, warnings: [] };
  }
  if (verb === 'delete' || verb === 'deletecollection') return { request: { ...base, options: deleteOptions(server, http, withPreconditions(options)) }, warnings: [] };
  if (verb !== 'create' && verb !== 'update') return { request: { ...base, options }, warnings: [] };
  const contentType = checkMediaType(http.contentType);
  const yaml = contentType === 'application/yaml' && typeof http.body === 'string' ? { text: http.body, ...readYAML(http.body) } : undefined;
  const { object, warnings } = decodeBody(server, base, http.body, { ...options, yaml });
  checkNames(base, object);
  const owners = repeatedOwnersWarning(object.metadata?.ownerReferences);
  return { request: { ...base, object, owned: true, options }, warnings: [...warnings, ...owners] };
}

/** The query of a DELETE may name the version that is meant. */
const withPreconditions = (options: RequestOptions): RequestOptions => ({ ...options, ...(options.resourceVersion && { preconditions: { resourceVersion: options.resourceVersion } }) });

/** A DELETE is told how by its body, or else by its query; which objects a collection means is in the query. */
function deleteOptions({ version }: ApiServer, { contentType, body }: HttpRequest, options: RequestOptions): RequestOptions {
  if (body === undefined || body === '') return options;
  checkMediaType(contentType);
  const { gracePeriodSeconds: _g, propagationPolicy: _p, orphanDependents: _o, dryRun: _d, preconditions: _c, ...which } = options;
  return { ...which, ...decodeOptions(body, version) };
}

const objectTypes = ['application/json', 'application/yaml'];

/** The media type of a body, which must be one that we read. */
function checkMediaType(given?: string): string {
  const type = (given || 'application/json').split(';')[0]!.trim();
  if (!objectTypes.includes(type)) throw unsupportedMediaType([...objectTypes, 'application/vnd.kubernetes.protobuf']);
  return type;
}

function checkNames({ verb, name, namespace, resource }: ApiRequest, { metadata = {} }: Manifest): void {
  if (verb === 'update' && metadata.name !== name) {
    if (!metadata.name) throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  // A namespace is asked for as if it lay in itself.
  const scope = resource.kind === 'Namespace' ? name : namespace;
  if (verb === 'update' && scope && metadata.namespace && metadata.namespace !== scope) {
    throw badRequest(`the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${scope})`);
  }
}

function verbOf(method: string, { name, subresource, watch }: Route, query: URLSearchParams): Verb | undefined {
  // One object is watched by its old path only.
  const watching = watch || (!name && ['1', 'true'].includes(query.get('watch') ?? ''));
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
    orphanDependents: query.has('orphanDependents') ? !['false', '0', ''].includes(query.get('orphanDependents')!.toLowerCase()) : undefined,
    container: text('container'),
    previous: query.get('previous') === 'true',
    tailLines: number('tailLines'),
    sinceSeconds: number('sinceSeconds'),
    sinceTime: text('sinceTime'),
    limitBytes: number('limitBytes'),
    timestamps: query.get('timestamps') === 'true',
    dryRun: query.get('dryRun') === 'All',
  };
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== undefined && value !== '' && (value !== false || name === 'orphanDependents')));
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
