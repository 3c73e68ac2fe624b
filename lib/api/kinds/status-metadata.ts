// What writes of status may not change in the metadata of some kinds. Who owns which fields is kept up to date.
import type { KubeObject } from '../types.ts';

/** All of it. */
export function keepMetadata(draft: KubeObject, { metadata }: KubeObject): void {
  const { managedFields } = draft.metadata;
  draft.metadata = { ...metadata };
  if (managedFields) draft.metadata.managedFields = managedFields;
  else delete draft.metadata.managedFields;
}

const reset = ['deletionTimestamp', 'generation', 'labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** ResetObjectMetaForStatus (apimachinery/pkg/apis/meta/v1/helpers.go). */
export function resetMetadataForStatus(draft: KubeObject, { metadata }: KubeObject): void {
  for (const field of reset) {
    if (metadata[field] === undefined) delete draft.metadata[field];
    else Object.assign(draft.metadata, { [field]: metadata[field] });
  }
}
