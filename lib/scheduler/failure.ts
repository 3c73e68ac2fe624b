// What a scheduler says and does about a pod that has no node.
import { isNotFound, type Pod, podCondition, StatusError } from '../api/index.ts';
import { type Client, ConnectionError } from '../client/index.ts';
import { timestamp } from '../sim/index.ts';

/** The server said no or did not answer; any other error is a mistake in the code. */
export const isRefusal = (error: unknown): error is Error => error instanceof StatusError || error instanceof ConnectionError;

export interface Failure {
  reason: 'Unschedulable' | 'SchedulerError';
  message: string;
  /** Where the pod waits for its place; empty: nowhere any more; missing: as before. */
  nominatedNodeName?: string | undefined;
}

/** Says on the pod and in an event why it has no node. */
export function reject(client: Client, pod: Pod, { reason, message, nominatedNodeName }: Failure): void {
  attempt(() => {
    client.event(pod, 'Warning', 'FailedScheduling', noteOf(client, message), { component: pod.spec.schedulerName!, action: 'Scheduling' });
    const nomination = nominatedNodeName === undefined ? {} : { nominatedNodeName: nominatedNodeName || undefined };
    const old = podCondition(pod, 'PodScheduled');
    const known = old?.status === 'False' && old.reason === reason && old.message === message;
    if (known && (nominatedNodeName === undefined || nominatedNodeName === (pod.status.nominatedNodeName ?? ''))) return;
    const lastTransitionTime = old?.status === 'False' ? old.lastTransitionTime! : timestamp(client.clock.now);
    const condition = { type: 'PodScheduled', status: 'False', lastProbeTime: null as unknown as string, lastTransitionTime, reason, message };
    client.updateStatus(pod, { conditions: [...(pod.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled'), condition], ...nomination });
  });
}

/** The most bytes of an event's note. */
const noteLimit = 1024;
const cut = ' ...';

function noteOf({ version }: Client, message: string): string {
  if (message.length <= noteLimit || !version.has('event-note-truncated')) return message;
  return message.slice(0, noteLimit - cut.length) + cut;
}

export interface Preempting {
  pod: Pod;
  node: string;
  victims: readonly Pod[];
  /** Pods of lower priority that were promised the node. */
  displaced: readonly Pod[];
}

/** Deletes the victims through the API. False when the server refused: the pod is not promised the node then. */
export function preempt(client: Client, { pod, node, victims, displaced }: Preempting): boolean {
  for (const victim of victims) if (!evict(client, pod, victim, node)) return false;
  for (const other of displaced) if (other.status.nominatedNodeName) attempt(() => void client.updateStatus(other, { nominatedNodeName: undefined }));
  return true;
}

function evict(client: Client, pod: Pod, victim: Pod, node: string): boolean {
  try {
    if (client.version.has('disruption-target')) client.updateStatus(victim, { conditions: disruptionTarget(client, pod, victim) });
    client.delete(victim, { preconditions: { uid: victim.metadata.uid! } });
  } catch (error) {
    if (isNotFound(error) && client.version.has('preemption-ignores-gone')) return true;
    if (!isRefusal(error)) throw error;
    return false;
  }
  client.event(victim, 'Normal', 'Preempted', preemptedMessage(client, pod, node), { component: pod.spec.schedulerName!, action: 'Preempting', related: pod });
  return true;
}

function disruptionTarget({ clock }: Client, { spec }: Pod, { status }: Pod) {
  const message = `${spec.schedulerName}: preempting to accommodate a higher priority pod`;
  const condition = { type: 'DisruptionTarget', status: 'True', lastProbeTime: null as unknown as string, lastTransitionTime: timestamp(clock.now), reason: 'PreemptionByScheduler', message };
  const old = status.conditions ?? [];
  const present = old.find(({ type }) => type === 'DisruptionTarget');
  if (present?.status === 'True' && present.reason === condition.reason && present.message === message) return old;
  return [...old.filter(({ type }) => type !== 'DisruptionTarget'), { ...condition, ...(present?.status === 'True' && { lastTransitionTime: present.lastTransitionTime }) }];
}

function preemptedMessage({ version }: Client, { metadata: { namespace, name, uid } }: Pod, node: string): string {
  if (version.has('preempted-with-uid')) return `Preempted by pod ${uid} on node ${node}`;
  if (version.has('preempted-without-name')) return `Preempted by a pod on node ${node}`;
  return `Preempted by ${namespace}/${name} on node ${node}`;
}

/** The pod may be gone, or the server away: the pod is tried again when there is news of it. */
function attempt(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
