// What a request over HTTP brings with it: an object, a patch, options.
import { badRequest, decodeProtobuf, type Manifest, StatusError } from '../api/index.ts';
import { decodeBody, decodeOptions } from './decode.ts';
import type { HttpRequest } from './http.ts';
import { repeatedOwnersWarning } from './owners.ts';
import type { ApiRequest, PatchType, RequestOptions } from './request.ts';
import type { ApiServer } from './server.ts';
import { deleteOptionsOf } from './write-options.ts';
import { readYAML } from './yaml-body.ts';

const patchTypes: Record<string, PatchType> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

const mediaType = ({ contentType }: HttpRequest) => (contentType || 'application/json').split(';')[0]!.trim();
const protobuf = 'application/vnd.kubernetes.protobuf';

/** Bytes become the object that they stand for, so that nobody below need know of them. */
export function withoutProtobuf(request: HttpRequest): HttpRequest {
  if (!(request.body instanceof Uint8Array) || mediaType(request) !== protobuf) return request;
  return { ...request, contentType: 'application/json', body: request.body.length > 0 ? decodeProtobuf(request.body) : undefined };
}

interface Asked {
  query: URLSearchParams;
  options: RequestOptions;
}

export function withBody(server: ApiServer, base: ApiRequest, http: HttpRequest, { options, query }: Asked): ApiRequest {
  const { verb } = base;
  if (verb === 'patch') {
    const type = patchTypes[(http.contentType ?? '').split(';')[0]!.trim()];
    if (!type) throw new StatusError('UnsupportedMediaType', 415, '415: Unsupported Media Type', {});
    return { ...base, patch: { type, body: http.body }, options };
  }
  if (verb === 'delete' || verb === 'deletecollection') return { ...base, options: deleteOptions(server, base, { http, options, query }) };
  if (verb !== 'create' && verb !== 'update') return { ...base, options };
  const contentType = checkMediaType(http.contentType);
  const yaml = contentType === 'application/yaml' && typeof http.body === 'string' ? { text: http.body, ...readYAML(http.body) } : undefined;
  const { object, warnings } = decodeBody(server, base, http.body, { ...options, yaml });
  checkNames(base, object);
  for (const text of [...warnings, ...repeatedOwnersWarning(object.metadata?.ownerReferences)]) base.warn?.(text);
  return { ...base, object, owned: true, options };
}

/** A DELETE is told how by its body, or else by its query; which objects a collection means is in the query. */
function deleteOptions(server: ApiServer, { verb, resource }: ApiRequest, { http: { contentType, body }, options, query }: Asked & { http: HttpRequest }): RequestOptions {
  const collection = verb === 'deletecollection';
  if (collection) server.checkSelection(resource, options);
  const { gracePeriodSeconds: _g, propagationPolicy: _p, orphanDependents: _o, dryRun: _d, ...which } = options;
  if (body === undefined || body === '') return { ...which, ...deleteOptionsOf(query) };
  checkMediaType(contentType);
  return { ...which, ...decodeOptions(body, server.version, { scheme: collection ? 'kinds' : 'options' }) };
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

const unsupportedMediaType = (accepted: string[]) =>
  new StatusError('UnsupportedMediaType', 415, `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`);
