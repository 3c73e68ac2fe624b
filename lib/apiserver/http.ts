// The API server's other door: a request as it comes over HTTP, and the answer it would get. Still values, no sockets.
import { badRequest, deprecationOf, deprecationWarning, discovery, groupVersionOf, type KubeObject, notFound, type Resource, resourceFor, StatusError, subresourcesOf, verbsOf } from '../api/index.ts';
import { checkRouted, inWantedForm, offerOf, wantedForm } from './accept.ts';
import { inVersion, withManagedFields } from './answered.ts';
import { attributesOf, authorize } from './authorization.ts';
import { exported, exportOf } from './export.ts';
import { healthOf } from './health.ts';
import { withBody, withoutProtobuf } from './http-body.ts';
import { aggregated, discovered, found, informational, isCustomGroup, isDiscovery, noneOf } from './http-discovery.ts';
import { openWatch } from './open-watch.ts';
import { answerToEmptyPart, isHead } from './plain-path.ts';
import { optionsOf, verbOf } from './query.ts';
import type { ApiRequest, RequestOptions, Verb } from './request.ts';
import { rootPaths } from './root-paths.ts';
import { methodNotAllowed, type Route, routeOf, unknownPath } from './route.ts';
import { selfReview } from './self-review.ts';
import type { ApiServer } from './server.ts';
import { issuerDiscovery } from './tokens/index.ts';
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
  const documented = request.method === 'GET' && url.pathname.startsWith('/openapi/') ? server.openapi(url.pathname) : undefined;
  if (documented) return documented;
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
  if (!resource || resource.discoveryOnly || !fitsScope(route, resource)) throw unknownPath();
  if (route.subresource && !subresourcesOf(resource, route.version, server.version).some((s) => s.name === route.subresource)) throw 'schemaOf' in resource ? notFound(resource, route.name!) : unknownPath();
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

/** A namespaced object has a namespace in its path, another has not. */
function fitsScope({ namespace, name }: Route, { namespaced }: Resource): boolean {
  return namespaced ? namespace !== undefined || name === undefined : namespace === undefined;
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
  const request = withBody(server, base, http, { options, query });
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
