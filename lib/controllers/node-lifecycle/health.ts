// Has the kubelet of a node reported lately? Remembered by the controller's own clock, never by the node's.
import type { Lease, Node } from '../../api/index.ts';
import { timestamp } from '../../sim/index.ts';

export type NodeCondition = NonNullable<Node['status']['conditions']>[number];

export interface NodeHealth {
  /** When a sign of life was last seen (milliseconds). */
  probe: number;
  /** Times of the Ready condition and the lease at that moment. */
  heartbeat?: string;
  renewed?: string;
  ready?: string;
}

/** Takes in what the node and its lease say now. A heartbeat is any change of either's time. */
export function observe(health: NodeHealth | undefined, node: Node, lease: Lease | undefined, now: number): NodeHealth {
  const ready = readyCondition(node);
  const renewed = lease?.spec.renewTime as string | undefined;
  const isNew = health === undefined;
  const changed = isNew || health.heartbeat !== ready?.lastHeartbeatTime || (renewed !== undefined && (health.renewed ?? '') < renewed);
  // A node that never reported counts from its creation.
  const probe = isNew && !ready ? Date.parse(node.metadata.creationTimestamp) : now;
  return {
    probe: changed ? (renewed !== undefined && renewed !== health?.renewed ? now : probe) : health.probe,
    heartbeat: ready?.lastHeartbeatTime,
    renewed: renewed ?? health?.renewed,
    ready: ready?.status,
  };
}

export function readyCondition({ status }: Node): NodeCondition | undefined {
  return status.conditions?.find(({ type }) => type === 'Ready');
}

/** What only the kubelet knows; NetworkUnavailable is set by others. */
const kubeletConditions = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** The conditions of a node whose kubelet is silent: nothing is known any more. */
export function unknownConditions(node: Node, now: number): NodeCondition[] {
  const lastTransitionTime = timestamp(now);
  const present = node.status.conditions ?? [];
  const kept = present.map((condition) => {
    if (!kubeletConditions.includes(condition.type) || condition.status === 'Unknown') return condition;
    return { ...condition, status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.', lastTransitionTime };
  });
  const missing = kubeletConditions.filter((type) => !present.some((condition) => condition.type === type));
  const never = { status: 'Unknown', reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' };
  return [...kept, ...missing.map((type) => ({ type, ...never, lastHeartbeatTime: node.metadata.creationTimestamp, lastTransitionTime }))];
}
