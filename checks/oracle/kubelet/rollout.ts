// The kubelet's part of rollout.jsonl: waits between restarts, and who is evicted first.
import type { Pod } from '../../../lib/api/index.ts';
import { bytes } from '../../../lib/api/index.ts';
import { crashLoopBackOff, evictionOrder, goDuration } from '../../../lib/kubelet/index.ts';
import { compare, type Outcome } from '../replayer.ts';

interface Usage {
  name: string;
  priority: number;
  memoryRequest?: string;
  memoryUsage?: string;
  ephemeralStorageRequest?: string;
  diskUsage?: string;
}

function podOf({ name, priority, memoryRequest, ephemeralStorageRequest }: Usage): Pod {
  const requests = { ...(memoryRequest && { memory: memoryRequest }), ...(ephemeralStorageRequest && { 'ephemeral-storage': ephemeralStorageRequest }) };
  return { metadata: { name }, spec: { priority, containers: [{ name: 'c', resources: { requests } }] } } as unknown as Pod;
}

export const kubeletCases: Record<string, (input: any, output: any) => Outcome> = {
  crashLoopBackOff: ({ runSeconds, initialSeconds, maxSeconds }, output) => {
    const restarts = crashLoopBackOff(runSeconds, { initialSeconds, maxSeconds });
    return compare(
      restarts.map(({ backOffDuringWait, backOffNext, ...rest }) => ({ ...rest, backOffDuringWait: goDuration(backOffDuringWait * 1000), backOffNext: goDuration(backOffNext * 1000) })),
      output,
    );
  },
  evictionOrder: ({ pods, pressure }: { pods: Usage[]; pressure: 'memory' | 'disk' }, output) => {
    const candidates = pods.map((pod) => ({ pod: podOf(pod), usage: bytes(pressure === 'memory' ? pod.memoryUsage : pod.diskUsage) }));
    const order = evictionOrder(candidates, pressure === 'memory' ? 'memory' : 'ephemeral-storage');
    return compare({ evictFirstToLast: order.map(({ pod }) => pod.metadata.name) }, output);
  },
};
