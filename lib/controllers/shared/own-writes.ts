// What a controller wrote and its cache does not show yet. While there is something, its counts would be wrong.
import type { KubeObject } from '../../api/index.ts';
import type { CacheEvent } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import type { Clock } from '../../sim/index.ts';
import { expectationsTimeout } from './expectations.ts';

export interface OwnWrites {
  /** `before` is what was replaced: a write that changed nothing is followed by no event. */
  wrote(scope: string, object: KubeObject, before?: KubeObject): void;
  removed(scope: string, object: KubeObject): void;
  /** Takes in what the cache shows. */
  observe(scope: string, event: CacheEvent): void;
  pending(scope: string): boolean;
  forget(scope: string): void;
}

interface Write {
  /** The resource version that must be seen; Infinity for a deletion. */
  version: number;
  at: number;
}

export function createOwnWrites(clock: Clock): OwnWrites {
  const scopes = new Map<string, Map<string, Write>>();
  function note(scope: string, object: KubeObject, version: number): void {
    let writes = scopes.get(scope);
    if (!writes) scopes.set(scope, (writes = new Map()));
    writes.set(keyText(object.metadata), { version, at: clock.now });
  }
  return {
    wrote(scope, object, before) {
      if (object.metadata.resourceVersion !== before?.metadata.resourceVersion) note(scope, object, Number(object.metadata.resourceVersion));
    },
    removed: (scope, object) => note(scope, object, Infinity),
    observe(scope, { type, object }) {
      const writes = scopes.get(scope);
      const write = writes?.get(keyText(object.metadata));
      if (!write || (type !== 'DELETED' && Number(object.metadata.resourceVersion) < write.version)) return;
      writes!.delete(keyText(object.metadata));
      if (writes!.size === 0) scopes.delete(scope);
    },
    pending(scope) {
      for (const { at } of scopes.get(scope)?.values() ?? []) if (clock.now - at <= expectationsTimeout) return true;
      return false;
    },
    forget: (scope) => void scopes.delete(scope),
  };
}
