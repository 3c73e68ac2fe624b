// Which pods of one node would have to go so that a pod of higher priority fits.
import { type LabelSelector, type Pod, type PodDisruptionBudget, type Selector, selectorFromLabelSelector } from '../../api/index.ts';
import type { Handle } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import type { Trial } from '../trial.ts';
import type { Candidate, Victim } from './result.ts';

export const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0;

/** Milliseconds; a pod that has not started yet is younger than all others. */
export const startOf = ({ status }: Pod): number => (status?.startTime ? Date.parse(status.startTime) : Infinity);

export const hasLowerPriority = (node: NodeInfo, { pod }: PodInfo): boolean => {
  for (const { pod: other } of node.pods.values()) if (priorityOf(other) < priorityOf(pod)) return true;
  return false;
};

/** Higher priority first, then the one that runs longer. */
function byImportance(a: Pod, b: Pod): number {
  if (priorityOf(a) !== priorityOf(b)) return priorityOf(b) - priorityOf(a);
  const [one, other] = [startOf(a), startOf(b)];
  return one === other ? 0 : one - other;
}

/** The fewest pods, the least important ones; or why it does not help to remove any. */
export function selectVictims(handle: Handle, pod: PodInfo, node: NodeInfo): Candidate | readonly string[] {
  const potential = [...node.pods.values()].filter(({ pod: other }) => priorityOf(other) < priorityOf(pod.pod));
  if (potential.length === 0) return ['No preemption victims found for incoming pod'];
  const trial = handle.try(pod, node);
  try {
    for (const other of potential) trial.remove(other);
    return trial.refusal()?.reasons ?? reprieve(handle, trial, potential.sort((a, b) => byImportance(a.pod, b.pod)));
  } finally {
    trial.end();
  }
}

/** Those without whom it would also work may stay: first those that budgets protect, and the important ones first. */
function reprieve({ version, list }: Handle, trial: Trial, potential: readonly PodInfo[]): Candidate {
  const isProtected = protectedBy([...list('PodDisruptionBudget')]);
  const violating = new Set(potential.filter(({ pod }) => isProtected(pod)));
  const victims: Victim[] = [];
  for (const other of [...violating, ...potential.filter((p) => !violating.has(p))]) {
    trial.add(other);
    if (!trial.refusal()) continue;
    trial.remove(other);
    victims.push({ pod: other.pod, violatesBudget: violating.has(other) });
  }
  if (version.has('victims-by-importance')) victims.sort((a, b) => byImportance(a.pod, b.pod));
  return { node: trial.node.name, victims, numPDBViolations: victims.filter(({ violatesBudget }) => violatesBudget).length };
}

/** Takes pods off the budgets one by one; true for one that a budget has no room for any more. */
function protectedBy(budgets: readonly PodDisruptionBudget[]): (pod: Pod) => boolean {
  const left = budgets.map((budget) => ({ budget, selector: selectorOf(budget.spec.selector), allowed: budget.status?.disruptionsAllowed ?? 0 }));
  return ({ metadata: { namespace, name, labels = {} } }) => {
    let isProtected = false;
    if (Object.keys(labels).length === 0) return false;
    for (const entry of left) {
      const { budget, selector } = entry;
      if (budget.metadata.namespace !== namespace || selector.empty || !selector.matches(labels)) continue;
      // The server has counted this one already.
      if (budget.status?.disruptedPods?.[name]) continue;
      if (--entry.allowed < 0) isProtected = true;
    }
    return isProtected;
  };
}

const selectorOf = (selector: LabelSelector | undefined): Selector => selectorFromLabelSelector(selector);
