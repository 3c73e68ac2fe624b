// The API server's other door: a request as it comes over HTTP, and the answer it would get. Still values, no sockets.
import { aggregatedDiscovery, aggregatedType, aggregatedVersion, badRequest, customKinds, decodeProtobuf, deprecationOf, deprecationWarning, discovery, groupVersionOf, type KubeObject, type Manifest, type Resource, resourceFor, StatusError, subresourcesOf, type Version, verbsOf } from '../api/index.ts';
import { accepts, checkRouted, inWantedForm, notRouted, offerOf, plainForm, wantedForm } from './accept.ts';
import { attributesOf, authorize } from './authorization.ts';
import { decodeBody, decodeOptions } from './decode.ts';
import { exported, exportOf } from './export.ts';
import { repeatedOwnersWarning } from './owners.ts';
import { healthOf } from './health.ts';
import type { ApiRequest, PatchType, RequestOptions, Verb } from './request.ts';
import { allPaths, rootPaths } from './root-paths.ts';
import { answerToEmptyPart, isHead } from './plain-path.ts';
import { type Route, routeOf } from './route.ts';
import { openWatch } from './open-watch.ts';
import { issuerDiscovery } from './tokens/index.ts';
import { selfReview } from './self-review.ts';
import type { ApiServer } from './server.ts';
import type { Watch } from './watch.ts';
import type { WatchFrames } from './watch-frames.ts';
import { readYAML } from './yaml-body.ts';
import { inVersion, withManagedFields } from './answered.ts';
import { optionsOf, verbOf } from './query.ts';
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
  /** Which command of its client it belongs to. */
  session?: string;
  user?: string;
  uid?: string;
  extra?: Readonly<Record<string, readonly string[]>>;
  /** The user's groups. Missing: the request comes from inside and is not authorized again. */
  groups?: readonly string[];
}

export interface HttpResponse {
  code: number;
  /** An object for JSON, a string for plain text. */
  body: unknown;
  /** Media type, where it is not the usual one of the body. */
  type?: string;
  /** How an object in the body is to be written: JSON, YAML or protobuf. Missing: a refusal, or what there is as JSON only. */
  media?: string;
  headers?: Readonly<Record<string, string>>;
  /** Texts of `Warning` headers. */
  warnings?: string[];
  /** An open watch instead of a body. */
  watch?: Watch;
  /** Of an answer of another API server that goes on: what has come since the last time, undefined once it has ended. */
  stream?: () => string | undefined;
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
    if (error instanceof StatusError) return refusal(error);
    throw error;
  }
}

const refusal = (error: StatusError): HttpResponse => ({ code: error.code, body: error.toStatus() });

function answer(server: ApiServer, given: HttpRequest): HttpResponse {
  const nowhere = answerToEmptyPart(given.path, server.version);
  if (nowhere) return nowhere;
  const url = urlOf(given.path);
  const request = isHead(given, url.pathname) ? { ...given, method: 'GET' } : given;
  if (request.groups) authorize(attributesOf({ name: request.user ?? '', groups: request.groups }, request.method, url), server.authorizers);
  const health = healthOf(url, server.storage.refusal !== undefined || !server.etcdAnswers());
  if (health) return health;
  const metrics = url.pathname === '/metrics' ? server.metrics(request.method) : undefined;
  if (metrics) return metrics;
  const elsewhere = server.aggregator.answer(url.pathname, request);
  if (elsewhere) return elsewhere;
  const keys = issuerDiscovery(url.pathname, server.tokens);
  if (keys && request.method !== 'GET') throw methodNotAllowed();
  if (keys) return keys;
  const fixed = request.method === 'GET' ? (aggregated(server, url.pathname, request) ?? informational(server, url.pathname)) : undefined;
  if (fixed) return fixed.type ? fixed : discovered(url.pathname, request, fixed);
  if (isDiscovery(server, url.pathname)) throw methodNotAllowed();
  const route = routeOf(url.pathname);
  if (!route) return { code: 404, body: { paths: rootPaths(server.version) } };
  if (route.group && !discovery(server.version).apiGroup(route.group)) return found(undefined);
  const resource = resourceFor(route.group, route.version, route.plural, server.version);
  if (!resource && isCustomGroup(server.version, route.group)) return found(undefined);
  const review = resource?.discoveryOnly ? selfReview(request, route) : undefined;
  if (review) return review;
  if (resource?.discoveryOnly && route.name === undefined && !route.watch && request.method === 'GET') return noneOf(server, request, resource, route);
  if (!resource || resource.discoveryOnly || !fitsScope(route, resource) || (route.subresource && !subresourcesOf(resource, route.version, server.version).some((s) => s.name === route.subresource))) throw unknownPath();
  return handle(server, withoutProtobuf(request), url.searchParams, route, resource);
}

