// What wakes a controller: its own kind, what its objects own, or a mapping of one's own.
import type { KubeObject, OwnerReference } from '../api/index.ts';
import { keyOf } from './keys.ts';
import type { CacheEvent, Client, Key, Request, Watch } from './types.ts';

/** Every change of an object of this kind asks for that object. */
export function forObject(kind: string): Watch {
  return { kind, requests: ({ object }: CacheEvent) => [keyOf(object)] };
}

/** A change of an object of `kind` asks for the `ownerKind` that controls it (and for the one that did before). */
export function forOwner(kind: string, ownerKind: string): Watch {
  return {
    kind,
    requests({ object, old }: CacheEvent) {
      const owner = controllerNamed(object, ownerKind);
      const former = old && controllerNamed(old, ownerKind);
      const keys: Key[] = owner ? [{ namespace: object.metadata.namespace, name: owner.name }] : [];
      if (former && former.uid !== owner?.uid) keys.push({ namespace: object.metadata.namespace, name: former.name });
      return keys;
    },
  };
}

/** A change of an object of `kind` asks for whatever `map` names. */
export function forMapped(kind: string, map: (event: CacheEvent<any>, client: Client) => Request[]): Watch {
  return { kind, requests: map };
}

function controllerNamed(object: KubeObject, kind: string): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller && owner.kind === kind);
}
