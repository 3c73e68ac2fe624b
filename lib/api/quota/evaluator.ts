// What a quota asks of a kind: which of its names it knows, and what one object uses of them.
import type { Resource } from '../resource.ts';
import { qualified } from '../status.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { type Amounts, one } from './amounts.ts';

export interface Measuring {
  version: Version;
  /** Milliseconds. */
  now: number;
}

export interface ScopeRequirement {
  scopeName: string;
  operator: string;
  values?: readonly string[];
}

export interface Evaluator {
  /** The names among `hard` that this kind uses. */
  matching(hard: readonly string[]): string[];
  usage(object: KubeObject, measuring: Measuring): Amounts;
  /** True when an update may change what is used. */
  countsUpdates?: boolean;
  /** Whether an object is in a scope; a kind without scopes is in none. */
  inScope?(object: KubeObject, requirement: ScopeRequirement): boolean;
  /** What is missing before the object can be counted at all. */
  missing?(object: KubeObject, required: readonly string[], version: Version): string | undefined;
}

/** `count/deployments.apps`, `count/pods` */
export const countName = (resource: Resource): string => `count/${qualified(resource)}`;

/** Names from before `count/…`. */
const oldNames: Record<string, true> = { ConfigMap: true, ResourceQuota: true, ReplicationController: true, Secret: true };

/** Counts the objects of a kind. */
export function objectCount(resource: Resource): Evaluator {
  const names = resource.group === '' && resource.kind in oldNames ? [countName(resource), resource.plural] : [countName(resource)];
  const usage = Object.fromEntries(names.map((name) => [name, one]));
  return { matching: (hard) => hard.filter((name) => names.includes(name)), usage: () => usage };
}
