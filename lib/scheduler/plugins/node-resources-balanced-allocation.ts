import { type Handle, maxNodeScore, type Plugin, skip } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodShape } from '../pod-info.ts';
import { allocation } from './allocation.ts';

/** Prefers nodes whose cpu and memory would be used to the same degree. */
export function nodeResourcesBalancedAllocation({ version }: Handle): Plugin {
  const skipsBestEffort = version.has('balanced-skips-best-effort');
  return {
    name: 'NodeResourcesBalancedAllocation',
    local: true,
    preScore: ({ shape: { request } }) => (skipsBestEffort && !request.milliCPU && !request.memory ? skip : undefined),
    score: version.has('balanced-by-deviation') ? ({ shape }, node) => byDeviation(shape, node) : ({ shape }, node) => byDifference(shape, node),
  };
}

/** 100 × (1 − standard deviation of the fractions), which for two is half their difference. */
function byDeviation({ request }: PodShape, { requested, allocatable }: NodeInfo): number {
  if (!allocatable.milliCPU || !allocatable.memory) return maxNodeScore;
  const cpu = Math.min(1, (requested.milliCPU + request.milliCPU) / allocatable.milliCPU);
  const memory = Math.min(1, (requested.memory + request.memory) / allocatable.memory);
  return Math.trunc((1 - Math.abs((cpu - memory) / 2)) * maxNodeScore);
}

/** 100 × (1 − difference of the fractions), 0 when one of them is used up. */
function byDifference(shape: PodShape, node: NodeInfo): number {
  const [cpuUsed, cpu] = allocation('cpu', shape, node);
  const [memoryUsed, memory] = allocation('memory', shape, node);
  if (cpuUsed >= cpu || memoryUsed >= memory) return 0;
  return Math.trunc((1 - Math.abs(cpuUsed / cpu - memoryUsed / memory)) * maxNodeScore);
}
