// Conditions of a node become NoSchedule taints, so that the scheduler needs to know only taints.
import type { Node } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { hasTaint, swapTaints, type TaintId } from '../shared/taints.ts';

const taintOf: Record<string, Record<string, string>> = {
  Ready: { False: 'node.kubernetes.io/not-ready', Unknown: 'node.kubernetes.io/unreachable' },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
};
const unschedulable = 'node.kubernetes.io/unschedulable';
const ours = new Set([...Object.values(taintOf).flatMap((keys) => Object.values(keys)), unschedulable]);

export function syncNoScheduleTaints(client: Client, node: Node): void {
  const wanted = wantedTaints(node);
  const missing = wanted.filter((taint) => !hasTaint(node, taint));
  const surplus = (node.spec.taints ?? []).filter(({ key, effect }) => effect === 'NoSchedule' && ours.has(key) && !wanted.some((taint) => taint.key === key));
  if (missing.length > 0 || surplus.length > 0) swapTaints(client, node.metadata.name, missing, surplus);
}

function wantedTaints({ spec, status }: Node): TaintId[] {
  const keys = (status.conditions ?? []).map(({ type, status: value }) => taintOf[type]?.[value]);
  if (spec.unschedulable) keys.push(unschedulable);
  return keys.filter((key) => key !== undefined).map((key) => ({ key, effect: 'NoSchedule' }));
}

const stable = { 'kubernetes.io/os': 'beta.kubernetes.io/os', 'kubernetes.io/arch': 'beta.kubernetes.io/arch' };

/** The labels' old names are kept equal to the new ones. */
export function syncBetaLabels(client: Client, { metadata: { name, labels = {} } }: Node): void {
  const differing = Object.entries(stable).filter(([key, beta]) => labels[key] !== undefined && labels[beta] !== labels[key]);
  if (differing.length === 0) return;
  client.patch('Node', { name }, { metadata: { labels: Object.fromEntries(differing.map(([key, beta]) => [beta, labels[key]])) } });
}
