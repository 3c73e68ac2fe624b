// Why a pod fits nowhere, in one line: the message of FailedScheduling.
import type { Pod, Version } from '../api/index.ts';
import type { Status } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
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
  /** What each node said; missing when there was nothing to ask. */
  readonly diagnosis?: Diagnosis;
}

export function fitError(nodes: readonly NodeInfo[], diagnosis: Diagnosis, { version, pod }: { version: Version; pod: Pod }): FitError {
  const { refusals, preFilter } = diagnosis;
  if (nodes.length === 0) return { message: 'no nodes available to schedule pods', plugins: new Set() };
  const all = preFilter ? nodes.map(() => preFilter) : [...refusals.values()];
  const plugins = new Set(all.map(({ plugin }) => plugin));
  const error = all.find(({ code }) => code === 'Error');
  if (error) return { message: `${runningFilter(error.plugin, pod, version)}: ${error.reasons.join(', ')}`, plugins, failed: true };

  const head = `0/${nodes.length} nodes are available:`;
  const reasons = preFilter && version.has('prefilter-message-once') ? preFilter.reasons.join(', ') : histogram(all);
  return { message: `${head} ${reasons}.`, plugins, diagnosis };
}

const runningFilter = (plugin: string, { metadata }: Pod, version: Version) =>
  `running ${JSON.stringify(plugin)} filter plugin${version.has('scheduler-error-reason') ? '' : ` for pod ${JSON.stringify(metadata.name)}`}`;

/** `1 Insufficient cpu, 2 node(s) were unschedulable`, sorted as text. */
export function histogram(statuses: readonly Pick<Status, 'reasons'>[]): string {
  const counts = new Map<string, number>();
  for (const { reasons } of statuses) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).sort().join(', ');
}
