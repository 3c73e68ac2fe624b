// Which pod goes first when the node runs out of memory, and what is said about it.
import { bytes, type Pod, type Version } from '../api/index.ts';
import type { PodRecord } from '../machine/index.ts';
import { evictionThreshold } from './node-info.ts';
import { annotationKeys } from './static-pods/manifest.ts';

export interface Candidate {
  pod: Pod;
  /** Bytes in use. */
  usage: number;
}

/** Bytes that a pod's containers request. */
function requestOf({ spec }: Pod, resource: string): number {
  let sum = 0;
  for (const { resources } of spec.containers) sum += bytes(resources?.requests?.[resource]);
  return sum;
}

/**
 * The order of eviction, first to go first: pods above their request before others, then the lower priority, then
 * whoever is further above. Follows rankMemoryPressure and rankDiskPressureFunc of pkg/kubelet/eviction/helpers.go.
 */
export function evictionOrder(candidates: readonly Candidate[], resource: 'memory' | 'ephemeral-storage' = 'memory'): Candidate[] {
  const ranked = candidates.map((candidate) => ({ candidate, priority: candidate.pod.spec.priority ?? 0, excess: candidate.usage - requestOf(candidate.pod, resource) }));
  ranked.sort((a, b) => Number(b.excess > 0) - Number(a.excess > 0) || a.priority - b.priority || b.excess - a.excess);
  return ranked.map(({ candidate }) => candidate);
}

/** Static pods and what the cluster cannot do without stay. */
export const mayEvict = ({ metadata, spec }: Pod): boolean => (spec.priority ?? 0) < 2_000_000_000 && metadata.annotations?.[annotationKeys.source] !== 'file';

export function evictionMessage(pod: Pod, record: PodRecord, available: number, version: Version): string {
  const text = [version.has('evicted-message-thresholds') ? `The node was low on resource: memory. Threshold quantity: ${binary(evictionThreshold)}, available: ${binary(available)}. ` : 'The node was low on resource: memory. '];
  for (const { name, resources } of pod.spec.containers) {
    const usage = record.containers.find((c) => c.config.name === name && c.state === 'running')?.memory ?? 0;
    const request = resources?.requests?.['memory'] ?? '0';
    if (usage <= bytes(request)) continue;
    text.push(
      version.has('evicted-message-thresholds')
        ? `Container ${name} was using ${binary(usage)}, request is ${request}, has larger consumption of memory. `
        : `Container ${name} was using ${binary(usage)}, which exceeds its request of ${request}. `,
    );
  }
  return text.join('');
}

/** `100Mi`, `4000Ki`. */
function binary(value: number): string {
  return value % 1_048_576 === 0 ? `${value / 1_048_576}Mi` : `${Math.ceil(value / 1024)}Ki`;
}
