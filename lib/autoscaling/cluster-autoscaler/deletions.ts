// Nodes on their way out: tainted, emptied, given back (cluster-autoscaler/core/scaledown/actuation).
import { isNotFound, isPodTerminal, type Pod, StatusError } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { isDaemonSetPod, isMirrorPod, podsToMove } from './drainability.ts';
import type { Flags } from './flags.ts';
import type { Removal } from './scale-down.ts';
import { addTaint, removeTaint, toBeDeleted } from './taints.ts';
import type { NodeGroups, Say } from './types.ts';

interface Deletion extends Removal {
  group: string;
  drain: boolean;
  /** When its pods are asked to go (milliseconds). */
  begins: number;
  /** Pods that are still to be asked; undefined until it begins. */
  toEvict?: Pod[];
  evicted: Pod[];
  /** Until when an eviction is tried again, then until when the pods may take to end. */
  deadline: number;
}

export interface DeletionParts {
  client: Client;
  flags: Flags;
  groups: NodeGroups;
  say: Say;
  /** A node is gone, or stays. */
  ended(result: 'deleted' | 'failed'): void;
}

const evictionRetry = 10_000;
const poll = 5000;
const headroom = 30_000;

export class Deletions {
  readonly #parts: DeletionParts;
  readonly #running = new Map<string, Deletion>();

  constructor(parts: DeletionParts) {
    this.#parts = parts;
  }

  has = (name: string): boolean => this.#running.has(name);

