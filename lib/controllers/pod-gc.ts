import { isNotFound, isPodTerminal, type Node, type Pod } from '../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../client/index.ts';
import { forMapped } from '../client/index.ts';
import { timestamp } from '../sim/index.ts';
import { ignoreNotFound } from './shared/not-found.ts';

export interface PodGCOptions {
  /** Finished pods beyond this number go, the oldest first; 0 keeps them all. */
  terminatedPodThreshold?: number;
}

/** It looks every 20 seconds, and believes that a node is gone after 40. */
const period = 20_000;
const quarantine = 40_000;

const finished = 'finished pods';
const byNode = 'pods of a node';
/** The request to look at finished pods; no node has this name. */
const tooMany: Key = { name: 'finished pods' };

/** Removes pods whose node is gone or given up, and the oldest of too many finished ones (pkg/controller/podgc). */
export function podGarbageCollector(client: Client, { terminatedPodThreshold = 12_500 }: PodGCOptions = {}): Controller {
  const pods = client.cache('Pod');
  const began = client.clock.now;
  const missingSince = new Map<string, number>();
  pods.index(finished, (pod) => (isPodTerminal(pod) ? [''] : []));
  pods.index(byNode, (pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : []));

  return {
    name: 'podgc',
    watches: [
      forMapped('Node', ({ type, object }) => (type === 'DELETED' || isGivenUp(object) ? [{ name: object.metadata.name }] : [])),
      forMapped('Pod', podRequests),
    ],
    reconcile({ name }) {
      if (name === tooMany.name) return deleteOldest();
      return deleteOrphans(name);
    },
  };

  function podRequests({ type, object: pod, old }: CacheEvent<Pod>): Key[] {
    if (type === 'DELETED') return [];
    const requests: Key[] = [];
    if (terminatedPodThreshold > 0 && isPodTerminal(pod) && pods.by(finished, '').size > terminatedPodThreshold) requests.push(tooMany);
    const { nodeName } = pod.spec;
    if (!nodeName) return requests;
    if (nodeName !== old?.spec.nodeName && !client.find('Node', { name: nodeName })) requests.push({ name: nodeName });
    else if (pod.metadata.deletionTimestamp && isGivenUp(client.find('Node', { name: nodeName }))) requests.push({ name: nodeName });
    return requests;
  }

  function deleteOrphans(node: string): void | { requeueAfter: number } {
    const orphans = pods.by(byNode, node);
    const found = client.find('Node', { name: node });
    if (orphans.size === 0 || found) {
      missingSince.delete(node);
      return isGivenUp(found) ? deleteTerminating(node) : undefined;
    }
    const since = missingSince.get(node) ?? nextLook(client.clock.now);
    missingSince.set(node, since);
    const due = nextLook(since + quarantine);
    if (due > client.clock.now) return { requeueAfter: due - client.clock.now };
    missingSince.delete(node);
    if (!exists(node)) for (const pod of [...orphans]) remove(pod);
  }

  /** Whoever sets the taint knows that the machine is off: nobody will say any more that these pods have ended. */
  function deleteTerminating(node: string): void | { requeueAfter: number } {
    const terminating = [...pods.by(byNode, node)].filter(({ metadata }) => metadata.deletionTimestamp);
    const due = nextLook(client.clock.now);
    if (terminating.length > 0 && due > client.clock.now) return { requeueAfter: due - client.clock.now };
    for (const pod of terminating) remove(pod, { phase: 'Failed' });
  }

  function isGivenUp(node: Node | undefined): boolean {
    if (!node?.spec.taints || !client.version.has('out-of-service-taint')) return false;
    return node.spec.taints.some(({ key }) => key === 'node.kubernetes.io/out-of-service') && !node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  }

  /** The first of its regular looks at or after a time. */
  function nextLook(time: number): number {
    return began + Math.ceil((time - began) / period) * period;
  }

  function deleteOldest(): void {
    const surplus = pods.by(finished, '').size - terminatedPodThreshold;
    if (surplus <= 0) return;
    const age = ({ metadata }: Pod) => `${metadata.creationTimestamp} ${metadata.name}`;
    const oldest = [...pods.by(finished, '')].sort((a, b) => (age(a) < age(b) ? -1 : 1));
    for (const pod of oldest.slice(0, surplus)) remove(pod);
  }

  function exists(name: string): boolean {
    try {
      client.get('Node', { name });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  function remove(pod: Pod, last: Partial<Pod['status']> = failed(pod)): void {
    ignoreNotFound(() => {
      if (client.version.has('disruption-target') && !isPodTerminal(pod)) client.updateStatus(pod, last);
      client.delete(pod, { gracePeriodSeconds: 0 });
    });
  }

  function failed({ status }: Pod): Partial<Pod['status']> {
    const lastTransitionTime = timestamp(client.clock.now);
    const condition = { type: 'DisruptionTarget', status: 'True', lastTransitionTime, reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' };
    return { phase: 'Failed', conditions: [...(status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget'), condition] };
  }
}
