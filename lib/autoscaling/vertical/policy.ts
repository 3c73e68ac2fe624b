// What the object's owner allows (pkg/utils/vpa/capping.go, limit_and_request_scaling.go).
// Differs from Kubernetes: LimitRanges are not looked at; a pod that breaks one is refused.
import { type Container, parseQuantity, Quantity } from '../../api/index.ts';
import type { Amounts, ContainerPolicy, ContainerRecommendation, ResourceName, VerticalPodAutoscaler } from './types.ts';

const names: readonly ResourceName[] = ['cpu', 'memory'];

export function policyOf({ spec }: VerticalPodAutoscaler, container: string): ContainerPolicy | undefined {
  const all = spec.resourcePolicy?.containerPolicies ?? [];
  return all.find(({ containerName }) => containerName === container) ?? all.find(({ containerName }) => containerName === '*');
}

export const controlledResources = (vpa: VerticalPodAutoscaler, container: string): readonly ResourceName[] => policyOf(vpa, container)?.controlledResources ?? names;

const less = (a: string, b: string) => parseQuantity(a).cmp(parseQuantity(b)) < 0;

/** Brought between the least and the most that is allowed. */
export function capped(vpa: VerticalPodAutoscaler, recommendation: ContainerRecommendation): ContainerRecommendation {
  const policy = policyOf(vpa, recommendation.containerName);
  const { lowerBound, target, upperBound } = recommendation;
  const cap = (amounts: Amounts) => amountsOf((name) => between(amounts[name], policy?.minAllowed?.[name], policy?.maxAllowed?.[name]));
  return { ...recommendation, lowerBound: cap(lowerBound), target: cap(target), upperBound: cap(upperBound) };
}

function between(amount: string | undefined, min: string | undefined, max: string | undefined): string | undefined {
  if (amount === undefined) return undefined;
  const atLeast = min !== undefined && less(amount, min) ? min : amount;
  return max !== undefined && less(max, atLeast) ? max : atLeast;
}

function amountsOf(of: (name: ResourceName) => string | undefined): Amounts {
  return Object.fromEntries(names.flatMap((name) => {
    const amount = of(name);
    return amount === undefined ? [] : [[name, amount]];
  }));
}

/** What a container of a pod is to get: a target that its limit allows, and a limit as much larger than the request as before. */
export interface ContainerResources {
  requests: Amounts;
  limits: Amounts;
}

export function resourcesFor(vpa: VerticalPodAutoscaler, container: Container): ContainerResources | undefined {
  const found = vpa.status?.recommendation?.containerRecommendations?.find(({ containerName }) => containerName === container.name);
  if (!found) return undefined;
  const { requests = {}, limits = {} } = container.resources ?? {};
  const { target } = capped(vpa, found);
  if (policyOf(vpa, container.name)?.controlledValues === 'RequestsOnly') return { requests: amountsOf((name) => between(target[name], undefined, limits[name])), limits: {} };
  return { requests: target, limits: amountsOf((name) => proportional(name, { limit: limits[name], request: requests[name], target: target[name] })) };
}

function proportional(name: ResourceName, { limit, request, target }: { limit: string | undefined; request: string | undefined; target: string | undefined }): string | undefined {
  if (limit === undefined || target === undefined) return undefined;
  const [from, to, next] = [parseQuantity(request ?? '0'), parseQuantity(limit), parseQuantity(target)];
  if (from.sign === 0 || from.cmp(to) === 0) return target;
  const scale = name === 'cpu' ? -3 : 0;
  return new Quantity((to.scaled(scale) * next.scaled(scale)) / from.scaled(scale), scale, to.format).toString();
}
