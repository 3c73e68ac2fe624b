// Which changes may make a waiting pod schedulable, and for which pods they may.
import { countedPod, equal, type Node, type Pod, type Version } from '../api/index.ts';
import { affinityTerms } from './affinity-terms.ts';
import type { ClusterEvent } from './framework.ts';
import { NodeInfo } from './node-info.ts';
import type { QueuedPod } from './queue.ts';
import { podRequest } from './resources.ts';
import type { Framework } from './runtime.ts';

/** What changed about a node that matters to scheduling. */
export function nodeChanges(old: Node, node: Node): ClusterEvent[] {
  const events: ClusterEvent[] = [];
  if (!equal(old.status?.allocatable, node.status?.allocatable)) events.push('NodeAllocatable');
  if (!equal(old.metadata.labels, node.metadata.labels)) events.push('NodeLabel');
  if (!equal(old.spec?.taints, node.spec?.taints) || (old.spec?.unschedulable && !node.spec?.unschedulable)) events.push('NodeTaint');
  if (!equal(conditionsOf(old), conditionsOf(node))) events.push('NodeCondition');
  return events;
}

const conditionsOf = ({ status }: Node) => (status?.conditions ?? []).map(({ type, status: value }) => [type, value]);

/** A pod that runs was resized, and now has less of something. */
export function asksLess(old: Pod, pod: Pod, version: Version): boolean {
  if (!version.has('in-place-resize') || (old.spec === pod.spec && old.status.containerStatuses === pod.status.containerStatuses)) return false;
  const [before, now] = [countedPod(old, version), countedPod(pod, version)];
  if (before.spec === now.spec || equal(before.spec.containers, now.spec.containers)) return false;
  const [{ request: a }, { request: b }] = [podRequest(before.spec, version), podRequest(now.spec, version)];
  return b.milliCPU < a.milliCPU || b.memory < a.memory;
}

/** What changed about a waiting pod that matters to scheduling. */
export function ownChanges(old: Pod, pod: Pod): ClusterEvent[] {
  const events: ClusterEvent[] = [];
  if (!equal(old.metadata.labels, pod.metadata.labels)) events.push('OwnLabels');
  if (old.spec.tolerations?.length !== pod.spec.tolerations?.length) events.push('OwnTolerations');
  if (!equal(old.spec.containers.map(requestsOf), pod.spec.containers.map(requestsOf))) events.push('OwnRequests');
  return events;
}

const requestsOf = ({ resources }: Pod['spec']['containers'][number]) => resources?.requests;

/** Since there are hints, a pod is tried again after a change of its own only when a plugin that refused it waits for such a change. */
export function helpsItself({ plugins }: Framework, entry: QueuedPod, old: Pod): boolean {
  const events = ownChanges(old, entry.pod);
  return events.length > 0 && plugins.some(({ name, retryOn }) => entry.plugins.has(name) && (!retryOn || events.some((event) => retryOn.includes(event))));
}

export interface Happening {
  events: readonly ClusterEvent[];
  /** The node that came or changed, and how it was before. */
  node?: Node;
  oldNode?: Node | undefined;
  /** The assigned pod that came, changed or went. */
  pod?: Pod;
}

/** Whether a waiting pod should be tried again: its refusing plugins wait for such an event, and it may help. */
export function mayHelp(framework: Framework, { events, node, oldNode, pod }: Happening): (entry: QueuedPod) => boolean {
  const { version } = framework.handle;
  const newcomer = events.some((event) => event === 'PodAdd' || event === 'PodUpdate');
  if (!version.has('retry-on-plugin-events')) return (entry) => !newcomer || attractedBy(entry.pod, pod);
  const bare = node && bareNode(node);
  const before = oldNode && bareNode(oldNode);
  return (entry) => {
    if (newcomer && !entry.plugins.has('PodTopologySpread') && !attractedBy(entry.pod, pod)) return false;
    if (entry.plugins.size === 0) return true;
    return framework.plugins.some(({ name, retryOn, local, filter, improved }) => {
      if (!entry.plugins.has(name) || (retryOn && !events.some((event) => retryOn.includes(event)))) return false;
      if (!version.has('queueing-hints') || !bare || !local || !filter) return true;
      const info = framework.handle.snapshot.info(entry.pod);
      if (filter(info, bare)) return false;
      return !before || (improved ? improved(info, bare, before) : filter(info, before) !== undefined);
    });
  };
}

/** The node as if no pod ran there: what refuses a pod even then will go on refusing it. */
function bareNode(node: Node): NodeInfo {
  const info = new NodeInfo(node.metadata.name);
  info.setNode(node);
  return info;
}

/** True when the waiting pod wants to be near pods like this one. */
function attractedBy(waiting: Pod, pod: Pod | undefined): boolean {
  const { required = [], requiredAnti = [] } = affinityTerms(waiting) ?? {};
  if (!pod) return required.length + requiredAnti.length > 0;
  return required.some(({ namespaces, selector, namespaceSelector }) => (namespaceSelector || namespaces.has(pod.metadata.namespace ?? '')) && selector.matches(pod.metadata.labels));
}
