// Optimistic concurrency: an update names the object and the version that it is meant for.
import { conflict, invalidObject, type KubeObject, objectModified, type Resource, StatusError } from '../api/index.ts';
import type { ApiRequest } from './request.ts';
import { keyOf } from './storage.ts';

export function checkPreconditions({ resource, verb }: ApiRequest, object: KubeObject, old: KubeObject): void {
  const { metadata } = object;
  const name = old.metadata.name;
  // A patch has no preconditions: validation refuses another uid.
  if (verb === 'update' && metadata.uid && metadata.uid !== old.metadata.uid) {
    throw wrongUid(resource, old.metadata, metadata.uid);
  }
  if (metadata.resourceVersion && metadata.resourceVersion !== '0') {
    if (!/^\d+$/.test(metadata.resourceVersion)) throw new StatusError('', 500, `strconv.ParseUint: parsing ${JSON.stringify(metadata.resourceVersion)}: invalid syntax`);
    if (metadata.resourceVersion !== old.metadata.resourceVersion) throw conflict(resource, name, objectModified);
  } else if (resource.strategy?.allowUnconditionalUpdate === false && verb === 'update') {
    // The kind is named as in a path here, in Kubernetes too.
    throw invalidObject({ ...resource, kind: resource.plural }, name, [{ type: 'FieldValueInvalid', field: 'metadata.resourceVersion', message: 'Invalid value: 0x0: must be specified for an update' }]);
  }
}

export function wrongUid(resource: Resource, { namespace, name, uid }: { namespace?: string; name: string; uid: string }, asked: string): StatusError {
  const why = `Precondition failed: UID in precondition: ${asked}, UID in object meta: ${uid}`;
  return conflict(resource, name, `StorageError: invalid object, Code: 4, Key: ${keyOf(resource, namespace, name)}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`);
}
