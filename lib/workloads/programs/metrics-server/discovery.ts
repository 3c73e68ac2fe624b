// What metrics-server says of its API: groups, kinds and their schemas.
// Differs from Kubernetes: of OpenAPI v2 only the operations that clients look for, and ObjectMeta without its fields.
import { group, groupVersion } from './objects.ts';

type Json = Record<string, unknown>;

const one = { groupVersion, version: 'v1beta1' };
const verbs = ['get', 'list'];

const own = (name: string) => `io.k8s.metrics.pkg.apis.metrics.v1beta1.${name}`;
const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
const typeMeta = {
  apiVersion: { description: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${conventions}#resources`, type: 'string' },
  kind: { description: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${conventions}#types-kinds`, type: 'string' },
};
const time = { description: 'The following fields define time interval from which metrics were collected from the interval [Timestamp-Window, Timestamp].', type: 'string', format: 'date-time' };
const window = { type: 'string' };
const usage = { description: 'The memory usage is the memory working set.', type: 'object', additionalProperties: { type: 'string' } };
const kind = (name: string, description: string, properties: Json): Json => ({ description, type: 'object', properties: { ...typeMeta, metadata: ref(objectMeta), timestamp: time, window, ...properties }, 'x-kubernetes-group-version-kind': [{ group, kind: name, version: 'v1beta1' }] });

const definitions: Json = {
  [objectMeta]: { description: 'ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create.', type: 'object' },
  [own('ContainerMetrics')]: { description: 'ContainerMetrics sets resource usage metrics of a container.', type: 'object', properties: { name: { description: 'Container name corresponding to the one from pod.spec.containers.', type: 'string' }, usage } },
  [own('NodeMetrics')]: kind('NodeMetrics', 'NodeMetrics sets resource usage metrics of a node.', { usage }),
  [own('PodMetrics')]: kind('PodMetrics', 'PodMetrics sets resource usage metrics of a pod.', { containers: { description: 'Metrics for all containers are collected within the same time window.', type: 'array', items: ref(own('ContainerMetrics')) } }),
};

const read = (name: string, action: string): Json => ({ get: { responses: { 200: { description: 'OK', schema: ref(own(name)) } }, 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': { group, kind: name, version: 'v1beta1' } } });

const documents: Record<string, object> = {
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [{ name: group, versions: [one], preferredVersion: one }] },
  [`/apis/${group}`]: { kind: 'APIGroup', apiVersion: 'v1', name: group, versions: [one], preferredVersion: one },
  [`/apis/${groupVersion}`]: {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: [
      { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs },
      { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs },
    ],
  },
  '/openapi/v2': {
    swagger: '2.0',
    info: { title: 'Kubernetes metrics-server', version: 'v0.8.0' },
    paths: {
      [`/apis/${groupVersion}/nodes`]: read('NodeMetrics', 'list'),
      [`/apis/${groupVersion}/nodes/{name}`]: read('NodeMetrics', 'get'),
      [`/apis/${groupVersion}/pods`]: read('PodMetrics', 'list'),
      [`/apis/${groupVersion}/namespaces/{namespace}/pods`]: read('PodMetrics', 'list'),
      [`/apis/${groupVersion}/namespaces/{namespace}/pods/{name}`]: read('PodMetrics', 'get'),
    },
    definitions,
  },
};

export const discovery = (path: string): object | undefined => (Object.hasOwn(documents, path) ? documents[path] : undefined);
