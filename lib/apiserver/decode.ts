// From a body to an object: syntax, kind, types, unknown fields.
import { badRequest, decode, goJSONError, goJsonType, type Manifest } from '../api/index.ts';
import type { ApiRequest, RequestOptions } from './request.ts';
import type { ApiServer } from './server.ts';

/** JSON text or data, checked against the kind that the path names. */
export function decodeBody(server: ApiServer, request: ApiRequest, body: unknown, options: RequestOptions): { object: Manifest; warnings: string[] } {
  const { resource, version, subresource } = request;
  const kindOfBody = resource.subresources?.find((s) => s.name === subresource);
  const kind = kindOfBody?.kind ?? resource.kind;
  const wanted = groupVersion(kindOfBody?.group ?? resource.group, kindOfBody?.version ?? version!);
  const value = parse(body, kind) as Manifest;
  const apiVersion = value.apiVersion || wanted;
  const given = value.kind || kind;
  if (apiVersion !== wanted && !kindOfBody) throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`);
  if (given !== kind) throw badRequest(`${given} in version "${apiVersion.split('/').at(-1)}" cannot be handled as a ${kind}: converting (${given}) to (${kind}): unknown conversion`);
  return decodeObject(server, apiVersion, kind, value, options);
}

/** Types and unknown fields of an object whose kind is known. */
export function decodeObject(server: ApiServer, apiVersion: string, kind: string, value: unknown, { fieldValidation }: RequestOptions): { object: Manifest; warnings: string[] } {
  const { object, unknown } = decode(apiVersion, kind, value as object, { version: server.version });
  const strict = fieldValidation ?? (server.version.has('field-validation') ? 'Warn' : 'Ignore');
  if (unknown.length === 0 || strict === 'Ignore') return { object, warnings: [] };
  const texts = unknown.map((field) => `unknown field "${field}"`);
  if (strict === 'Warn') return { object, warnings: texts };
  throw badRequest(`${kind} in version "${apiVersion.split('/').at(-1)}" cannot be handled as a ${kind}: strict decoding error: ${texts.join(', ')}`);
}

/** A DELETE's body: DeleteOptions, or nothing. */
export function decodeOptions(body: unknown): RequestOptions {
  if (body === undefined || body === null || body === '') return {};
  const given = typeof body === 'string' ? parse(body, 'DeleteOptions') : (body as object);
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun } = decode('v1', 'DeleteOptions', given).object as Record<string, any>;
  const options = { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun: dryRun?.includes('All') };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null));
}

function parse(body: unknown, kind: string): object {
  const text = typeof body === 'string' || body === undefined ? ((body ?? '') as string) : undefined;
  const unrecognized = (why: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${summary(text ?? JSON.stringify(body))})`);
  const problem = text === undefined ? undefined : goJSONError(text);
  if (problem) throw unrecognized(problem);
  const value: unknown = text === undefined ? body : JSON.parse(text);
  if (Array.isArray(value) || typeof value !== 'object' || value === null) {
    const what = Array.isArray(value) ? 'array' : typeof value;
    throw unrecognized(`json: cannot unmarshal ${what} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`);
  }
  for (const key of ['apiVersion', 'kind'] as const) {
    const given = (value as Record<string, unknown>)[key];
    if (given !== undefined && given !== null && typeof given !== 'string') throw unrecognized(`json: cannot unmarshal ${goJsonType(given)} into Go struct field .${key} of type string`);
  }
  return value;
}

const summaryLength = 30;

/** The beginning of a body: as it is when it looks like an object, in hexadecimal otherwise. */
function summary(text: string): string {
  if (text === '') return '<empty>';
  const bytes = new TextEncoder().encode(text);
  const more = bytes.length > summaryLength ? ' ...' : '';
  if (text[0] === '{') return new TextDecoder().decode(bytes.slice(0, summaryLength)) + more;
  return Array.from(bytes.slice(0, summaryLength), (byte) => byte.toString(16).padStart(2, '0')).join('') + more;
}

const groupVersion = (group: string, version: string) => (group ? `${group}/${version}` : version);

