// The hash in the name of a revision: FNV-1 over its data as Go writes JSON.
import { safeEncodeString } from '../../api/index.ts';

/** JSON with sorted keys, in which nothing can end a script tag. */
function goJSON(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJSON).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const object = value as Record<string, unknown>;
    const keys = Object.keys(object).filter((key) => object[key] !== undefined).sort();
    return `{${keys.map((key) => `${goText(key)}:${goJSON(object[key])}`).join(',')}}`;
  }
  return typeof value === 'string' ? goText(value) : JSON.stringify(value);
}

const goText = (text: string) => JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const encoder = new TextEncoder();

/** `collisionCount` tells revisions of one hash apart. */
export function revisionHash(data: unknown, collisionCount: number): string {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(goJSON(data) + collisionCount)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return safeEncodeString(String(hash));
}
