// PATCH: what is stored, and a patch, make the object that a PUT would have sent.
import { applyJsonPatch, applyMergePatch, applyStrategicPatch, badRequest, complete, DecodeError, goFormat, goJSONError, goJsonType, groupVersionOf, inApiVersion, invalidPatch, isKnownKind, type KubeObject, type Manifest, type PatchMeta, patchMeta, StatusError } from '../api/index.ts';
import { applied } from './apply.ts';
import { decodeObject, notAnObject, unknownKind } from './decode.ts';
import type { ApiRequest, PatchType } from './request.ts';
import type { ApiServer } from './server.ts';

/** The patched object, decoded as if it had been sent whole. */
export function patched(server: ApiServer, request: ApiRequest, old: KubeObject): KubeObject {
  if (request.status) return { ...old, status: withStatus(old.status, request.status) };
  const { type, body } = request.patch!;
  if (type !== 'apply' && request.version && request.resource.convert) old = inApiVersion(request.resource, old, groupVersionOf(request.resource, request.version));
  if (type === 'apply') return applied(server, request, old);
  const patch = typeof body === 'string' ? parse(body, type) : body;
  const result = apply(server, type, old, patch);
  const object = type === 'strategic' ? converted(server, old, result, patch) : decodePatched(server, old, result);
  if (request.options?.fieldValidation === 'Strict') decodeObject(server, old.apiVersion, old.kind, result, request.options);
  checkNames(request, old, object);
  return complete(old.apiVersion, old.kind, object);
}

/** A field that is undefined goes away. */
function withStatus(old: Record<string, unknown> | undefined, status: Record<string, unknown>): Record<string, unknown> {
  const out = { ...old, ...status };
  for (const key in status) if (status[key] === undefined) delete out[key];
  return out;
}

/** A strategic patch is applied to data, which is then converted to what the object is, whatever kind it says it is. */
function converted(server: ApiServer, old: KubeObject, result: KubeObject, patch: unknown): KubeObject {
  const text = (given: string, own: string) => (typeof given === 'number' ? given : own);
  const named = { ...result, apiVersion: text(result.apiVersion, old.apiVersion), kind: text(result.kind, old.kind) };
  return decoded(server, old, named, (error) => invalidPatch(goFormat(patch), error.converted));
}

/** What another patch makes of an object must still be one of its kind. */
function decodePatched(server: ApiServer, old: KubeObject, result: KubeObject): KubeObject {
  const refuse = (why: string) => invalidPatch(JSON.stringify(result), why);
  if (Array.isArray(result)) throw refuse(notAnObject(result));
  const { kind = old.kind, apiVersion = old.apiVersion } = result;
  if (kind !== old.kind || apiVersion !== old.apiVersion) throw refuse(isKnownKind(apiVersion, kind, server.version) ? `converting (${kind}) to (${old.kind}): unknown conversion` : unknownKind(apiVersion, kind));
  return decoded(server, old, { ...result, kind, apiVersion }, (error) => refuse(error.why));
}

function decoded(server: ApiServer, old: KubeObject, result: KubeObject, refusal: (error: DecodeError) => StatusError): KubeObject {
  try {
    const { same, changed } = compared(old, result);
    return { ...same, ...decodeObject(server, old.apiVersion, old.kind, changed, { fieldValidation: 'Ignore' }).object } as KubeObject;
  } catch (error) {
    if (error instanceof DecodeError) throw refusal(error);
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
      if (patch !== null && !Array.isArray(patch)) throw badRequest(`json: cannot unmarshal ${goJsonType(patch)} into Go value of type jsonpatch.Patch`);
      return applyJsonPatch(old, patch ?? []);
    case 'merge':
      return applyMergePatch(old, patch);
    case 'strategic':
      return applyStrategicPatch(old, patch, mergeRules(old), version);
  }
}

function mergeRules({ apiVersion, kind }: KubeObject): PatchMeta {
  const rules = patchMeta(apiVersion, kind);
  if (!rules) throw new StatusError('UnsupportedMediaType', 415, 'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml');
  return rules;
}

function checkNames({ name, namespace, resource }: ApiRequest, old: KubeObject, { metadata }: Partial<KubeObject>): void {
  if (!metadata?.name) throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (metadata.name !== name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  const scope = resource.kind === 'Namespace' ? name : old.metadata.namespace;
  if (scope && metadata.namespace && metadata.namespace !== scope) throw badRequest(`the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${namespace ?? name})`);
}

/** Each library that reads a patch has its own words for a text that is no JSON. */
function parse(text: string, type: PatchType): unknown {
  const problem = goJSONError(text);
  if (!problem) return JSON.parse(text);
  if (type === 'merge') throw new StatusError('', 500, 'Invalid JSON Patch');
  if (type === 'strategic' && problem === 'unexpected end of JSON input') throw badRequest(text.trim() === '' ? 'EOF' : 'unexpected EOF');
  throw badRequest(problem);
}
