// Why a pod fits nowhere, in one line: the message of FailedScheduling.
import type { Version } from '../api/index.ts';
import type { Status } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import type { Refusal } from './runtime.ts';

export interface Diagnosis {
  /** The first refusal of every node that was looked at. */
  refusals: ReadonlyMap<NodeInfo, Refusal>;
  /** The refusal that came before any node was looked at. */
  preFilter?: Refusal;
}

export interface FitError {
  readonly message: string;
  /** Names of the plugins that refused: only events they wait for bring the pod back. */
  readonly plugins: ReadonlySet<string>;
  /** Set when a plugin could not finish: the attempt was an error rather than a refusal. */
  readonly failed?: true;
}

export function fitError(pod: PodInfo, nodes: readonly NodeInfo[], { refusals, preFilter }: Diagnosis, version: Version): FitError {
  if (nodes.length === 0) return { message: 'no nodes available to schedule pods', plugins: new Set() };
  const all = preFilter ? nodes.map(() => preFilter) : [...refusals.values()];
  const plugins = new Set(all.map(({ plugin }) => plugin));
  const error = all.find(({ code }) => code === 'Error');
  if (error) return { message: `running ${JSON.stringify(error.plugin)} filter plugin: ${error.reasons.join(', ')}`, plugins, failed: true };

  const head = `0/${nodes.length} nodes are available:`;
  const reasons = preFilter && version.has('prefilter-message-once') ? preFilter.reasons.join(', ') : histogram(all);
  const tail = version.has('preemption-message') ? preemption(pod, nodes, { refusals, ...(preFilter && { preFilter }) }) : '';
  return { message: `${head} ${reasons}.${tail && ` preemption: ${tail}`}`, plugins };
}

/** `1 Insufficient cpu, 2 node(s) were unschedulable`, sorted as text. */
function histogram(statuses: readonly Status[]): string {
  const counts = new Map<string, number>();
  for (const { reasons } of statuses) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).sort().join(', ');
}

/**
 * Why removing other pods would not help.
 *
 * Differs from Kubernetes: where pods of lower priority run, it is not tried whether removing them would help.
 */
function preemption({ pod }: PodInfo, nodes: readonly NodeInfo[], { refusals, preFilter }: Diagnosis): string {
  if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const reasons: Status[] = [];
  for (const node of nodes) {
    const refusal = preFilter ?? refusals.get(node);
    const hopeless = refusal?.code === 'UnschedulableAndUnresolvable';
    if (!hopeless && hasLowerPriority(node, pod.spec.priority ?? 0)) return '';
    reasons.push({ code: 'Unschedulable', reasons: [hopeless ? 'Preemption is not helpful for scheduling' : 'No preemption victims found for incoming pod'] });
  }
  return `0/${nodes.length} nodes are available: ${histogram(reasons)}.`;
}

function hasLowerPriority(node: NodeInfo, priority: number): boolean {
  for (const { pod } of node.pods.values()) if ((pod.spec.priority ?? 0) < priority) return true;
  return false;
}
