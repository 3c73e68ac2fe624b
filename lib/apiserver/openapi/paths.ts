// The paths of an OpenAPI document: which methods a kind answers, and which parameters they know.
import { type Version, verbsOf } from '../../api/index.ts';
import { gvkOf, type Json, type ServedKind } from './definitions.ts';

const methods: Record<string, [method: string, action: string]> = {
  list: ['get', 'list'],
  create: ['post', 'post'],
  deletecollection: ['delete', 'deletecollection'],
  get: ['get', 'get'],
  update: ['put', 'put'],
  patch: ['patch', 'patch'],
  delete: ['delete', 'delete'],
};
const onCollection = ['list', 'create', 'deletecollection'];
const onObject = ['get', 'update', 'patch', 'delete'];
const writes = new Set(['create', 'update', 'patch']);

export interface Parameter {
  name: string;
  description: string;
}

/** `parameter` writes a query parameter of type string in the document's dialect, `body` an answer. */
export interface Writer {
  parameter(parameter: Parameter): Json;
  responses: Json;
}

export function pathsOf(kinds: readonly ServedKind[], { release, writer }: { release: Version; writer: Writer }): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const kind of kinds) {
    const { resource, version } = kind;
    const root = resource.group ? `/apis/${resource.group}/${version}` : `/api/${version}`;
    const collection = `${root}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`;
    const verbs = verbsOf(resource, release);
    const operations = (among: readonly string[]) => Object.fromEntries(among.filter((verb) => verbs.includes(verb)).map((verb) => [methods[verb]![0], operation(kind, verb, release, writer)]));
    paths[collection] = operations(onCollection);
    paths[`${collection}/{name}`] = operations(onObject);
    if (resource.namespaced && verbs.includes('list')) paths[`${root}/${resource.plural}`] = operations(['list']);
  }
  return Object.fromEntries(Object.entries(paths).filter(([, item]) => Object.keys(item).length > 0));
}

function operation(kind: ServedKind, verb: string, release: Version, { parameter, responses }: Writer): Json {
  const parameters = writes.has(verb)
    ? [
        { name: 'dryRun', description: 'When present, indicates that modifications should not be persisted.' },
        { name: 'fieldManager', description: 'fieldManager is a name associated with the actor or entity that is making these changes.' },
        ...(release.has('field-validation') ? [{ name: 'fieldValidation', description: 'fieldValidation instructs the server on how to handle objects in the request (POST/PUT/PATCH) containing unknown or duplicate fields.' }] : []),
      ]
    : [];
  return { 'x-kubernetes-action': methods[verb]![1], 'x-kubernetes-group-version-kind': gvkOf(kind), ...(parameters.length > 0 && { parameters: parameters.map(parameter) }), responses };
}
