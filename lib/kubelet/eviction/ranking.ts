// Which pod goes first when the node runs short of something, and what is said about it.
import { bytes, parseQuantity, type Pod, type Toleration, type Version } from '../../api/index.ts';
import { annotationKeys } from '../static-pods/manifest.ts';
import type { Pressure } from './thresholds.ts';

export interface Candidate {
  pod: Pod;
  /** Bytes in use. */
  usage: number;
}

type Resource = 'memory' | 'ephemeral-storage';

/** Bytes that a pod's containers request. */
function requestOf({ spec }: Pod, resource: Resource): number {
  let sum = 0;
  for (const { resources } of spec.containers) sum += bytes(resources?.requests?.[resource]);
  return sum;
}

/**
 * The order of eviction, first to go first: pods above their request before others, then the lower priority, then
 * whoever is further above. Follows rankMemoryPressure and rankDiskPressureFunc of pkg/kubelet/eviction/helpers.go.
 */
export function evictionOrder(candidates: readonly Candidate[], resource: Resource = 'memory'): Candidate[] {
  const ranked = candidates.map((candidate) => ({ candidate, priority: candidate.pod.spec.priority ?? 0, excess: candidate.usage - requestOf(candidate.pod, resource) }));
  ranked.sort((a, b) => Number(b.excess > 0) - Number(a.excess > 0) || a.priority - b.priority || b.excess - a.excess);
  return ranked.map(({ candidate }) => candidate);
}

/** Static pods and what the cluster cannot do without stay. */
export const isCritical = ({ metadata, spec }: Pod): boolean => (spec.priority ?? 0) >= 2_000_000_000 || metadata.annotations?.[annotationKeys.source] === 'file';

/** A node that is short of something takes no more pods; of memory only, those that ask for some, or do not mind. */
export function mayEnter(pod: Pod, pressures: readonly Pressure[]): boolean {
  if (pressures.length === 0 || isCritical(pod)) return true;
  if (pressures.includes('DiskPressure')) return false;
  return pod.status.qosClass !== 'BestEffort' || (pod.spec.tolerations?.some(toleratesMemoryPressure) ?? false);
}

function toleratesMemoryPressure({ key = '', operator = 'Equal', value = '', effect = 'NoSchedule' }: Toleration): boolean {
  if (effect !== 'NoSchedule' && effect !== '') return false;
  if (key === '') return operator === 'Exists';
  return key === 'node.kubernetes.io/memory-pressure' && (operator === 'Exists' || value === '');
}

export interface Shortage {
  resource: Resource;
  /** Bytes. */
  threshold: number;
  available: number;
  version: Version;
}

export function evictionMessage(pod: Pod, usageOf: (container: string) => number, { resource, threshold, available, version }: Shortage): string {
  const says = version.has('evicted-message-thresholds');
  const text = [`The node was low on resource: ${resource}. ${says ? `Threshold quantity: ${binary(threshold)}, available: ${binary(available)}. ` : ''}`];
  for (const { name, resources } of pod.spec.containers) {
    const usage = usageOf(name);
    const request = resources?.requests?.[resource] ?? '0';
    if (usage <= bytes(request)) continue;
    const has = `Container ${name} was using ${binary(usage)}, `;
    text.push(says ? `${has}request is ${request}, has larger consumption of ${resource}. ` : `${has}which exceeds its request of ${request}. `);
  }
  return text.join('');
}

/** `100Mi`, `4000Ki`: memory and disks are counted in whole kilobytes. */
const binary = (value: number): string => parseQuantity(`${Math.ceil(value / 1024)}Ki`).toString();