  inGroup = (group: string): number => [...this.#running.values()].filter((one) => one.group === group).length;

  /** As many of them as may go at the same time. Nobody can come to any of them before the first is emptied. */
  start(removals: readonly (Removal & { group: string })[]): void {
    const { client, flags, say } = this.#parts;
    const drains = () => [...this.#running.values()].filter(({ drain }) => drain).length;
    for (const removal of [...removals].sort((a, b) => Number(a.pods.length > 0) - Number(b.pods.length > 0))) {
      const { name } = removal.node.metadata;
      const drain = removal.pods.length > 0;
      if (this.#running.size >= flags['max-scale-down-parallelism'] || (drain && drains() >= flags['max-drain-parallelism'])) continue;
      addTaint(client, name, { key: toBeDeleted, effect: 'NoSchedule' });
      client.event(removal.node, 'Normal', 'ScaleDown', 'marked the node as toBeDeleted/unschedulable');
      if (drain) say('Normal', 'ScaleDown', `Scale-down: removing node ${name}, utilization: ${utilizationText(removal, client)}, pods to reschedule: ${removal.pods.map(({ metadata }) => metadata.name).join()}`);
      else say('Normal', 'ScaleDownEmpty', `Scale-down: removing empty node ${client.version.has('autoscaler-nodes-removed') ? JSON.stringify(name) : name}`);
      this.#running.set(name, { ...removal, drain, begins: client.clock.now + flags['node-delete-delay-after-taint'], evicted: [], deadline: 0 });
    }
  }

  /** The next step for a node; answers when to come again. */
  step(name: string): { requeueAfter: number } | undefined {
    const deletion = this.#running.get(name);
    if (!deletion) return undefined;
    const { now } = this.#parts.client.clock;
    if (now < deletion.begins) return { requeueAfter: deletion.begins - now };
    if (!deletion.toEvict && !this.#begin(deletion)) return undefined;
    if (deletion.toEvict!.length > 0) return this.#evict(deletion);
    if (this.#isEmpty(deletion)) return this.#giveBack(deletion);
    return now < deletion.deadline ? { requeueAfter: poll } : this.#fail(deletion, `Failed to drain node /${name}: pods remaining after timeout`);
  }

  #begin(deletion: Deletion): boolean {
    const { client, flags } = this.#parts;
    const all = [...client.cache('Pod').by('node', deletion.node.metadata.name)].filter((pod) => !isMirrorPod(pod));
    const moving = podsToMove(all, this.#parts);
    if (!Array.isArray(moving) || (!deletion.drain && moving.length > 0)) {
      this.#fail(deletion, Array.isArray(moving) ? `failed to delete empty node ${JSON.stringify(deletion.node.metadata.name)}, new pods scheduled` : `GetPodsToMove for ${JSON.stringify(deletion.node.metadata.name)} returned error: ${moving.pod.metadata.namespace}/${moving.pod.metadata.name} ${moving.reason}`);
      return false;
    }
    const daemons = flags[deletion.drain ? 'daemonset-eviction-for-occupied-nodes' : 'daemonset-eviction-for-empty-nodes'];
    deletion.toEvict = [...moving, ...(daemons ? all.filter(isDaemonSetPod) : [])].filter((pod) => !isPodTerminal(pod));
    for (const pod of deletion.toEvict) client.event(pod, 'Normal', 'ScaleDown', 'deleting pod for node scale down');
    deletion.deadline = client.clock.now + flags['max-pod-eviction-time'];
    return true;
  }

  #evict(deletion: Deletion): { requeueAfter: number } | undefined {
    const { client, flags } = this.#parts;
    const errors: string[] = [];
    const left = deletion.toEvict!.filter((pod) => {
      const error = this.#refusal(pod);
      if (error === undefined) deletion.evicted.push(pod);
      // That a DaemonSet's pod goes is not waited for.
      else if (!isDaemonSetPod(pod)) errors.push(`failed to evict pod ${pod.metadata.namespace}/${pod.metadata.name} within allowed timeout (last error: ${error})`);
      return error !== undefined && !isDaemonSetPod(pod);
    });
    deletion.toEvict = left;
    if (left.length === 0) {
      deletion.deadline = client.clock.now + flags['max-graceful-termination-sec'] * 1000 + headroom;
      return { requeueAfter: poll };
    }
    if (client.clock.now + evictionRetry < deletion.deadline) return { requeueAfter: evictionRetry };
    for (const pod of left) client.event(pod, 'Warning', 'ScaleDownFailed', 'failed to delete pod for ScaleDown');
    return this.#fail(deletion, `Failed to drain node /${deletion.node.metadata.name}, due to following errors: [${errors.join(' ')}]`);
  }

  /** Undefined when the pod goes, or is gone. */
  #refusal(pod: Pod): string | undefined {
    const { client, flags } = this.#parts;
    const gracePeriodSeconds = Math.min(pod.spec.terminationGracePeriodSeconds ?? 30, flags['max-graceful-termination-sec']);
    try {
      client.evict(pod, { gracePeriodSeconds });
    } catch (error) {
      if (!isNotFound(error) && error instanceof StatusError) return error.message;
      if (!(error instanceof StatusError)) throw error;
    }
    return undefined;
  }

  #isEmpty({ node, evicted }: Deletion): boolean {
    const { client } = this.#parts;
    const present = new Set([...client.cache('Pod').by('node', node.metadata.name)].map(({ metadata }) => metadata.uid));
    return evicted.every((pod) => isDaemonSetPod(pod) || !present.has(pod.metadata.uid));
  }

  #giveBack(deletion: Deletion): undefined {
    const { client, groups, say, ended } = this.#parts;
    const { node, group, drain } = deletion;
    const { name } = node.metadata;
    try {
      groups.deleteNodes(group, [node.spec.providerID!]);
    } catch (error) {
      return this.#fail(deletion, `failed to delete ${name}: ${(error as Error).message}`);
    }
    this.#running.delete(name);
    client.event(node, 'Normal', 'ScaleDown', client.version.has('autoscaler-nodes-removed') ? 'nodes removed by cluster autoscaler' : 'node removed by cluster autoscaler');
    if (drain) say('Normal', 'ScaleDown', `Scale-down: node ${name} removed with drain`);
    else say('Normal', 'ScaleDownEmpty', `Scale-down: empty node ${name} removed`);
    ended('deleted');
    return undefined;
  }

  #fail({ node, drain }: Deletion, why: string): undefined {
    const { client, ended } = this.#parts;
    const { name } = node.metadata;
    this.#running.delete(name);
    client.event(node, 'Warning', 'ScaleDownFailed', `${drain ? 'failed to drain and delete node' : 'failed to delete empty node'}: ${why}`);
    removeTaint(client, name, toBeDeleted);
    ended('failed');
    return undefined;
  }
}

/** As Go prints the struct. */
function utilizationText({ utilization: { cpu, memory, resource, greatest } }: Removal, { version }: Client): string {
  return `{${[cpu, memory, 0, ...(version.has('autoscaler-dynamic-resources') ? [0] : []), resource, greatest].join(' ')}}`;
}
