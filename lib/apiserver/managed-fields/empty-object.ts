// The object that a create finds in place of one that is there.
import { complete, type KubeObject } from '../../api/index.ts';

/** Has the fields that Go prints even when nobody set them, so that nobody becomes their owner. */
export function emptyObject(apiVersion: string, kind: string): KubeObject {
  return complete(apiVersion, kind, { apiVersion, kind, metadata: {} } as KubeObject);
}
