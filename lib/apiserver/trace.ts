// What was asked of the server, for those who want to see it.
import type { Resource } from '../api/index.ts';
import { type ApiRequest, pathOf, type RequestRecord } from './request.ts';

/** What a request is counted as. */
export interface Counted {
  verb: ApiRequest['verb'] | 'apply';
  group: string;
  version: string;
  kind: string;
  resource: string;
  subresource: string;
  /** Whether its path has a namespace, and a name. */
  namespaced: boolean;
  named: boolean;
  dryRun: boolean;
  /** Who asked was a component of Kubernetes, which speaks protobuf. */
  component: boolean;
  code: number;
}

/** The last requests, oldest first; half of them go when the limit is reached. */
export class Trace {
  readonly all: RequestRecord[] = [];
  /** How many there have been. */
  count = 0;
  #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many requests of each kind there have been: they are sorted when somebody asks, and when the oldest go. */
  readonly #counts = new Map<string, number>();
  #counted = 0;

  /** The kinds as {@link Counted}, in JSON. */
  get counts(): ReadonlyMap<string, number> {
    this.#countTo(this.all.length);
    return this.#counts;
  }

  resetCounts(): void {
    this.#counted = this.all.length;
    this.#counts.clear();
  }

  #countTo(end: number): void {
    for (; this.#counted < end; this.#counted++) {
      const counted = (this.all[this.#counted] as TraceEntry).counted;
      if (counted === undefined) continue;
      const key = JSON.stringify(counted);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
  }

  #forget(count: number): void {
    this.#countTo(count);
    this.#counted -= count;
    this.all.splice(0, count);
  }

  /** One that was refused before it was looked at: nobody counts it. */
  refused(time: number, request: ApiRequest, code: number): void {
    this.record(time, request, -code);
  }

  record(time: number, request: ApiRequest, code: number): void {
    if (this.#limit === 0) return;
    if (this.all.length >= this.#limit) this.#forget(this.#limit >> 1);
    this.all.push(new TraceEntry(time, request, code));
    this.count++;
  }
}

/** Keeps a request's parts and spells the path only when somebody looks. */
class TraceEntry implements RequestRecord {
  readonly time: number;
  readonly verb: ApiRequest['verb'];
  readonly user: string;
  readonly userAgent: string;
  readonly code: number;
  readonly query: string | undefined;
  readonly session: string | undefined;
  #resource: Resource;
  #version: string | undefined;
  #namespace: string | undefined;
  #name: string | undefined;
  #subresource: ApiRequest['subresource'];
  /** Refused before it was looked at. */
  #refused: boolean;
  #dryRun: boolean;
  #applies: boolean;

  /** A negative code: of a request that authorization has refused. */
  constructor(time: number, request: ApiRequest, code: number) {
    this.time = time;
    this.verb = request.verb;
    this.user = request.user;
    this.userAgent = request.userAgent;
    this.code = Math.abs(code);
    this.#refused = code < 0;
    this.#dryRun = request.options?.dryRun ?? false;
    this.#applies = request.patch?.type === 'apply';
    this.session = request.session;
    this.query = queryOf(request);
    this.#resource = request.resource;
    this.#version = request.version;
    this.#namespace = request.namespace;
    this.#name = request.verb === 'create' && !request.subresource ? undefined : request.name;
    this.#subresource = request.subresource;
  }
  get path() {
    return pathOf({ resource: this.#resource, version: this.#version, namespace: this.#namespace, name: this.#name, subresource: this.#subresource });
  }
  /** Undefined for what nobody counts. */
  get counted(): Counted | undefined {
    if (this.#refused) return undefined;
    const { verb, code, userAgent } = this;
    const { group, plural: resource, kind, versions } = this.#resource;
    const version = this.#version ?? versions[0]!.version;
    const component = /^(kube-|kubelet|cloud-controller)/.test(userAgent);
    return { verb: this.#applies ? 'apply' : verb, group, version, kind, resource, subresource: this.#subresource ?? '', namespaced: this.#namespace !== undefined && this.#namespace !== '', named: this.#name !== undefined, dryRun: this.#dryRun, component, code };
  }
  toJSON() {
    const { time, verb, path, query, user, userAgent, session, code } = this;
    return { time, verb, path, ...(query && { query }), user, userAgent, ...(session && { session }), code };
  }
  /** console.log shows the path too. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return this.toJSON();
  }
}

function queryOf({ verb, options }: ApiRequest): string | undefined {
  if (!options || (verb !== 'list' && verb !== 'watch' && verb !== 'deletecollection')) return undefined;
  const { labelSelector, fieldSelector } = options;
  const parts = [labelSelector && `labelSelector=${labelSelector}`, fieldSelector && `fieldSelector=${fieldSelector}`];
  return parts.filter(Boolean).join('&') || undefined;
}