/** Who serves custom kinds has nothing to say about others. */
const isCustomGroup = (version: Version, group: string) => customKinds(version).rows.some((row) => row.group === group);

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

/** All groups and resources at once, for clients that know how to ask for it. */
function aggregated(server: ApiServer, path: string, { accept = '' }: HttpRequest): HttpResponse | undefined {
  const [, name] = /^\/(apis?)\/?$/.exec(path) ?? [];
  const version = name && aggregatedVersion(accept, server.version);
  return version ? { code: 200, body: aggregatedDiscovery(server.version, { version, legacy: name === 'api' }), type: aggregatedType(version) } : undefined;
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
    if (apiGroup(first!) && !apiResourceList(first!, second!) && !isCustomGroup(server.version, first!)) throw unknownPath();
    return found(apiResourceList(first!, second!));
  }
  return undefined;
}

/** Differs from Kubernetes: kinds that only discovery knows can be listed, so that `kubectl get all` works; there never are any. */
function noneOf(server: ApiServer, { accept }: HttpRequest, resource: Resource, { version }: Route): HttpResponse {
  const list = { kind: resource.listKind ?? `${resource.kind}List`, apiVersion: resource.group ? `${resource.group}/${version}` : version, metadata: { resourceVersion: String(server.storage.store.revision) }, items: [] };
  const wanted = wantedForm(accept || undefined, offerOf(resource, version));
  return { code: 200, body: inWantedForm(server, resource, list, { wanted }), media: wanted.type };
}

/** What discovery says can be had as it is only. */
function discovered(path: string, { accept }: HttpRequest, answer: HttpResponse): HttpResponse {
  if (path === '/' || answer.code !== 200) return answer;
  if (path === '/version' && accept && !accepts(accept, ['application/json', '*/*'])) throw notRouted();
  if (path === '/version' || /^\/apis?\/?$|^\/api\/|^\/apis\/[^/]+\/[^/]/.test(path)) if (!path.startsWith('/apis') || path.split('/').length > 3) checkRouted(accept);
  return path === '/version' ? answer : { ...answer, media: plainForm(accept) };
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
  const wanted = wantedForm(http.accept || undefined, { ...offerOf(resource, route.version, route.subresource), watch: verb === 'watch' });
  checkNumbers(verb, query);
  checkWriteOptions(verb, query, { version: server.version, applies: http.contentType === 'application/apply-patch+yaml' });
  const options = optionsOf(query);
  const warnings = deprecations(server, resource, route.version);
  const base = { warn: (text: string) => void warnings.push(text), verb, resource, version: route.version, namespace: route.namespace, name: route.name, subresource: route.subresource, user: http.user ?? 'kubernetes-admin', ...(http.groups && { groups: http.groups }), ...(http.uid && { uid: http.uid }), ...(http.extra && { extra: http.extra }), userAgent: http.userAgent ?? 'kubectl', ...(http.session && { session: http.session }) };
  if (verb === 'watch') {
    server.noteRead('watch', base);
    const convert = (object: KubeObject) => inVersion(server, server.withManagedFields(object), resource, route.version);
    const apiVersion = resource.group ? `${resource.group}/${route.version}` : route.version;
    const named = { ...options, ...(route.name && { fieldSelector: `metadata.name=${route.name}` }) };
    return { code: 200, body: '', ...openWatch(server, { resource, apiVersion, namespace: route.namespace, options: named, query, wanted, convert }), media: wanted.type };
  }
  try {
    return { ...answered(server, http, { base: base as ApiRequest, route, query, options, wanted }), ...(warnings.length > 0 && { warnings }) };
  } catch (error) {
    if (!(error instanceof StatusError) || warnings.length === 0) throw error;
    return { ...refusal(error), warnings };
  }
}

