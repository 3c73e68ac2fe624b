import type { Handle, Plugin, PluginFactory } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { Resource } from '../resources.ts';
import { type AllocationOptions, leastAllocated, mostAllocated } from './allocation.ts';

export interface NodeResourcesFitOptions extends AllocationOptions {
  strategy?: 'LeastAllocated' | 'MostAllocated';
}

/** What the pod requests must be free on the node; by default prefers nodes with more left. */
export function nodeResourcesFit(options: NodeResourcesFitOptions = {}): PluginFactory {
  return (handle) => {
    const { strategy = 'LeastAllocated' } = options;
    const score = (strategy === 'LeastAllocated' ? leastAllocated : mostAllocated)(handle.version, options);
    return {
      name: 'NodeResourcesFit',
      local: true,
      retryOn: ['NodeAdd', 'NodeAllocatable', 'PodDelete', 'PodScaleDown', 'OwnRequests'],
      filter: filter(handle),
      improved: ({ shape }, node, before) => hasMore(shape.request, node, before),
      ...(handle.version.has('scoring-strategies') && { score }),
    };
  };
}

function filter({ version }: Handle): NonNullable<Plugin['filter']> {
  const onlyRequested = version.has('fit-only-requested');
  return ({ shape }, node) => {
    const lacking = insufficient(shape.request, node, onlyRequested);
    if (lacking.length === 0) return undefined;
    return { code: 'Unschedulable', reasons: lacking };
  };
}

/** More of something that the pod asks for, or room for more pods. */
function hasMore(request: Resource, { allocatable: now, allowedPods }: NodeInfo, { allocatable: old, allowedPods: allowedBefore }: NodeInfo): boolean {
  if (allowedPods > allowedBefore) return true;
  if ((['milliCPU', 'memory', 'ephemeralStorage'] as const).some((name) => request[name] > 0 && now[name] > old[name])) return true;
  return Object.entries(request.scalars ?? {}).some(([name, wanted]) => wanted > 0 && (now.scalars?.[name] ?? 0) > (old.scalars?.[name] ?? 0));
}

const none: string[] = [];

/** Everything the node has too little of, as reasons. */
function insufficient(request: Resource, node: NodeInfo, onlyRequested: boolean): string[] {
  const { allocatable, requested } = node;
  let lacking = none;
  const check = (name: string, wanted: number, used: number, has: number) => {
    if (wanted + used <= has || (onlyRequested && wanted === 0)) return;
    if (lacking === none) lacking = [];
    lacking.push(`Insufficient ${name}`);
  };
  if (node.pods.size + 1 > node.allowedPods) lacking = ['Too many pods'];
  if (!request.milliCPU && !request.memory && !request.ephemeralStorage && !request.scalars) return lacking;
  check('cpu', request.milliCPU, requested.milliCPU, allocatable.milliCPU);
  check('memory', request.memory, requested.memory, allocatable.memory);
  check('ephemeral-storage', request.ephemeralStorage, requested.ephemeralStorage, allocatable.ephemeralStorage);
  for (const name of Object.keys(request.scalars ?? {}).sort()) {
    check(name, request.scalars![name]!, requested.scalars?.[name] ?? 0, allocatable.scalars?.[name] ?? 0);
  }
  return lacking;
}
