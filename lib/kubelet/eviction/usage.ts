// How much a pod uses of what the node may run short of.
import { type DirectoryNode, type PodRecord, type Runtime, usageOf as bytesIn } from '../../machine/index.ts';
import type { Worker } from '../worker.ts';

type Resource = 'memory' | 'ephemeral-storage';

/** What the running container of a name uses: memory, or what it wrote into its own files and its log. */
export function usageOf(runtime: Runtime, record: PodRecord, { container, resource }: { container: string; resource: Resource }): number {
  const running = record.containers.find(({ config, state }) => config.name === container && state === 'running');
  if (!running) return 0;
  return resource === 'memory' ? running.memory : runtime.diskUsage(running.id);
}

export function podUsage(runtime: Runtime, worker: Worker, resource: Resource): number {
  const record = runtime.pods.get(worker.uid);
  if (!record) return 0;
  if (resource === 'memory') return record.containers.reduce((sum, { memory }) => sum + memory, 0);
  return record.containers.reduce((sum, { id }) => sum + runtime.diskUsage(id), localVolumes(worker));
}

/** What lies in volumes on the node's disk that go with the pod. */
function localVolumes({ pod, volumes }: Worker): number {
  let sum = 0;
  if (volumes) for (const { name, emptyDir } of pod.spec.volumes ?? []) if (emptyDir && emptyDir.medium !== 'Memory') sum += bytesIn(volumes.get(name).node as DirectoryNode);
  return sum;
}
