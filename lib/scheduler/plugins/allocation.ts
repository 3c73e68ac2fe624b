// How full a node would be: the arithmetic behind the scores of resources.
import type { Version } from '../../api/index.ts';
import { maxNodeScore, type Plugin } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodShape } from '../pod-info.ts';

type Score = NonNullable<Plugin['score']>;

export interface AllocationOptions {
  /** Weight of each resource in the score; default cpu and memory, 1 each. */
  resources?: Readonly<Record<string, number>>;
}

/** What would be used of a resource with the pod on the node, and what the node has. */
export function allocation(resource: string, { scored, request }: PodShape, { nonZeroRequested, requested, allocatable }: NodeInfo): [used: number, has: number] {
  if (resource === 'cpu') return [nonZeroRequested.milliCPU + scored.milliCPU, allocatable.milliCPU];
  if (resource === 'memory') return [nonZeroRequested.memory + scored.memory, allocatable.memory];
  if (resource === 'ephemeral-storage') return [requested.ephemeralStorage + request.ephemeralStorage, allocatable.ephemeralStorage];
  return [(requested.scalars?.[resource] ?? 0) + (request.scalars?.[resource] ?? 0), allocatable.scalars?.[resource] ?? 0];
}

/** Empty nodes first: spreads the load. */
export const leastAllocated = (version: Version, options: AllocationOptions = {}) => weighted(version, options, (used, has) => Math.trunc(((has - used) * maxNodeScore) / has));

/** Full nodes first: leaves whole nodes free. */
export const mostAllocated = (version: Version, options: AllocationOptions = {}) => weighted(version, options, (used, has) => Math.trunc((used * maxNodeScore) / has));

/** The weighted mean over the resources; a resource that would be overcommitted scores 0. */
function weighted(version: Version, { resources = { cpu: 1, memory: 1 } }: AllocationOptions, score: (used: number, has: number) => number): Score {
  const weights = Object.entries(resources);
  const ignoreMissing = version.has('scores-ignore-missing-resources');
  return ({ shape }, node) => {
    let sum = 0;
    let weightSum = 0;
    for (const [resource, weight] of weights) {
      const [used, has] = allocation(resource, shape, node);
      if (has === 0 && ignoreMissing) continue;
      weightSum += weight;
      if (has > 0 && used <= has) sum += weight * score(used, has);
    }
    return weightSum === 0 ? 0 : Math.trunc(sum / weightSum);
  };
}
