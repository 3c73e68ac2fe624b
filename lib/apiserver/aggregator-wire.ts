// The aggregator's requests and answers on the wire: what is sent to another API server, and what comes back.
import { type APIResource, type KubeObject, objectsOf, type RemoteTable, StatusError } from '../api/index.ts';
import type { Call } from './aggregator.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import type { ApiRequest, PatchType, Verb } from './request.ts';

const methods: Partial<Record<Verb, string>> = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', deletecollection: 'DELETE' };
export const methodOf = (verb: Verb): string => methods[verb] ?? 'GET';
export const patchType = (type: PatchType): string => `application/${type === 'apply' ? 'apply-patch+yaml' : type === 'strategic' ? 'strategic-merge-patch+json' : `${type}-patch+json`}`;

/** The path of a request from inside of the process, and its query. */
export function lineOf({ resource, version = resource.versions[0]!.version, namespace, name, subresource, options = {} }: ApiRequest, more: Record<string, string>): { path: string; query: string } {
  const query = new URLSearchParams(Object.entries(options).filter(([, value]) => value !== undefined && typeof value !== 'object').map(([key, value]): [string, string] => [key, key === 'dryRun' ? 'All' : String(value)]));
  for (const [key, value] of Object.entries(more)) query.set(key, value);
  const path = [`/apis/${resource.group}/${version}`, ...(namespace && resource.namespaced ? ['namespaces', namespace] : []), resource.plural, ...(name ? [name] : []), ...(subresource ? [subresource] : [])].join('/');
  return { path, query: query.size > 0 ? `?${query}` : '' };
}

export const tables = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export function outOfTable({ resource, version = resource.versions[0]!.version, name }: ApiRequest, table: RemoteTable): unknown {
  const items = objectsOf(resource, table);
  return name ? items[0] : { kind: `${resource.kind}List`, apiVersion: `${resource.group}/${version}`, metadata: table.metadata, items };
}

/** The data of an answer, or its refusal as an error, in client-go's words where the other server has none (rest/request.go). */
export function dataOf({ code, body }: HttpResponse, { resource, name }: ApiRequest, method = 'GET'): unknown {
  const data = parsed(String(body)) as { reason?: string; message?: string; details?: object } | undefined;
  if (code < 300 && data) return data;
  if (data?.reason) throw new StatusError(data.reason, code, data.message ?? '', data.details);
  const about = `(${method.toLowerCase()} ${resource.plural}.${resource.group}${name ? ` ${name}` : ''})`;
  if (code === 500) throw new StatusError('InternalError', code, `an error on the server (${JSON.stringify(String(body).trim())}) has prevented the request from succeeding ${about}`);
  throw new StatusError('ServiceUnavailable', code, `the server is currently unable to handle the request ${about}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function resourcesIn(body: string): readonly APIResource[] {
  const { resources } = (parsed(body) ?? {}) as { resources?: readonly APIResource[] };
  return Array.isArray(resources) ? resources : [];
}

export const isAvailable = ({ status }: KubeObject) => status?.conditions?.some(({ type, status: is }: { type: string; status: string }) => type === 'Available' && is === 'True') ?? false;
export const unavailable = (): HttpResponse => ({ code: 503, body: 'service unavailable\n', type: 'text/plain; charset=utf-8' });

/** Differs from Kubernetes: the groups of a user stand in one header. */
export function callOf({ method, path, contentType, accept, body, user = 'system:apiserver', groups = [], extra = {} }: HttpRequest): Call {
  const headers = {
    'X-Remote-User': user,
    ...(groups.length > 0 && { 'X-Remote-Group': groups.join(',') }),
    ...Object.fromEntries(Object.entries(extra).map(([key, values]) => [`X-Remote-Extra-${encodeURIComponent(key)}`, values.join(',')])),
    ...(accept && { Accept: accept }),
    ...(contentType && { 'Content-Type': contentType }),
  };
  return { method, path, headers, ...(body !== undefined && { body: typeof body === 'string' ? body : body instanceof Uint8Array ? String.fromCharCode(...body) : JSON.stringify(body) }) };
}
