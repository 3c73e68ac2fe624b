// What a Pod uses of a quota (pkg/quota/v1/evaluator/core/pods.go).
import { computeResources, isExtendedResource, isHugePages, isNativeResource } from '../kinds/resource-names.ts';
import { countedPod } from '../counted-pod.ts';
import { isPodTerminal } from '../pod-helpers.ts';
import type { Quantity } from '../quantity.ts';
import type { Container, Pod } from '../types.ts';
import { type Amounts, addAmounts, amountsOf, one } from './amounts.ts';
import type { Evaluator } from './evaluator.ts';
import { podLimits, podRequests } from './pod-amounts.ts';
import { podInScope } from './scopes.ts';

const names = new Set(['count/pods', 'pods', ...computeResources, ...['requests.', 'limits.'].flatMap((prefix) => [...computeResources].map((name) => prefix + name))]);
const isKnown = (name: string) => names.has(name) || isHugePages(name) || name.startsWith('requests.hugepages-') || (!isNativeResource(name) && name.startsWith('requests.'));

/** A quota of these requires that each container says how much it wants. Kubernetes calls it a mistake, and keeps it. */
const mustBeNamed = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);

function computeUsage(requests: Amounts, limits: Amounts): Amounts {
  const used: Record<string, Quantity> = { pods: one };
  for (const name in requests) {
    if (computeResources.has(name) || isHugePages(name)) used[name] = used[`requests.${name}`] = requests[name]!;
    else if (isExtendedResource(name)) used[`requests.${name}`] = requests[name]!;
  }
  for (const name in limits) if (computeResources.has(name)) used[`limits.${name}`] = limits[name]!;
  return used;
}

/** A pod that has ended, or should have gone by now, is charged no more. */
export function isPodCharged(pod: Pod, now: number): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (isPodTerminal(pod)) return false;
  return !deletionTimestamp || deletionGracePeriodSeconds === undefined || now <= Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function missingOf({ resources }: Container, required: readonly string[]): string[] {
  const named = computeUsage(amountsOf(resources?.requests), amountsOf(resources?.limits));
  return required.filter((name) => mustBeNamed.has(name) && !(name in named));
}

export const pods: Evaluator = {
  matching: (hard) => hard.filter(isKnown),
  inScope: (object, requirement) => podInScope(object as Pod, requirement),
  usage(object, { now, version }) {
    const pod = countedPod(object as Pod, version);
    const counted: Amounts = { 'count/pods': one };
    return isPodCharged(pod, now) ? addAmounts(counted, computeUsage(podRequests(pod, version), podLimits(pod, version))) : counted;
  },
  missing(object, required, version) {
    const { containers = [], initContainers = [] } = (object as Pod).spec;
    const containersOf = new Map<string, Set<string>>();
    for (const container of [...containers, ...initContainers]) {
      for (const name of missingOf(container, required)) containersOf.set(name, (containersOf.get(name) ?? new Set()).add(container.name));
    }
    if (containersOf.size === 0) return undefined;
    const sorted = [...containersOf.keys()].sort();
    if (!version.has('quota-names-containers')) return `must specify ${sorted.join(',')}`;
    return `must specify ${sorted.map((name) => `${name} for: ${[...containersOf.get(name)!].sort().join(',')}`).join('; ')}`;
  },
};
