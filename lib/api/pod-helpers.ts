// Questions about pods and nodes that several components ask in the same words.
import { quantity } from './kinds/pod-spec/quantities.ts';
import type { Container, Node, Pod, PodCondition, PodSpec } from './types.ts';

type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
export type QOSClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  const conditions = pod.status?.conditions;
  if (!conditions) return undefined;
  for (let i = 0; i < conditions.length; i++) if (conditions[i]!.type === type) return conditions[i];
  return undefined;
}

export const isPodReady = (pod: Pod): boolean => podCondition(pod, 'Ready')?.status === 'True';

/** Its containers have ended for good. */
export function isPodTerminal(pod: Pod): boolean {
  const phase = pod.status?.phase as Phase | undefined;
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Counts towards the replicas of its controller: neither ended nor on its way out. */
export const isPodActive = (pod: Pod): boolean => !isPodTerminal(pod) && !pod.metadata.deletionTimestamp;

/** Ready for at least `minReadySeconds`; `now` is milliseconds. */
export function podAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const ready = podCondition(pod, 'Ready');
  if (ready?.status !== 'True') return false;
  if (minReadySeconds <= 0) return true;
  return !!ready.lastTransitionTime && Date.parse(ready.lastTransitionTime) + minReadySeconds * 1000 <= now;
}

export function nodeReady(node: Node): boolean {
  const conditions = node.status?.conditions;
  if (conditions) for (const { type, status } of conditions) if (type === 'Ready') return status === 'True';
  return false;
}

/** An init container that keeps running beside the others (restartPolicy Always). */
export const isSidecar = (container: Container | undefined): boolean => container?.restartPolicy === 'Always';

const computeResources = ['cpu', 'memory'] as const;
const positive = (list: Record<string, string> | undefined, name: string) => {
  const text = list?.[name];
  if (text === undefined) return undefined;
  const amount = quantity(text);
  return amount.sign > 0 ? amount : undefined;
};

/** Guaranteed: limits for cpu and memory everywhere, equal to the requests. BestEffort: neither is named anywhere. */
export function podQOSClass(spec: PodSpec): QOSClass {
  const containers = spec.initContainers?.length ? [...(spec.containers ?? []), ...spec.initContainers] : (spec.containers ?? []);
  let [named, guaranteed] = [false, true];
  for (const { resources } of containers) {
    if (!resources?.limits && !resources?.requests) {
      guaranteed = false;
      continue;
    }
    for (const name of computeResources) {
      const [request, limit] = [positive(resources.requests, name), positive(resources.limits, name)];
      if (request || limit) named = true;
      if (!limit || !request) guaranteed = false;
    }
  }
  if (!named) return 'BestEffort';
  return guaranteed && computeResources.every((name) => equalSums(containers, name)) ? 'Guaranteed' : 'Burstable';
}

// The sums over all containers are compared, as Kubernetes does, not each container for itself.
function equalSums(containers: readonly Container[], name: string): boolean {
  let difference = quantity('0');
  for (const { resources } of containers) {
    difference = difference.add(positive(resources?.limits, name) ?? quantity('0')).sub(positive(resources?.requests, name) ?? quantity('0'));
  }
  return difference.sign === 0;
}
