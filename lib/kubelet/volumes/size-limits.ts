// Who writes more than it may is evicted: into an emptyDir, a container's own files and its log (localStorageEviction of pkg/kubelet/eviction).
import { bytes, parseQuantity, type Pod } from '../../api/index.ts';
import { usageOf } from '../../machine/index.ts';
import { podUsage } from '../eviction/usage.ts';
import type { PodParts } from '../pod-parts.ts';
import { latest } from '../pod-status.ts';
import type { Worker } from '../worker.ts';

/** How often the eviction manager looks (milliseconds). */
const monitoringInterval = 10_000;

export function watchSizes(parts: PodParts, worker: Worker): void {
  if (!limited(worker.pod)) return;
  parts.clock.cancel(worker.measure);
  worker.measure = parts.clock.after(monitoringInterval, () => {
    if (worker.gone || worker.stopping || worker.failed) return;
    const message = volumeTooLarge(worker) ?? podTooLarge(parts, worker) ?? containerTooLarge(parts, worker);
    if (message) parts.evict(worker, message);
    else watchSizes(parts, worker);
  });
}

const limits = ({ spec }: Pod): [name: string, limit: string][] => spec.containers.flatMap(({ name, resources }): [string, string][] => (resources?.limits?.['ephemeral-storage'] ? [[name, resources.limits['ephemeral-storage']]] : []));

function limited({ spec }: Pod): boolean {
  for (const { resources } of spec.containers) if (resources?.limits?.['ephemeral-storage']) return true;
  return spec.volumes?.some((volume) => volume.emptyDir?.sizeLimit !== undefined) ?? false;
}

function volumeTooLarge({ pod, volumes }: Worker): string | undefined {
  for (const { name, emptyDir } of pod.spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    if (limit !== undefined && volumes && usageOf(volumes.get(name).node) > bytes(limit)) return `Usage of EmptyDir volume ${JSON.stringify(name)} exceeds the limit ${JSON.stringify(limit)}. `;
  }
  return undefined;
}

/** Containers with a limit lend it to the whole pod. */
function podTooLarge({ runtime }: PodParts, worker: Worker): string | undefined {
  const all = limits(worker.pod);
  if (all.length === 0) return undefined;
  const sum = all.slice(1).reduce((total, [, limit]) => total.add(parseQuantity(limit)), parseQuantity(all[0]![1]));
  return podUsage(runtime, worker, 'ephemeral-storage') > bytes(sum.toString()) ? `Pod ephemeral local storage usage exceeds the total limit of containers ${sum.toString()}. ` : undefined;
}

function containerTooLarge({ runtime }: PodParts, worker: Worker): string | undefined {
  for (const [name, limit] of limits(worker.pod)) {
    const newest = latest(runtime.pods.get(worker.uid), name);
    if (newest && runtime.diskUsage(newest.id) > bytes(limit)) return `Container ${name} exceeded its local ephemeral storage limit ${JSON.stringify(limit)}. `;
  }
  return undefined;
}
