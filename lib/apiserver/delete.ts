// DELETE: grace periods, finalizers and propagation, as the generic registry decides them.
import { conflict, type KubeObject, type Resource, servedVersions } from '../api/index.ts';
import type { ServerParts } from './parts.ts';
import type { Registry } from './registry.ts';
import type { ApiRequest, RequestOptions } from './request.ts';
import { checkDeleteOptions } from './write-options.ts';

const orphan = 'orphan';
const foreground = 'foregroundDeletion';
/** Kinds whose DELETE answers with the object instead of a Status. */
const returnsObject = new Set(['Pod', 'Service', 'ServiceAccount', 'PersistentVolume', 'PersistentVolumeClaim', 'StorageClass', 'VolumeAttachment', 'CSIDriver', 'CSINode', 'CSIStorageCapacity', 'ResourceQuota', 'PodTemplate', 'Namespace']);

/** Deletes, or marks as being deleted; gives the body of the answer: the object, or a Status `Success`. */
export function deleteObject(registry: Registry, request: ApiRequest): { object: KubeObject; gone: boolean; body: unknown } {
  const { resource, namespace, name = '', options = {} } = request;
  const { parts } = registry;
  checkDeleteOptions(options);
  const old = parts.storage.get(resource, namespace, name);
  checkPreconditions(resource, old, options);
  registry.admitDelete(request, old);
  const marking = resource.strategy?.markDeleted;
  if (marking && !old.metadata.deletionTimestamp) {
    const next = marking(old, parts.clock.timestamp());
    const object = options.dryRun ? next : parts.storage.update(resource, old, next);
    if (!options.dryRun) registry.fields.carry(old, object);
    return { object, gone: false, body: object };
  }
  const marked = markForDeletion(parts, resource, old, { ...options, orphans: orphansByDefault(resource, request.version ?? servedVersions(resource, parts.version)[0]) });
  // Nothing is written before what goes at once; only a pod is marked first.
  const unwritten = marked === old || (resource.kind !== 'Pod' && !mustWait(resource, marked));
  const next = unwritten ? old : options.dryRun ? marked : parts.storage.update(resource, old, marked);
  if (!unwritten && !options.dryRun) registry.fields.carry(old, next);
  if (unwritten && marked !== old) return goes(parts, resource, old, options);
  if (mustWait(resource, next)) return { object: next, gone: false, body: resource.kind === 'Service' ? answer(parts, resource, next) : next };
  return goes(parts, resource, next, options);
}

function goes(parts: ServerParts, resource: Resource, object: KubeObject, { dryRun }: RequestOptions): { object: KubeObject; gone: boolean; body: unknown } {
  if (dryRun) return { object, gone: true, body: answer(parts, resource, object) };
  const last = parts.storage.remove(resource, object);
  parts.released(resource, last);
  return { object: last, gone: true, body: answer(parts, resource, last) };
}

