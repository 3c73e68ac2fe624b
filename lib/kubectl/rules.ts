// Rules of roles as `auth can-i --list` and `describe` print them: one line a resource, verbs joined.
import { breakdownRule, compactRules, type PolicyRule } from '../api/index.ts';

export const accessColumns = ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'];

const bracketed = (list: readonly string[] = []) => `[${list.join(' ')}]`;

/** Go's text of a rule, by which they are sorted. */
const goText = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule) =>
  `&PolicyRule{Verbs:${bracketed(verbs)},APIGroups:${bracketed(apiGroups)},Resources:${bracketed(resources)},ResourceNames:${bracketed(resourceNames)},NonResourceURLs:${bracketed(nonResourceURLs)},}`;

/** `deployments.apps/scale` */
function resourceText({ resources: [resource = ''] = [], apiGroups: [group] = [] }: PolicyRule): string {
  const [first, ...rest] = resource.split('/');
  return [group ? `${first}.${group}` : first, ...rest].join('/');
}

/** Cells in the order of {@link accessColumns}. */
export function accessRows(rules: readonly PolicyRule[]): string[][] {
  const compact = compactRules(rules.flatMap(breakdownRule)).map((rule) => ({ ...rule, verbs: [...new Set(rule.verbs)] }));
  const sorted = compact.map((rule) => ({ rule, text: goText(rule) })).sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return sorted.map(({ rule }) => [rule.resources?.length ? resourceText(rule) : '', bracketed(rule.nonResourceURLs), bracketed(rule.resourceNames), bracketed(rule.verbs)]);
}
