// Which pods a budget selects, and which budget a pod belongs to.
import type { Pod, PodDisruptionBudget, Version } from '../../api/index.ts';
import { type CacheEvent, type Client, type Key, keyOf } from '../../client/index.ts';
import { labelSelector } from '../shared/selectors.ts';

/** Before policy/v1 an empty selector selected nothing. */
export function matcherOf({ spec }: PodDisruptionBudget, version: Version): (pod: Pod) => boolean {
  const selector = labelSelector(spec.selector);
  const { matchLabels, matchExpressions } = spec.selector ?? {};
  const isEmpty = Object.keys(matchLabels ?? {}).length === 0 && !matchExpressions?.length;
  return isEmpty && !version.has('pdb-empty-selector') ? () => false : ({ metadata }) => selector.matches(metadata.labels);
}

/** The budget that a change of a pod concerns: if several match, any one of them. */
export function budgetOf({ object: pod }: CacheEvent<Pod>, client: Client): Key[] {
  const budgets = client.cache('PodDisruptionBudget');
  const { namespace, name, labels } = pod.metadata;
  if (budgets.size === 0 || (!client.version.has('pdb-empty-selector') && Object.keys(labels ?? {}).length === 0)) return [];
  const [chosen, ...others] = [...budgets.inNamespace(namespace!)].filter((budget) => matcherOf(budget, client.version)(pod));
  if (!chosen) return [];
  if (others.length > 0) client.event(pod, 'Warning', 'MultiplePodDisruptionBudgets', `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${chosen.metadata.name}" arbitrarily.`);
  return [keyOf(chosen)];
}
