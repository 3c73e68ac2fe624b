// Scopes: which pods a quota is about.
import { podQOSClass } from '../pod-helpers.ts';
import type { KubeObject, Pod } from '../types.ts';
import type { ScopeRequirement } from './evaluator.ts';

/** What spec.scopes and spec.scopeSelector ask for together. */
export function scopesOf({ spec }: KubeObject): ScopeRequirement[] {
  const scopes: ScopeRequirement[] = (spec.scopes ?? []).map((scopeName: string) => ({ scopeName, operator: 'Exists' }));
  return [...scopes, ...(spec.scopeSelector?.matchExpressions ?? [])];
}

function ofClass({ priorityClassName = '' }: Pod['spec'], { operator, values = [] }: ScopeRequirement): boolean {
  if (operator === 'In') return priorityClassName !== '' && values.includes(priorityClassName);
  if (operator === 'NotIn') return !values.includes(priorityClassName);
  return (priorityClassName !== '') === (operator === 'Exists');
}

type Affinity = NonNullable<Pod['spec']['affinity']>;
type Rules = Affinity['podAffinity'];

function namesNamespaces(rules: Rules): boolean {
  const terms = [...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []), ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm)];
  return terms.some(({ namespaces, namespaceSelector }) => namespaces?.length || namespaceSelector);
}

export function podInScope({ spec }: Pod, requirement: ScopeRequirement): boolean {
  const deadline = (spec.activeDeadlineSeconds ?? -1) >= 0;
  switch (requirement.scopeName) {
    case 'Terminating':
      return deadline;
    case 'NotTerminating':
      return !deadline;
    case 'BestEffort':
      return podQOSClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return podQOSClass(spec) !== 'BestEffort';
    case 'PriorityClass':
      return ofClass(spec, requirement);
    case 'CrossNamespacePodAffinity':
      return namesNamespaces(spec.affinity?.podAffinity) || namesNamespaces(spec.affinity?.podAntiAffinity);
    default:
      return false;
  }
}
