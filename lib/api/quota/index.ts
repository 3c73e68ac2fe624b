// Quotas, as the API server's admission and the quota controller both reckon them.
import { findResource, resourcesOf } from '../kinds/index.ts';
import type { Resource } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { type Amounts, addAmounts, pickAmounts, zero } from './amounts.ts';
import { claims } from './claims.ts';
import { countName, type Evaluator, type Measuring, objectCount, type ScopeRequirement } from './evaluator.ts';
import { pods } from './pods.ts';
import { scopesOf } from './scopes.ts';
import { services } from './services.ts';

export { type Amounts, addAmounts, amountsOf, excess, listOf, maxAmounts, pickAmounts, positiveAmounts, type ResourceList, sameAmounts } from './amounts.ts';
export type { Evaluator, Measuring, ScopeRequirement } from './evaluator.ts';
export { podLimits, podRequests } from './pod-amounts.ts';
export { isPodCharged } from './pods.ts';
export { scopesOf } from './scopes.ts';

const special: Record<string, Evaluator> = { Pod: pods, Service: services, PersistentVolumeClaim: claims };
const counted = new Map<Resource, Evaluator>();

/** How a kind is measured; undefined for what no quota limits. */
export function evaluatorOf(resource: Resource): Evaluator | undefined {
  if (!resource.namespaced || resource.transient || resource.discoveryOnly || resource.kind === 'Event' || resource.kind === 'Binding') return undefined;
  if (resource.group === '' && resource.kind in special) return special[resource.kind];
  let evaluator = counted.get(resource);
  if (!evaluator) counted.set(resource, (evaluator = objectCount(resource)));
  return evaluator;
}

/** The kinds that use something of what is limited. */
export function measuredKinds(hard: readonly string[], version: Version): { resource: Resource; evaluator: Evaluator }[] {
  const always = ['Pod', 'Service', 'PersistentVolumeClaim', 'ConfigMap', 'Secret', 'ResourceQuota', 'ReplicationController'].map((kind) => findResource(kind)!);
  const named = hard.some((name) => name.startsWith('count/')) ? resourcesOf(version).filter((resource) => hard.includes(countName(resource))) : [];
  return [...new Set([...always, ...named])].flatMap((resource) => {
    const evaluator = evaluatorOf(resource);
    return evaluator && evaluator.matching(hard).length > 0 ? [{ resource, evaluator }] : [];
  });
}

/** Whether a kind's object is in all scopes of a quota. */
export const isInScopes = (evaluator: Evaluator, object: KubeObject, scopes: readonly ScopeRequirement[]): boolean => scopes.every((scope) => evaluator.inScope?.(object, scope) ?? false);

/** What all objects of the quota's namespace use of what it limits. */
export function usageOf(quota: KubeObject, list: (resource: Resource) => Iterable<KubeObject>, measuring: Measuring): Amounts {
  const hard = Object.keys(quota.spec.hard ?? {});
  const scopes = scopesOf(quota);
  let total: Amounts = {};
  for (const { resource, evaluator } of measuredKinds(hard, measuring.version)) {
    const names = evaluator.matching(hard);
    total = addAmounts(total, Object.fromEntries(names.map((name) => [name, zero])));
    for (const object of list(resource)) if (isInScopes(evaluator, object, scopes)) total = addAmounts(total, pickAmounts(evaluator.usage(object, measuring), names));
  }
  return total;
}
