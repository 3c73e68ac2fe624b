// emptyDir with a size limit: who fills one above it is evicted (localStorageEviction of pkg/kubelet/eviction).
import { bytes, type Pod } from '../../api/index.ts';
import { usageOf } from '../../machine/index.ts';
import type { PodParts } from '../pod-parts.ts';
import type { Worker } from '../worker.ts';

/** How often the eviction manager looks (milliseconds). */
const monitoringInterval = 10_000;

export function watchSizes(parts: PodParts, worker: Worker): void {
  if (!limited(worker.pod)) return;
  parts.clock.cancel(worker.measure);
  worker.measure = parts.clock.after(monitoringInterval, () => {
    if (worker.gone || worker.stopping || worker.failed) return;
    const message = exceeded(worker);
    if (message) parts.evict(worker, message);
    else watchSizes(parts, worker);
  });
}

const limited = ({ spec }: Pod) => spec.volumes?.some((volume) => volume.emptyDir?.sizeLimit !== undefined) ?? false;

function exceeded({ pod, volumes }: Worker): string | undefined {
  for (const { name, emptyDir } of pod.spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    if (limit !== undefined && volumes && usageOf(volumes.get(name).node) > bytes(limit)) return `Usage of EmptyDir volume ${JSON.stringify(name)} exceeds the limit ${JSON.stringify(limit)}. `;
  }
  return undefined;
}
