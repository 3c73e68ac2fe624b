// From a body to an object: syntax, kind, types, unknown fields.
import { badRequest, complete, decode, DecodeError, goJSONError, goJsonType, isKnownKind, type Manifest, StatusError, subresourcesOf, type Version } from '../api/index.ts';
import { checkCustomType, customRow, decodeCustom } from './decode-custom.ts';
import type { ApiRequest, RequestOptions } from './request.ts';
import type { ApiServer } from './server.ts';
import { checkDeleteOptions } from './write-options.ts';
import type { ReadBody } from './yaml-body.ts';

/** JSON text or data, checked against the kind that the path names. */
export function decodeBody(server: ApiServer, request: ApiRequest, body: unknown, { yaml, ...options }: RequestOptions & { yaml?: YAMLBody }): { object: Manifest; warnings: string[] } {
  const { resource, version, subresource } = request;
  const kindOfBody = subresourcesOf(resource, version!, server.version).find((s) => s.name === subresource);
  const kind = kindOfBody?.kind ?? resource.kind;
  const wanted = groupVersion(kindOfBody?.group ?? resource.group, kindOfBody?.version ?? version!);
  const value = parse(body, kind, yaml) as Manifest;
  const custom = 'schemaOf' in resource && !kindOfBody?.kind;
  if (custom) checkCustomType(resource, version!, value, server.version);
  const apiVersion = value.apiVersion || wanted;
  const given = value.kind || kind;
  if (!custom && (apiVersion !== wanted || given !== kind)) checkRegistered(server, { apiVersion, given, kind }, body);
  if (apiVersion !== wanted && subresource !== 'eviction') throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`);
  if (given !== kind) throw badRequest(`${given} in version "${apiVersion.split('/').at(-1)}" cannot be handled as a ${kind}: converting (${given}) to (${kind}): unknown conversion`);
  const { object, warnings } = decodeObject(server, apiVersion, kind, value, options);
  return { object: complete(apiVersion, kind, object), warnings };
}

/** Types and unknown fields of an object whose kind is known. */
export function decodeObject(server: ApiServer, apiVersion: string, kind: string, value: unknown, { fieldValidation }: RequestOptions): { object: Manifest; warnings: string[] } {
  const row = customRow(server.version, apiVersion, kind);
  const { object, unknown } = row ? decodeCustom(row, apiVersion, value as Manifest, server.version) : decode(apiVersion, kind, value as object, { version: server.version });
  const strict = server.version.has('field-validation') ? (fieldValidation ?? 'Warn') : 'Ignore';
  if (unknown.length === 0 || strict === 'Ignore') return { object, warnings: [] };
  const texts = unknown.map((field) => `unknown field "${field}"`);
  if (strict === 'Warn') return { object, warnings: texts };
  throw badRequest(`${kind} in version "${apiVersion.split('/').at(-1)}" cannot be handled as a ${kind}: strict decoding error: ${texts.join(', ')}`);
}

/** A DELETE's body: DeleteOptions, or nothing. One that cannot be read is the server's error, in Kubernetes too. */
export function decodeOptions(body: unknown, version: Version, { scheme }: { scheme: keyof typeof schemes }): RequestOptions {
  if (body === undefined || body === null || body === '') return {};
  const problem = typeof body === 'string' ? goJSONError(body) : undefined;
  if (problem) throw new StatusError('', 500, `couldn't get version/kind; json parse error: ${problem}`);
  const given = (typeof body === 'string' ? JSON.parse(body) : body) as Record<string, any>;
  if (typeof given !== 'object' || Array.isArray(given)) throw new StatusError('', 500, `couldn't get version/kind; json parse error: ${noObject(given)}`);
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = given;
  checkTypeFields(given, (why) => new StatusError('', 500, `couldn't get version/kind; json parse error: ${why}`));
  if (kind !== 'DeleteOptions' || (scheme === 'kinds' && apiVersion === 'meta.k8s.io/v1')) throw new StatusError('', 500, `no kind "${kind}" is registered for version "${apiVersion}" in scheme "${schemes[scheme]}"`);
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun } = readOptions(given, version);
  checkDeleteOptions({ propagationPolicy: propagationPolicy ?? undefined, orphanDependents: orphanDependents ?? undefined }, dryRun ?? []);
  const options = { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun: dryRun?.includes('All') };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null));
}

