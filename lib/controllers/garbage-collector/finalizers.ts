// The finalizers that say how an object goes: its dependents are set free, or go before it.
import type { KubeObject } from '../../api/index.ts';
import type { DeleteOptions } from '../../client/index.ts';

export const orphanFinalizer = 'orphan';
export const foregroundFinalizer = 'foregroundDeletion';

export function isDeleting({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes(finalizer) ?? false);
}

/** It goes once its dependents are gone or set free. */
export function waitsForDependents(object: KubeObject): boolean {
  return isDeleting(object, orphanFinalizer) || isDeleting(object, foregroundFinalizer);
}

/** A finalizer that says how to delete is honoured; otherwise dependents follow in the background. */
export function policyOf({ metadata: { finalizers = [] } }: KubeObject): DeleteOptions['propagationPolicy'] {
  if (finalizers.includes(orphanFinalizer)) return 'Orphan';
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
}
