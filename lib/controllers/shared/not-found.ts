// Others delete too: what is not there any more is no error for who wanted to read it, let go of it or delete it.
import { isConflict, isNotFound, type KubeObject } from '../../api/index.ts';
import type { Client, DeleteOptions, Key, KindName, Of } from '../../client/index.ts';

/** What the request answers; undefined when its object is not there. */
export function ignoreNotFound<T>(request: () => T): T | undefined {
  try {
    return request();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The object as the API server has it, for what must not be decided on the word of a late cache. */
export function getLive<K extends KindName>(client: Client, kind: K, key: Key): Of<K> | undefined {
  return ignoreNotFound(() => client.get(kind, key));
}

/** Deletes this very object: another that has its name by now stays. */
export function deleteExact(client: Client, object: KubeObject, options: DeleteOptions = {}): void {
  try {
    client.delete(object, { ...options, preconditions: { uid: object.metadata.uid } });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
