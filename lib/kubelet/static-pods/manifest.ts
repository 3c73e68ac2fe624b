// From a file to a pod, without the API server (pkg/kubelet/config/common.go).
import { parse } from 'yaml';
import { complete, decode, draft, findResource, freeze, hex, type KubeObject, type Pod, podQOSClass, sha256, type Toleration, validateObjectMeta, type Version } from '../../api/index.ts';

export const annotationKeys = { hash: 'kubernetes.io/config.hash', mirror: 'kubernetes.io/config.mirror', seen: 'kubernetes.io/config.seen', source: 'kubernetes.io/config.source' } as const;

/** Where a manifest lies, and for whom it is read. */
export interface ManifestFacts {
  path: string;
  nodeName: string;
  version: Version;
  /** RFC 3339. */
  now: string;
}

/** The pod that a manifest describes, named after its node; its uid is a hash of what it says. Throws when it is none. */
export function podOfManifest(text: string, facts: ManifestFacts): Pod {
  const pod = draft(decoded(parse(text, { version: '1.1', merge: true, uniqueKeys: false, logLevel: 'silent' }), facts.version)) as unknown as Pod;
  const { strategy } = findResource('Pod', facts.version)!;
  const { metadata } = pod;
  const context = { version: facts.version, now: facts.now, namespace: (metadata.namespace ??= 'default'), find: () => undefined };
  strategy!.defaults!(pod, context);
  applyDefaults(pod, facts);
  const errors = [...validateObjectMeta(metadata, { namespaced: true }), ...strategy!.validate!(pod, context)];
  if (errors.length > 0) throw new Error(`invalid pod: ${errors.map(({ field, message }) => `${field}: ${message}`).join(', ')}`);
  return freeze(pod);
}

function decoded(value: unknown, version: Version): KubeObject {
  const { apiVersion, kind } = (value ?? {}) as KubeObject;
  if (apiVersion !== 'v1' || kind !== 'Pod') throw new Error(`invalid pod: ${JSON.stringify(value)}`);
  const object = complete('v1', 'Pod', decode('v1', 'Pod', value as KubeObject, { version }).object);
  return { ...object, metadata: { ...object.metadata } };
}

/** Nothing evicts it for a fault of its node. */
const toleration: Toleration = { effect: 'NoExecute', operator: 'Exists' };

function applyDefaults(pod: Pod, { path, nodeName }: ManifestFacts): void {
  const { metadata, spec } = pod;
  metadata.uid ||= hex(sha256(`host:${nodeName}file:${path}${JSON.stringify(pod)}`)).slice(0, 32);
  metadata.name = `${metadata.name}-${nodeName.toLowerCase()}`;
  metadata.annotations = { ...metadata.annotations, [annotationKeys.hash]: metadata.uid, [annotationKeys.source]: 'file' };
  spec.nodeName = nodeName;
  spec.tolerations = [...(spec.tolerations ?? []), toleration];
  pod.status = { phase: 'Pending', qosClass: podQOSClass(spec) };
}

export const isMirror = ({ metadata }: Pick<KubeObject, 'metadata'>): boolean => metadata.annotations !== undefined && annotationKeys.mirror in metadata.annotations;

/** What the runtime knows a pod by: a mirror pod's containers are those of its static pod. */
export const runtimeUid = ({ metadata }: Pod): string => metadata.annotations?.[annotationKeys.mirror] ?? metadata.uid;

export const fullName = ({ metadata }: Pick<KubeObject, 'metadata'>): string => `${metadata.namespace ?? 'default'}/${metadata.name}`;
