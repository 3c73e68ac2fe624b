// PATCH: what is stored, and a patch, make the object that a PUT would have sent.
import { applyJsonPatch, applyMergePatch, applyStrategicPatch, badRequest, goJSONError, invalid, invalidObject, isBadRequest, type KubeObject, type Manifest, type PatchMeta, patchMeta, StatusError } from '../api/index.ts';
import { decodeObject } from './decode.ts';
import type { ApiRequest, PatchType, RequestOptions } from './request.ts';
import type { ApiServer } from './server.ts';

/** The patched object, decoded as if it had been sent whole. */
export function patched(server: ApiServer, request: ApiRequest, old: KubeObject): KubeObject {
  if (request.status) return { ...old, status: { ...old.status, ...request.status } };
  const { type, body } = request.patch!;
  const patch = typeof body === 'string' ? parse(body) : body;
  const result = apply(server, type, old, patch);
  checkNames(request, old, result);
  return decodePatched(server, old, result, request.options ?? {});
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

function apply(server: ApiServer, type: PatchType, old: KubeObject, patch: unknown): KubeObject {
  const { version } = server;
  switch (type) {
    case 'json':
      if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
      return applyJsonPatch(old, patch, version);
    case 'merge':
      return applyMergePatch(old, patch);
    case 'strategic':
      return applyStrategicPatch(old, patch, mergeRules(old), version);
    case 'apply':
      // Differs from Kubernetes: server-side apply needs managed fields, which are not kept yet.
      throw new StatusError('UnsupportedMediaType', 415, 'server-side apply is not supported by this server yet');
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(goJSONError(text) ?? 'unexpected end of JSON input');
  }
}
