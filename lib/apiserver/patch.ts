// PATCH: what is stored, and a patch, make the object that a PUT would have sent.
import { parse, type YAMLParseError } from 'yaml';
import { applyJsonPatch, applyMergePatch, applyStrategicPatch, badRequest, DecodeError, goJSONError, invalid, invalidObject, isBadRequest, type KubeObject, type Manifest, type PatchMeta, patchMeta, StatusError } from '../api/index.ts';
import { decodeObject } from './decode.ts';
import type { ApiRequest, PatchType, RequestOptions } from './request.ts';
import type { ApiServer } from './server.ts';

/** The patched object, decoded as if it had been sent whole. */
export function patched(server: ApiServer, request: ApiRequest, old: KubeObject): KubeObject {
  if (request.status) return { ...old, status: { ...old.status, ...request.status } };
  const { type, body } = request.patch!;
  if (type === 'apply') return applied(server, request, old);
  const patch = typeof body === 'string' ? parseJSON(body) : body;
  const result = apply(server, type, old, patch);
  checkNames(request, old, result);
  return decodePatched(server, old, result, request.options ?? {});
}

/** What a server-side apply makes of an object, or of none. */
function applied(server: ApiServer, request: ApiRequest, old: KubeObject): KubeObject {
  const { name, namespace, options, patch } = request;
  const isNew = !old.metadata.uid;
  const config = parseYAML(patch!.body);
  const object = server.registry.fields.apply(request, isNew ? undefined : old, config);
  const { apiVersion, kind, metadata } = object;
  if (metadata.name !== name) throw badRequest(metadata.name ? `the name of the object (${metadata.name}) does not match the name on the URL (${name})` : `the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (namespace && metadata.namespace && metadata.namespace !== namespace) throw badRequest(`the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${namespace})`);
  if (!isNew && object === old) return old;
  const { same, changed } = compared(old, object);
  try {
    return { ...same, ...decodeObject(server, apiVersion, kind, changed, options ?? {}).object } as KubeObject;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const why = error.why.replace(/^.*?unmarshalerDecoder: /, '').replace(/, error found at .*$/, '');
    throw new StatusError('', 500, `failed to convert new object to proper version: unable to convert unstructured object to ${apiVersion}, Kind=${kind}: ${why}`);
  }
}

/** YAML, of which JSON is a part. */
function parseYAML(body: unknown): Manifest {
  const value: unknown = typeof body === 'string' ? readYAML(body) : body;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  if (value === null) return {};
  const what = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${what} into Go value of type map[string]interface {}`);
}

function readYAML(text: string): unknown {
  try {
    return parse(text, { version: '1.1', merge: true });
  } catch (error) {
    const { code, linePos, message } = error as YAMLParseError;
    const why = code === 'TAB_AS_INDENT' ? `line ${linePos?.[0].line}: found a tab character that violates indentation` : message.split('\n')[0];
    throw badRequest(`error decoding YAML: error converting YAML to JSON: yaml: ${why}`);
  }
}

/** What a patch makes of an object must still be one of its kind. */
function decodePatched(server: ApiServer, old: KubeObject, result: KubeObject, options: RequestOptions): KubeObject {
  const refuse = (why: string) => invalidObject({ group: '', plural: '', kind: '' }, '', [invalid('patch', JSON.stringify(result), why)]);
  if (result.kind !== old.kind) throw refuse(`converting (${result.kind}) to (${old.kind}): unknown conversion`);
  try {
    const { same, changed } = compared(old, result);
    return { ...same, ...decodeObject(server, old.apiVersion, old.kind, changed, options).object } as KubeObject;
  } catch (error) {
    if (isBadRequest(error) && !error.message.includes('strict decoding error')) throw refuse(error.message.replace(/^.*? cannot be handled as a [^:]*: /, ''));
    throw error;
  }
}

/** What the patch left alone was decoded when it came. */
function compared(old: KubeObject, result: KubeObject): { same: Manifest; changed: Manifest } {
  const [same, changed]: [Manifest, Manifest] = [{}, { apiVersion: result.apiVersion, kind: result.kind }];
  for (const key in result) (result[key] === old[key] ? same : changed)[key] = result[key];
  return { same, changed };
}

function apply(server: ApiServer, type: Exclude<PatchType, 'apply'>, old: KubeObject, patch: unknown): KubeObject {
  const { version } = server;
  switch (type) {
    case 'json':
      if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
      return applyJsonPatch(old, patch, version);
    case 'merge':
      return applyMergePatch(old, patch);
    case 'strategic':
      return applyStrategicPatch(old, patch, mergeRules(old), version);
  }
}

function mergeRules({ apiVersion, kind }: KubeObject): PatchMeta {
  const rules = patchMeta(apiVersion, kind);
  if (!rules) throw new StatusError('UnsupportedMediaType', 415, 'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json');
  return rules;
}

function checkNames({ name, namespace, resource }: ApiRequest, old: KubeObject, { metadata }: KubeObject): void {
  if (metadata?.name !== name) throw badRequest(`the name of the object (${metadata?.name ?? ''}) does not match the name on the URL (${name})`);
  if (resource.namespaced && metadata.namespace !== old.metadata.namespace) {
    throw badRequest(`the namespace of the object (${metadata.namespace ?? ''}) does not match the namespace on the request (${namespace})`);
  }
}

function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(goJSONError(text) ?? 'unexpected end of JSON input');
  }
}
