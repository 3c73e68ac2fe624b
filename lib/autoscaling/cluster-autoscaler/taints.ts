// Taints that the cluster autoscaler puts on nodes (cluster-autoscaler/utils/taints).
import type { Node, Taint } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';

/** Nobody is to come any more: the node goes. Its value is the second in which that was decided. */
export const toBeDeleted = 'ToBeDeletedByClusterAutoscaler';
/** Better go elsewhere: the node may go soon. */
export const deletionCandidate = 'DeletionCandidateOfClusterAutoscaler';

export const isTainted = ({ spec }: Node, key: string): boolean => spec.taints?.some((taint) => taint.key === key) === true;

export function addTaint(client: Client, name: string, { key, effect }: Pick<Taint, 'key' | 'effect'>): void {
  const node = client.get('Node', { name });
  if (isTainted(node, key)) return;
  client.update({ ...node, spec: { ...node.spec, taints: [...(node.spec.taints ?? []), { key, value: String(Math.floor(client.clock.now / 1000)), effect }] } });
}

export function removeTaint(client: Client, name: string, key: string): void {
  const node = client.get('Node', { name });
  if (!isTainted(node, key)) return;
  client.update({ ...node, spec: { ...node.spec, taints: node.spec.taints!.filter((taint) => taint.key !== key) } });
}

/** Taints of a node's state and of its deletion: a new machine of the same kind would not have them. */
const ofState = [toBeDeleted, deletionCandidate, 'node.cloudprovider.kubernetes.io/uninitialized', 'node.cloudprovider.kubernetes.io/shutdown', ...['not-ready', 'unreachable', 'unschedulable', 'memory-pressure', 'disk-pressure', 'network-unavailable', 'pid-pressure'].map((name) => `node.kubernetes.io/${name}`)];

export const lastingTaints = ({ spec }: Node): Taint[] => (spec.taints ?? []).filter(({ key }) => !ofState.includes(key));
