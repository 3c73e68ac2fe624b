// What lies on the machines is what the API says: no sandbox outlives its pod.
import type { Pod } from '../../lib/api/index.ts';
import type { World } from './world.ts';

export function machinesAgree({ cluster }: World, pods: readonly Pod[]): string[] {
  const problems: string[] = [];
  for (const node of ['worker-1', 'worker-2', 'worker-3']) {
    const left = new Set<string>();
    for (const { call, pod = '' } of cluster.criCalls(node)) {
      if (call === 'RunPodSandbox') left.add(pod);
      else if (call === 'RemovePodSandbox') left.delete(pod);
    }
    for (const { metadata, spec } of pods) if (spec.nodeName === node) left.delete(`${metadata.namespace}/${metadata.name}`);
    for (const pod of left) if (pod.startsWith('default/')) problems.push(`${node} still has the sandbox of ${pod}`);
  }
  return problems;
}
