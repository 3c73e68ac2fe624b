// Pods that the eviction API has let go and that are not marked for deletion yet: they count as gone, for a while.
import type { Pod, PodDisruptionBudget } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';

/** How long a pod that was allowed to go may take to be gone. */
const deletionTimeout = 120_000;

/** When each was let go, by name. */
export function stillDisrupted(client: Client, { status, metadata }: PodDisruptionBudget, pods: readonly Pod[]): Record<string, string> {
  const disrupted: Record<string, string> = {};
  for (const pod of pods) {
    const since = (status?.disruptedPods as Record<string, string> | undefined)?.[pod.metadata.name];
    if (!since || pod.metadata.deletionTimestamp) continue;
    if (Date.parse(since) + deletionTimeout >= client.clock.now) disrupted[pod.metadata.name] = since;
    else client.event(pod, 'Warning', 'NotDeleted', `Pod was expected by PDB ${metadata.namespace}/${metadata.namespace} to be deleted but it wasn't`);
  }
  return disrupted;
}

/** When the first of them has had its time; Infinity when there is none. */
export function nextTimeout(disrupted: Record<string, string>): number {
  return Math.min(...Object.values(disrupted).map((time) => Date.parse(time) + deletionTimeout)) + 1;
}
