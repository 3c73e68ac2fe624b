// Types of fields: decoding bodies, and the merge keys of strategic merge patches.
import type { PatchMeta } from '../patch/index.ts';
import type { Manifest } from '../types.ts';
import type { Version } from '../version.ts';

/** The object without the fields that its kind does not have; their paths are `unknown`. */
export function decode(_apiVersion: string, _kind: string, value: unknown, _options: { version: Version }): { object: Manifest; unknown: string[] } {
  return { object: value as Manifest, unknown: [] };
}

/** How strategic merge patches treat the lists of a kind. */
export function patchMeta(_apiVersion: string, _kind: string): PatchMeta {
  return {};
}
