// The key of an object: its place among those of its kind.
import type { KubeObject } from '../api/index.ts';
import type { Key } from './types.ts';

export function keyOf({ metadata }: KubeObject): Key {
  return { namespace: metadata.namespace, name: metadata.name };
}

/** A key as text, for maps: `default/web`, or `worker-1` for what lies in no namespace. */
export function keyText({ namespace, name }: Key): string {
  return namespace ? `${namespace}/${name}` : name;
}
