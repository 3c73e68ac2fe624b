// The aggregator: groups that other API servers answer. Who asks for one is authorized here and then handed on, with who it is
// in headers (kube-aggregator, pkg/apiserver/handler_proxy.go).
import { customKinds, type APIResource, type KubeObject, type RemoteTable, type RemoteVersion } from '../api/index.ts';
import { callOf, dataOf, isAvailable, lineOf, methodOf, outOfTable, patchType, resourcesIn, tables, unavailable } from './aggregator-wire.ts';
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
    const method = methodOf(verb);
    const body = object ?? patch?.body;
    const contentType = patch ? patchType(patch.type) : 'application/json';
    // kubectl shows what others have as they show it themselves.
    const shown = method === 'GET' && request.userAgent === 'kubectl';
    const data = dataOf(this.#ask(request, { method, contentType, body: body && JSON.stringify(body), ...(shown && { accept: tables }) }, shown ? { includeObject: 'Object' } : {}), request, method);
    return (data as { kind?: string }).kind === 'Table' ? outOfTable(request, data as RemoteTable) : data;
  }

  /** The same for a watch. */
  watch(request: ApiRequest): { read(): { type: string; object: KubeObject }[]; stop(): void } {
    const answer = this.#ask(request, { method: 'GET' }, { watch: 'true' });
    if (answer.code >= 300) dataOf(answer, request);
    return {
      read: () => (answer.stream?.() ?? '').split('\n').filter(Boolean).map((line) => JSON.parse(line)),
      stop: () => {},
    };
  }

  #ask(request: ApiRequest, how: Pick<HttpRequest, 'method' | 'contentType' | 'body' | 'accept'>, more: Record<string, string> = {}): HttpResponse {
    const { user, groups = [] } = request;
    const { path, query } = lineOf(request, more);
    return this.answer(path, { accept: 'application/json', ...how, path: `${path}${query}`, user, groups })!;
  }
}
