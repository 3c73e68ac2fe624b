// What kubernetes/sample-apiserver says of its kinds at /openapi/v2 (release 1.17: it knows no v3).
// Differs from Kubernetes: only the operations that clients look for, and ObjectMeta without its fields.

type Json = Record<string, unknown>;

const group = 'wardle.example.com';
const version = 'v1alpha1';
const root = `/apis/${group}/${version}`;
const own = (name: string) => `io.k8s.sample-apiserver.pkg.apis.wardle.${version}.${name}`;
const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });

const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
const typeMeta = {
  apiVersion: { description: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${conventions}#resources`, type: 'string' },
  kind: { description: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${conventions}#types-kinds`, type: 'string' },
};
const kind = (name: string, properties: Json): Json => ({ type: 'object', properties: { ...typeMeta, metadata: ref(objectMeta), ...properties }, 'x-kubernetes-group-version-kind': [{ group, kind: name, version }] });

const definitions: Json = {
  [objectMeta]: { description: 'ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create.', type: 'object' },
  [own('Fischer')]: kind('Fischer', { disallowedFlunders: { description: 'DisallowedFlunders holds a list of Flunder.Names that are disallowed.', type: 'array', items: { type: 'string' } } }),
  [own('Flunder')]: kind('Flunder', { spec: ref(own('FlunderSpec')), status: ref(own('FlunderStatus')) }),
  [own('FlunderSpec')]: {
    type: 'object',
    properties: {
      reference: { description: 'A name of another flunder or fischer, depending on the reference type.', type: 'string' },
      referenceType: { description: 'The reference type, defaults to "Flunder" if reference is set.', type: 'string' },
    },
  },
  [own('FlunderStatus')]: { type: 'object' },
};

const actions: Record<string, string> = { get: 'get', put: 'put', patch: 'patch', delete: 'delete' };
const gvk = (name: string) => ({ 'x-kubernetes-group-version-kind': { group, kind: name, version } });

function operations(name: string, methods: Record<string, string>): Json {
  const answer = { '200': { description: 'OK', schema: ref(own(name)) } };
  return Object.fromEntries(Object.entries(methods).map(([method, action]) => [method, { responses: answer, 'x-kubernetes-action': action, ...gvk(name) }]));
}

export const openapi = {
  swagger: '2.0',
  info: { title: 'Wardle', version: '0.1' },
  paths: {
    [`${root}/fischers`]: operations('Fischer', { get: 'list', post: 'post' }),
    [`${root}/fischers/{name}`]: operations('Fischer', actions),
    [`${root}/namespaces/{namespace}/flunders`]: operations('Flunder', { get: 'list', post: 'post' }),
    [`${root}/namespaces/{namespace}/flunders/{name}`]: operations('Flunder', actions),
  },
  definitions,
};
