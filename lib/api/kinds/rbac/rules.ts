// What Role and ClusterRole have in common (pkg/apis/rbac/validation).
import { type FieldError, required } from '../../field-error.ts';
import type { PolicyRule } from '../../policy-rules.ts';
import { invalidList } from '../checks.ts';

/** Names of roles and bindings may hold anything that can stand in a path: `system:node`. */
export function pathSegmentName(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((character) => name.includes(character)).map((character) => `may not contain '${character}'`);
}

export function ruleErrors(rules: readonly PolicyRule[] | null | undefined, namespaced: boolean): FieldError[] {
  return (rules ?? []).flatMap((rule, i) => errorsOf(rule, `rules[${i}]`, namespaced));
}

function errorsOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule, field: string, namespaced: boolean): FieldError[] {
  const errors = verbs?.length ? [] : [required(`${field}.verbs`, 'verbs must contain at least one value')];
  if (nonResourceURLs?.length) {
    const refuse = (why: string) => errors.push(invalidList(`${field}.nonResourceURLs`, nonResourceURLs, why));
    if (namespaced) refuse('namespaced rules cannot apply to non-resource URLs');
    if (apiGroups?.length || resources?.length || resourceNames?.length) refuse('rules cannot apply to both regular resources and non-resource URLs');
    return errors;
  }
  if (!apiGroups?.length) errors.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'));
  if (!resources?.length) errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'));
  return errors;
}
