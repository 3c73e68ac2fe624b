// GET with export=true: an object as if it were to be created again, until v1.20 (registry/generic/registry/store.go).
import { badRequest, draft, invalid, invalidObject, type KubeObject, type Resource, type Version } from '../api/index.ts';
import type { ApiServer } from './server.ts';

const isTrue = (text: string | null) => text !== null && !['false', '0'].includes(text.toLowerCase());

/** Undefined when nobody asks for it. `exact` keeps what belongs to this cluster: the namespace, addresses, a status. */
export function exportOf(query: URLSearchParams, version: Version): { exact: boolean } | undefined {
  if (!query.has('export') || !isTrue(query.get('export'))) return undefined;
  if (version.has('no-export')) throw badRequest('the export parameter, deprecated since v1.14, is no longer supported');
  return { exact: isTrue(query.get('exact')) };
}

export function exported(server: ApiServer, resource: Resource, object: KubeObject, { exact }: { exact: boolean }): KubeObject {
  const copy = draft(object);
  const metadata = copy.metadata as Partial<KubeObject['metadata']>;
  for (const key of ['uid', 'deletionTimestamp', 'resourceVersion', ...(exact ? [] : ['namespace'])] as const) delete metadata[key as 'uid'];
  if ('schemaOf' in resource) delete metadata.creationTimestamp;
  else (metadata as Record<string, unknown>).creationTimestamp = null;
  if (metadata.generateName && !exact) delete metadata.name;
  const namespace = object.metadata.namespace ?? '';
  if (resource.kind !== 'Service' && resource.kind !== 'PodTemplate') resource.strategy?.prepareForCreate?.(copy, server.registry.context(namespace));
  if (resource.kind === 'Service') copy.status = { loadBalancer: {} };
  if (!exact) withoutPlace(copy);
  return copy;
}

/** What can only be true where the object is now. */
function withoutPlace(object: KubeObject): void {
  const { kind, spec, type, metadata } = object;
  if (kind === 'Node') object.status = { daemonEndpoints: { kubeletEndpoint: { Port: 0 } }, nodeInfo: emptyNodeInfo };
  if (kind === 'CertificateSigningRequest') object.status = {};
  if (kind === 'Secret' && (type === 'kubernetes.io/service-account-token' || metadata.annotations?.['kubernetes.io/service-account.uid'])) {
    throw invalidObject({ group: '', plural: 'secrets', kind }, metadata.name ?? '', [invalid('type', object, 'can not export service account secrets')]);
  }
  if (kind !== 'Service') return;
  if (spec.clusterIPs?.length && spec.clusterIPs[0] !== 'None') for (const key of ['clusterIP', 'clusterIPs']) delete spec[key];
  if (spec.type === 'NodePort') for (const port of spec.ports ?? []) delete port.nodePort;
}

const emptyNodeInfo = Object.fromEntries(['machineID', 'systemUUID', 'bootID', 'kernelVersion', 'osImage', 'containerRuntimeVersion', 'kubeletVersion', 'kubeProxyVersion', 'operatingSystem', 'architecture'].map((key) => [key, '']));
