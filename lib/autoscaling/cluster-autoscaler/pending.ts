// Pods that nobody has a place for, not even the machines that are on their way (cluster-autoscaler/core/podlistprocessor).
import { type Pod, podCondition } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { isDaemonSetPod } from './drainability.ts';
import type { Flags } from './flags.ts';
import type { Simulation } from './types.ts';

const priorityOf = ({ spec }: Pod) => spec.priority ?? 0;

/** What the scheduler gave up for the moment. Pods of little worth wait until there is room. */
export function unschedulablePods(client: Client, flags: Flags): Pod[] {
  return [...client.cache('Pod').by('node', '')].filter((pod) => {
    if (pod.metadata.deletionTimestamp || isDaemonSetPod(pod) || priorityOf(pod) < flags['expendable-pods-priority-cutoff']) return false;
    const condition = podCondition(pod, 'PodScheduled');
    return condition?.status === 'False' && condition.reason === 'Unschedulable';
  });
}

/** Gives each pod the place that the scheduler will find for it; those that get none are left, in the order in which they came. */
export function withoutPlace(pods: readonly Pod[], simulation: Simulation): Pod[] {
  const left = new Set<Pod>();
  for (const pod of [...pods].sort((a, b) => priorityOf(b) - priorityOf(a))) {
    const { nominatedNodeName } = pod.status ?? {};
    const place = nominatedNodeName ?? placeFor(pod, simulation);
    if (place) simulation.place(pod, place);
    else left.add(pod);
  }
  return pods.filter((pod) => left.has(pod));
}

export function placeFor(pod: Pod, simulation: Simulation, isAllowed: (node: string) => boolean = () => true): string | undefined {
  return simulation.nodes.find(({ metadata: { name } }) => isAllowed(name) && !simulation.refusal(pod, name))?.metadata.name;
}
