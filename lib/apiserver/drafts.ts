// Copies of objects on their way through a write, and what they are compared with.
import { draft, equal, type KubeObject } from '../api/index.ts';

/** Deleted, and nothing holds it any more. */
export function mayGo({ metadata, spec }: KubeObject): boolean {
  if (!metadata.deletionTimestamp || (metadata.deletionGracePeriodSeconds ?? 0) > 0) return false;
  return !metadata.finalizers?.length && !(spec?.finalizers?.length > 0);
}

/** A copy that may be changed, sharing with `old` what `object` shares with it. */
export function draftUpdate(object: KubeObject, old: KubeObject): KubeObject {
  const next: Record<string, unknown> = {};
  for (const key in object) next[key] = object[key] === old[key] && key !== 'metadata' ? object[key] : draft(object[key]);
  return next as unknown as KubeObject;
}

/** True when nothing but the resource version differs. */
export function sameButVersion(a: KubeObject, b: KubeObject): boolean {
  for (const key in a) if (key !== 'metadata' && !equal(a[key], b[key])) return false;
  for (const key in b) if (key !== 'metadata' && b[key] !== undefined && !(key in a)) return false;
  return a.metadata === b.metadata || equal({ ...a.metadata, resourceVersion: '' }, { ...b.metadata, resourceVersion: '' });
}
