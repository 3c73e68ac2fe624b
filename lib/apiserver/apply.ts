// Server-side apply: the body says what its sender wants of an object; everything else is left to the others.
import { badRequest, complete, DecodeError, type KubeObject, type Manifest, StatusError } from '../api/index.ts';
import { decodeObject } from './decode.ts';
import type { ApiRequest } from './request.ts';
import type { ApiServer } from './server.ts';
import { readYAML } from './yaml-body.ts';

/** What a server-side apply makes of an object, or of none, with its managed fields. */
export function applied(server: ApiServer, request: ApiRequest, old: KubeObject): KubeObject {
  const isNew = !old.metadata.uid;
  const object = server.registry.fields.apply(request, isNew ? undefined : old, configOf(request.patch!.body));
  checkNames(request, object);
  return converted(server, object);
}

function converted(server: ApiServer, object: KubeObject): KubeObject {
  const { apiVersion, kind } = object;
  try {
    return complete(apiVersion, kind, decodeObject(server, apiVersion, kind, object, { fieldValidation: 'Ignore' }).object as KubeObject);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new StatusError('', 500, `failed to convert new object to proper version: unable to convert unstructured object to ${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}: ${error.converted}`);
  }
}

function checkNames({ name, namespace }: ApiRequest, { metadata }: KubeObject): void {
  if (!metadata.name) throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (metadata.name !== name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  if (namespace && metadata.namespace && metadata.namespace !== namespace) throw badRequest(`the namespace of the object (${metadata.namespace}) does not match the namespace on the request (${namespace})`);
}

/** YAML, of which JSON is a part. */
function configOf(body: unknown): Manifest {
  const value = typeof body === 'string' ? parsed(body) : body;
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Manifest;
  const what = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${what} into Go value of type map[string]interface {}`);
}

function parsed(text: string): unknown {
  const { value, problem } = readYAML(text);
  if (problem) throw badRequest(`error decoding YAML: error converting YAML to JSON: ${problem}`);
  return value;
}
