// The aggregator: groups that other API servers answer. Who asks for one is authorized here and then handed on, with who it is
// in headers (kube-aggregator, pkg/apiserver/handler_proxy.go).
import { customKinds, type APIResource, type KubeObject, objectsOf, type RemoteTable, type RemoteVersion, StatusError } from '../api/index.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import type { ApiRequest } from './request.ts';
import type { ApiServer } from './server.ts';

export interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** Asks whoever is behind an address and a port. Throws an Error in Go's words when nobody answers. */
export type Reach = (ip: string, port: number, call: Call) => Reached;

export interface Reached {
  status: number;
  body: string;
  headers?: Record<string, string>;
  /** Of a watch: what has come since the last time, undefined once it has ended. */
  stream?: () => string | undefined;
}

const changing = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
const nobody: Reach = () => {
  throw new Error('connect: connection refused');
};

export class Aggregator {
  /** Set by the cluster: how others are reached, and who looks after them once there are any. */
  reach: Reach = nobody;
  onFirst: () => void = () => {};
  /** `--enable-aggregator-routing`: a pod is asked straight, not through the address of its Service. */
  routing = false;
  readonly #server: ApiServer;
  #remote = new Map<string, KubeObject>();
  #resources = new Map<string, readonly APIResource[]>();

  constructor(server: ApiServer) {
    this.#server = server;
    this.restart();
  }

  get hasAny(): boolean {
    return this.#remote.size > 0;
  }

  /** Looks at the store anew. */
  restart(): void {
    const { storage, resourceOf } = this.#server.registry.parts;
    const resource = resourceOf('APIService');
    if (!storage.isUntouched(resource)) this.#settle(storage.every(resource));
  }

  /** What follows from a request that was answered. */
  after({ verb, resource, options }: ApiRequest): void {
    if (resource.kind === 'APIService' && changing.has(verb) && !options?.dryRun) this.restart();
  }

  #settle(services: readonly KubeObject[]): void {
    const remote = services.filter(({ spec }) => spec.service);
    if (remote.length === 0 && this.#remote.size === 0) return;
    const first = this.#remote.size === 0;
    this.#remote = new Map(remote.map((one) => [one.metadata.name, one]));
    this.#publish();
    if (first) this.onFirst();
  }