interface Asked {
  base: ApiRequest;
  route: Route;
  query: URLSearchParams;
  options: RequestOptions;
  wanted: ReturnType<typeof wantedForm>;
}

function answered(server: ApiServer, http: HttpRequest, { base, route, query, options, wanted }: Asked): HttpResponse {
  const { verb, resource } = base;
  const request = withBody(server, base, http, options);
  const wantsExport = verb === 'get' && !route.subresource ? exportOf(query, server.version) : undefined;
  const found = withManagedFields(server, server.handle(request), resource);
  const body = inVersion(server, wantsExport ? exported(server, resource, found as KubeObject, wantsExport) : found, resource, route.version);
  const code = route.subresource === 'log' && !server.storage.find(resource, route.namespace, route.name!)?.spec.nodeName ? 204 : codeOf(verb, request, body);
  return { code, body: inWantedForm(server, resource, body, { wanted, includeObject: query.get('includeObject') ?? undefined }), media: wanted.type };
}

/** A version may be on its way out. */
function deprecations(server: ApiServer, resource: Resource, version: string): string[] {
  if (!('schemaOf' in resource)) {
    const warning = deprecationWarning(groupVersionOf(resource, version), resource.kind, server.version);
    return warning ? [warning] : [];
  }
  const definition = server.storage.find(server.resourceOf('CustomResourceDefinition'), undefined, `${resource.plural}.${resource.group}`);
  const text = definition && deprecationOf(definition, version);
  return text ? [text] : [];
}

/** POST answers 201, also where a PUT or an apply has created the object. */
function codeOf(verb: Verb, request: ApiRequest, body: unknown): number {
  if (verb === 'create') return 201;
  const { metadata } = body as KubeObject;
  // Whoever asks for dependents to go too is told when that is yet to happen.
  if (verb === 'delete' && request.options?.orphanDependents === false && metadata?.deletionTimestamp && !goesAtOnce(body as KubeObject)) return 202;
  return request.created && metadata ? 201 : 200;
}

const goesAtOnce = ({ metadata }: KubeObject) => !metadata.finalizers?.length && !metadata.deletionGracePeriodSeconds;

function withBody(server: ApiServer, base: ApiRequest, http: HttpRequest, options: RequestOptions): ApiRequest {
  const { verb } = base;
  if (verb === 'patch') {
    const type = patchTypes[(http.contentType ?? '').split(';')[0]!.trim()];
    if (!type) throw new StatusError('UnsupportedMediaType', 415, '415: Unsupported Media Type', {});
    return { ...base, patch: { type, body: http.body }, options };
  }
  if (verb === 'delete' || verb === 'deletecollection') return { ...base, options: deleteOptions(server, http, withPreconditions(options)) };
  if (verb !== 'create' && verb !== 'update') return { ...base, options };
  const contentType = checkMediaType(http.contentType);
  const yaml = contentType === 'application/yaml' && typeof http.body === 'string' ? { text: http.body, ...readYAML(http.body) } : undefined;
  const { object, warnings } = decodeBody(server, base, http.body, { ...options, yaml });
  checkNames(base, object);
  for (const text of [...warnings, ...repeatedOwnersWarning(object.metadata?.ownerReferences)]) base.warn?.(text);
  return { ...base, object, owned: true, options };
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

const unknownPath = () => new StatusError('NotFound', 404, 'the server could not find the requested resource', {});
const methodNotAllowed = () => new StatusError('MethodNotAllowed', 405, 'the server does not allow this method on the requested resource', {});
const unsupportedMediaType = (accepted: string[]) =>
  new StatusError('UnsupportedMediaType', 415, `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`);
