// Rules of roles as data: taken apart, put together again, gathered from other roles.
import { equal } from './object.ts';
import { selectorFromLabelSelector } from './labels/index.ts';
import type { KubeObject, LabelSelector } from './types.ts';

/** One rule of a Role or ClusterRole (rbac.authorization.k8s.io/v1). */
export interface PolicyRule {
  verbs: readonly string[];
  apiGroups?: readonly string[];
  resources?: readonly string[];
  resourceNames?: readonly string[];
  nonResourceURLs?: readonly string[];
}

export interface Subject {
  kind: string;
  apiGroup?: string;
  name: string;
  namespace?: string;
}

export interface RoleRef {
  apiGroup: string;
  kind: string;
  name: string;
}

/** Rules of one verb, one group, one resource (and at most one name) each, or one URL, that together say the same. */
export function breakdownRule({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule): PolicyRule[] {
  const out: PolicyRule[] = [];
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const rule = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (resourceNames.length === 0) out.push(rule);
        else for (const name of resourceNames) out.push({ ...rule, resourceNames: [name] });
      }
    }
  }
  for (const url of nonResourceURLs) for (const verb of verbs) out.push({ nonResourceURLs: [url], verbs: [verb] });
  return out;
}

/**
 * Joins rules that differ only in their verbs; each of them means one resource and at most one name, or it stays alone.
 * Differs from Kubernetes: Go's maps have no order; here the joined rules stand in the order of their first one.
 */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const alone: PolicyRule[] = [];
  const joined = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
    const simple = apiGroups.length === 1 && resources.length === 1 && resourceNames.length <= 1 && nonResourceURLs.length === 0;
    if (!simple) {
      alone.push(rule);
      continue;
    }
    const key = JSON.stringify([apiGroups, resources, resourceNames]);
    const known = joined.get(key);
    joined.set(key, known ? { ...known, verbs: [...known.verbs, ...rule.verbs] } : rule);
  }
  return [...alone, ...joined.values()];
}

/** The rules of all roles that an aggregation rule selects, each once (pkg/controller/clusterroleaggregation). */
export function aggregatedRules(role: KubeObject, all: Iterable<KubeObject>): PolicyRule[] {
  const rules: PolicyRule[] = [];
  const sorted = [...all].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  for (const labelSelector of (role.aggregationRule?.clusterRoleSelectors ?? []) as LabelSelector[]) {
    const selector = selectorFromLabelSelector(labelSelector);
    for (const other of sorted) {
      if (other.metadata.name === role.metadata.name || !selector.matches(other.metadata.labels)) continue;
      for (const rule of (other.rules ?? []) as PolicyRule[]) if (!rules.some((present) => equal(present, rule))) rules.push(rule);
    }
  }
  return rules;
}