  /** Tells discovery. */
  #publish(): void {
    const versions = [...this.#remote.values()].map((one): RemoteVersion => {
      const { group, version, groupPriorityMinimum, versionPriority } = one.spec;
      const resources = this.#resources.get(one.metadata.name);
      return { group, version, groupPriority: groupPriorityMinimum, versionPriority, available: isAvailable(one), ...(resources && { resources }) };
    });
    customKinds(this.#server.version).setRemote(versions);
  }

  /** Undefined for all that is not another server's to answer. */
  answer(pathname: string, request: HttpRequest): HttpResponse | undefined {
    if (this.#remote.size === 0) return undefined;
    const [, group = '', version = ''] = /^\/apis\/([^/]+)\/([^/]+)/.exec(pathname) ?? [];
    const found = this.#remote.get(`${version}.${group}`);
    if (!found) return undefined;
    if (!isAvailable(found)) return unavailable();
    const service = this.#serviceOf(found);
    if (!service) return unavailable();
    try {
      const { ip, port } = this.#whereIs(service, found.spec.service.port);
      const { status, body, headers = {}, stream } = this.reach(ip, port, callOf(request));
      const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
      return { code: status, body, type: type ?? 'text/plain; charset=utf-8', ...(stream && { stream }) };
    } catch (error) {
      return { code: 503, body: `error trying to reach service: ${(error as Error).message}`, type: 'text/plain; charset=utf-8' };
    }
  }

  #serviceOf({ spec }: KubeObject): KubeObject | undefined {
    const { storage, resourceOf } = this.#server.registry.parts;
    return storage.find(resourceOf('Service'), spec.service.namespace, spec.service.name);
  }

  /** Differs from Kubernetes: of several pods the first is asked, there any of them. */
  #whereIs(service: KubeObject, port: number): { ip: string; port: number } {
    const { metadata, spec } = service;
    if (!this.routing) return { ip: spec.clusterIP, port };
    const { storage, resourceOf } = this.#server.registry.parts;
    const wanted = (spec.ports as { port: number; name?: string }[]).find((one) => one.port === port)?.name ?? '';
    const { subsets = [] } = (storage.find(resourceOf('Endpoints'), metadata.namespace, metadata.name) ?? {}) as { subsets?: { addresses?: { ip: string }[]; ports?: { name?: string; port: number }[] }[] };
    for (const { addresses = [], ports = [] } of subsets) {
      const behind = ports.find(({ name = '' }) => name === wanted);
      if (addresses[0] && behind) return { ip: addresses[0].ip, port: behind.port };
    }
    throw new Error(`no endpoints available for service ${JSON.stringify(metadata.name)}`);
  }

  /** Asks for discovery, as the check of availability does; what is wrong, or nothing. */
  probe(service: KubeObject): string | undefined {
    const { group, version } = service.spec;
    const { ip, port } = this.#whereIs(this.#serviceOf(service)!, service.spec.service.port);
    const path = `/apis/${group}/${version}`;
    const url = `https://${ip}:${port}${path}`;
    const failed = (why: string) => `failing or missing response from ${url}: ${why}`;
    try {
      const headers = { 'X-Remote-User': 'system:kube-aggregator', 'X-Remote-Group': 'system:masters', Accept: 'application/json' };
      const { status, body } = this.reach(ip, port, { method: 'GET', path, headers });
      if (status < 200 || status >= 300) return failed(`bad status from ${url}: ${status}`);
      this.#learn(service.metadata.name, body);
      return undefined;
    } catch (error) {
      return failed(`Get ${JSON.stringify(url)}: ${(error as Error).message}`);
    }
  }

  #learn(name: string, body: string): void {
    const resources = resourcesIn(body);
    if (JSON.stringify(resources) === JSON.stringify(this.#resources.get(name))) return;
    this.#resources.set(name, resources);
    this.#publish();
  }

  /** What each of the others that answer says at a path of its own, where it says anything. */
  documents(path: string): string[] {
    const servers = new Map([...this.#remote.values()].filter(isAvailable).map((one) => [JSON.stringify(one.spec.service), one]));
    return [...servers.values()].flatMap((one) => {
      try {
        const headers = { 'X-Remote-User': 'system:aggregator', Accept: 'application/json' };
        const { ip, port } = this.#whereIs(this.#serviceOf(one)!, one.spec.service.port);
        const { status, body } = this.reach(ip, port, { method: 'GET', path, headers });
        return status === 200 ? [body] : [];
      } catch {
        return [];
      }
    });
  }

  /** A request from inside of the process for a kind that lives elsewhere. */
  handle(request: ApiRequest): unknown {
    const { verb, object, patch } = request;
    const method = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', deletecollection: 'DELETE' }[verb as string] ?? 'GET';
    const body = object ?? patch?.body;
    const contentType = patch ? `application/${patch.type === 'apply' ? 'apply-patch+yaml' : patch.type === 'strategic' ? 'strategic-merge-patch+json' : `${patch.type}-patch+json`}` : 'application/json';
    // kubectl shows what others have as they show it themselves.
    const shown = method === 'GET' && request.userAgent === 'kubectl';
    const data = dataOf(this.#ask(request, { method, contentType, body: body && JSON.stringify(body), ...(shown && { accept: tables }) }, shown ? { includeObject: 'Object' } : {}));
    return (data as { kind?: string }).kind === 'Table' ? outOfTable(request, data as RemoteTable) : data;
  }

  /** The same for a watch. */
  watch(request: ApiRequest): { read(): { type: string; object: KubeObject }[]; stop(): void } {
    const answer = this.#ask(request, { method: 'GET' }, { watch: 'true' });
    if (answer.code >= 300) dataOf(answer);
    return {
      read: () => (answer.stream?.() ?? '').split('\n').filter(Boolean).map((line) => JSON.parse(line)),
      stop: () => {},
    };
  }

  #ask({ resource, version = resource.versions[0]!.version, namespace, name, subresource, options = {}, user, groups = [] }: ApiRequest, how: Pick<HttpRequest, 'method' | 'contentType' | 'body' | 'accept'>, more: Record<string, string> = {}): HttpResponse {
    const query = new URLSearchParams(Object.entries(options).filter(([, value]) => value !== undefined && typeof value !== 'object').map(([key, value]): [string, string] => [key, key === 'dryRun' ? 'All' : String(value)]));
    for (const [key, value] of Object.entries(more)) query.set(key, value);
    const path = [`/apis/${resource.group}/${version}`, ...(namespace && resource.namespaced ? ['namespaces', namespace] : []), resource.plural, ...(name ? [name] : []), ...(subresource ? [subresource] : [])].join('/');
    return this.answer(path, { accept: 'application/json', ...how, path: `${path}${query.size > 0 ? `?${query}` : ''}`, user, groups })!;
  }
}

const tables = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

function outOfTable({ resource, version = resource.versions[0]!.version, name }: ApiRequest, table: RemoteTable): unknown {
  const items = objectsOf(resource, table);
  return name ? items[0] : { kind: `${resource.kind}List`, apiVersion: `${resource.group}/${version}`, metadata: table.metadata, items };
}

/** The data of an answer, or its refusal as an error. */
function dataOf({ code, body }: HttpResponse): unknown {
  const data = parsed(String(body));
  if (code < 300 && data) return data;
  const { reason = 'ServiceUnavailable', message = String(body).trim() || 'the server is currently unable to handle the request', details } = (data ?? {}) as { reason?: string; message?: string; details?: object };
  throw new StatusError(reason, code, data ? message : 'the server is currently unable to handle the request', details);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function resourcesIn(body: string): readonly APIResource[] {
  const { resources } = (parsed(body) ?? {}) as { resources?: readonly APIResource[] };
  return Array.isArray(resources) ? resources : [];
}

const isAvailable = ({ status }: KubeObject) => status?.conditions?.some(({ type, status: is }: { type: string; status: string }) => type === 'Available' && is === 'True') ?? false;
const unavailable = (): HttpResponse => ({ code: 503, body: 'service unavailable\n', type: 'text/plain; charset=utf-8' });

/** Differs from Kubernetes: the groups of a user stand in one header. */
function callOf({ method, path, contentType, accept, body, user = 'system:apiserver', groups = [], extra = {} }: HttpRequest): Call {
  const headers = {
    'X-Remote-User': user,
    ...(groups.length > 0 && { 'X-Remote-Group': groups.join(',') }),
    ...Object.fromEntries(Object.entries(extra).map(([key, values]) => [`X-Remote-Extra-${encodeURIComponent(key)}`, values.join(',')])),
    ...(accept && { Accept: accept }),
    ...(contentType && { 'Content-Type': contentType }),
  };
  return { method, path, headers, ...(body !== undefined && { body: typeof body === 'string' ? body : body instanceof Uint8Array ? String.fromCharCode(...body) : JSON.stringify(body) }) };
}
