// One object, several API versions.
import type { Resource } from './resource.ts';
import type { KubeObject } from './types.ts';

/** The object as it looks in an API version of its kind (`apps/v1`). */
export function inApiVersion({ convert }: Pick<Resource, 'convert'>, object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  return convert ? convert(object, apiVersion) : { ...object, apiVersion };
}

/** `apps/v1`, `v1` */
export const groupVersionOf = ({ group }: Pick<Resource, 'group'>, version: string): string => (group ? `${group}/${version}` : version);