function answer({ version }: ServerParts, resource: Resource, object: KubeObject): unknown {
  if (returnsObject.has(resource.kind) && (resource.kind !== 'Service' || version.has('service-delete-collection'))) return object;
  const { name, uid } = object.metadata;
  const details = { name, ...(resource.group && { group: resource.group }), kind: resource.plural, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** The object as it must be stored before it can go: with its deletion mark, grace period and finalizers. */
function markForDeletion(parts: ServerParts, resource: Resource, old: KubeObject, options: RequestOptions & { orphans: boolean }): KubeObject {
  const { metadata } = old;
  const finalizers = finalizersFor(metadata.finalizers ?? [], options);
  const grace = gracePeriod(resource, old, options);
  if (metadata.deletionTimestamp) return shorten(old, finalizers, grace, options);
  // A pod is marked even when it goes at once: its watchers see the mark, then the deletion.
  const waits = resource.kind === 'Pod' || finalizers.length > 0 || waitsForNamespace(resource, old);
  if (!waits) return old;
  const deletionTimestamp = parts.clock.timestamp();
  const next: KubeObject = {
    ...old,
    metadata: {
      ...metadata,
      ...(metadata.generation && { generation: metadata.generation + 1 }),
      finalizers: finalizers.length > 0 ? finalizers : undefined,
      deletionTimestamp: grace > 0 ? later(deletionTimestamp, grace) : deletionTimestamp,
      ...(resource.kind !== 'Namespace' && { deletionGracePeriodSeconds: grace }),
    },
  };
  if (finalizers.length === 0) delete next.metadata.finalizers;
  if (resource.kind === 'Namespace') next.status = { ...old.status, phase: 'Terminating' };
  return next;
}

/** A second DELETE may only shorten the grace period. */
function shorten(old: KubeObject, finalizers: string[], grace: number, options: RequestOptions): KubeObject {
  const { metadata } = old;
  if (old.kind === 'Namespace' && old.spec?.finalizers?.length > 0) return old;
  const pending = metadata.deletionGracePeriodSeconds ?? 0;
  if (pending > 0 && options.gracePeriodSeconds !== undefined && grace < pending) {
    const deletionTimestamp = later(metadata.deletionTimestamp!, grace - pending);
    return { ...old, metadata: { ...metadata, deletionTimestamp, deletionGracePeriodSeconds: grace } };
  }
  if (pending > 0 || sameSet(finalizers, metadata.finalizers ?? [])) return old;
  const next = { ...old, metadata: { ...metadata, finalizers } };
  if (finalizers.length === 0) delete (next.metadata as Partial<typeof metadata>).finalizers;
  return next;
}

/** Only pods know a grace period; one that no kubelet runs needs none. */
function gracePeriod(resource: Resource, object: KubeObject, options: RequestOptions): number {
  if (resource.kind !== 'Pod') return 0;
  const asked = options.gracePeriodSeconds ?? object.spec.terminationGracePeriodSeconds ?? 30;
  const nobodyRunsIt = !object.spec.nodeName || object.status?.phase === 'Failed' || object.status?.phase === 'Succeeded';
  return nobodyRunsIt ? 0 : asked;
}

function finalizersFor(present: string[], options: RequestOptions & { orphans: boolean }): string[] {
  const others = present.filter((f) => f !== orphan && f !== foreground);
  const { propagationPolicy, orphanDependents } = options;
  const said = propagationPolicy !== undefined || orphanDependents !== undefined;
  const orphans = propagationPolicy === 'Orphan' || orphanDependents === true || (!said && (present.includes(orphan) || options.orphans));
  const waits = propagationPolicy === 'Foreground' || (!said && present.includes(foreground));
  return [...others, ...(orphans ? [orphan] : []), ...(waits ? [foreground] : [])];
}

/** API versions from a time when deleting the owner left what it owned alone. */
function orphansByDefault({ kind }: Resource, version: string | undefined): boolean {
  return kind === 'ReplicationController' || kind === 'Job' || (kind === 'CronJob' && version !== 'v1');
}

const waitsForNamespace = (resource: Resource, object: KubeObject) => resource.kind === 'Namespace' && object.spec?.finalizers?.length > 0;

function mustWait(resource: Resource, { metadata, ...object }: KubeObject): boolean {
  return (metadata.finalizers?.length ?? 0) > 0 || (metadata.deletionGracePeriodSeconds ?? 0) > 0 || (resource.kind === 'Namespace' && object.spec?.finalizers?.length > 0);
}

function checkPreconditions(resource: Resource, { metadata }: KubeObject, { preconditions }: RequestOptions): void {
  const named = { ...resource, plural: resource.kind };
  if (preconditions?.uid !== undefined && preconditions.uid !== metadata.uid) {
    throw conflict(named, metadata.name, `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`);
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== metadata.resourceVersion) {
    throw conflict(named, metadata.name, `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`);
  }
}

const sameSet = (a: string[], b: string[]) => a.length === b.length && a.every((x) => b.includes(x));

function later(time: string, seconds: number): string {
  return new Date(Date.parse(time) + seconds * 1000).toISOString().slice(0, 19) + 'Z';
}