function readOptions(given: object, version: Version): Record<string, any> {
  try {
    return decode('v1', 'DeleteOptions', given, { version }).object;
  } catch (error) {
    if (error instanceof DecodeError) throw new StatusError('', 500, error.why);
    throw error;
  }
}

/** A body that was YAML: what it says, or what is wrong with it. */
type YAMLBody = ReadBody & { text: string };

function parse(body: unknown, kind: string, yaml?: YAMLBody): object {
  const text = typeof body === 'string' || body === undefined ? ((body ?? '') as string) : undefined;
  const unrecognized = (why: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${summary(text ?? JSON.stringify(body))})`);
  if (yaml?.problem) throw badRequest(`the object provided is unrecognized (must be of type ${kind}): ${yaml.problem} (${summary(yaml.text)})`);
  const problem = text === undefined || yaml ? undefined : goJSONError(text);
  if (problem) throw unrecognized(problem);
  const value: unknown = (yaml ? yaml.value : text === undefined ? body : JSON.parse(text)) ?? {};
  if (Array.isArray(value) || typeof value !== 'object' || value === null) {
    throw unrecognized(noObject(value));
  }
  checkTypeFields(value as Record<string, unknown>, unrecognized);
  return value;
}

function checkTypeFields(value: Record<string, unknown>, refusal: (why: string) => StatusError): void {
  for (const key of ['apiVersion', 'kind'] as const) {
    const given = value[key];
    if (given !== undefined && given !== null && typeof given !== 'string') throw refusal(`json: cannot unmarshal ${goJsonType(given)} into Go struct field .${key} of type string`);
  }
}

/** encoding/json's words for a text that is JSON, but no object. */
export const notAnObject = (value: unknown) => `couldn't get version/kind; json parse error: ${noObject(value)}`;

const noObject = (value: unknown) => `json: cannot unmarshal ${goJsonType(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;

const textOf = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

const summaryLength = 30;

/** The beginning of a body: as it is when it looks like an object, in hexadecimal otherwise. */
function summary(text: string): string {
  if (text === '') return '<empty>';
  const bytes = new TextEncoder().encode(text);
  const more = bytes.length > summaryLength ? ' ...' : '';
  if (text[0] === '{') return new TextDecoder().decode(bytes.slice(0, summaryLength)) + more;
  return Array.from(bytes.slice(0, summaryLength), (byte) => byte.toString(16).padStart(2, '0')).join('') + more;
}

/** A kind that no version of its group has is refused before it is compared with the one that the path names. */
function checkRegistered({ version }: ApiServer, { apiVersion, given, kind }: { apiVersion: string; given: string; kind: string }, body: unknown): void {
  if (apiVersion.split('/').length > 2) throw badRequest(`the object provided is unrecognized (must be of type ${kind}): unexpected GroupVersion string: ${apiVersion} (${summary(textOf(body))})`);
  if (isKnownKind(apiVersion, given, version)) return;
  throw badRequest(`${given} in version "${apiVersion.split('/').at(-1)}" cannot be handled as a ${kind}: ${unknownKind(apiVersion, given)}`);
}

export const unknownKind = (apiVersion: string, kind: string) => `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "${kindScheme}"`;

const kindScheme = 'k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30';

/** What knows the options of one DELETE, and those of a deletecollection. */
const schemes = { options: 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27', kinds: kindScheme };

const groupVersion = (group: string, version: string) => (group ? `${group}/${version}` : version);

