// JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces.
import { StatusError } from '../status.ts';

type Json = Record<string, unknown>;
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The patched object; parts that did not change are shared. Throws when the patch is neither object nor list. */
export function applyMergePatch<T>(object: T, patch: unknown): T {
  if (Array.isArray(patch)) return prune(patch) as T;
  if (!isMap(patch)) throw new StatusError('', 500, 'Invalid JSON Patch');
  return merge(object as Json, patch) as T;
}

function merge(object: Json, patch: Json): Json {
  const out: Json = { ...object };
  for (const [key, value] of Object.entries(patch)) {
    const old = out[key];
    if (value === null) delete out[key];
    else out[key] = isMap(value) && isMap(old) ? merge(old, value) : prune(value);
  }
  return out;
}

function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(prune);
  if (!isMap(value)) return value;
  const out: Json = {};
  for (const key in value) if (value[key] !== null) out[key] = prune(value[key]);
  return out;
}
