// What was asked of the server, for those who want to see it.
import type { Resource } from '../api/index.ts';
import { type ApiRequest, pathOf, type RequestRecord } from './request.ts';

/** The last requests, oldest first; half of them go when the limit is reached. */
export class Trace {
  readonly all: RequestRecord[] = [];
  /** How many there have been. */
  count = 0;
  #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  record(time: number, request: ApiRequest, code: number): void {
    if (this.#limit === 0) return;
    if (this.all.length >= this.#limit) this.all.splice(0, this.#limit >> 1);
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

  constructor(time: number, request: ApiRequest, code: number) {
    this.time = time;
    this.verb = request.verb;
    this.user = request.user;
    this.userAgent = request.userAgent;
    this.code = code;
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
