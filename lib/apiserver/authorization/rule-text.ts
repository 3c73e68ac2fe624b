// Rules as an error names them (pkg/apis/rbac/v1/evaluation_helpers.go).
import { compactRules, type PolicyRule } from '../../api/index.ts';

/** `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`, one a line, in order. */
export function describeRules(rules: readonly PolicyRule[]): string {
  return [...new Set(compactRules(rules).map(describe))].sort().join('\n');
}

function describe({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = Object.entries({ APIGroups: apiGroups, Resources: resources, NonResourceURLs: nonResourceURLs, ResourceNames: resourceNames, Verbs: verbs });
  return `{${parts.filter(([, list]) => list?.length).map(([name, list]) => `${name}:${goQuoted(list!)}`).join(', ')}}`;
}

/** Go's %q of a list: `["get" "list"]`. */
export const goQuoted = (list: readonly string[]) => `[${list.map((one) => JSON.stringify(one)).join(' ')}]`;
