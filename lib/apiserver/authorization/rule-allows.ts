// Does one rule allow one request? (pkg/apis/rbac/v1/evaluation_helpers.go)
import { type PolicyRule, urlMatches } from '../../api/index.ts';
import { type Attributes, isResource } from './attributes.ts';

export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!matches(rule.verbs, attributes.verb)) return false;
  if (!isResource(attributes)) return (rule.nonResourceURLs ?? []).some((url) => urlMatches(url, attributes.path));
  const { group, resource, subresource, name = '' } = attributes;
  return matches(rule.apiGroups, group) && resourceMatches(rule.resources, resource, subresource) && (!rule.resourceNames?.length || rule.resourceNames.includes(name));
}

const matches = (list: readonly string[] | undefined, wanted: string) => list !== undefined && (list.includes('*') || list.includes(wanted));

/** `pods`, `pods/log`, the same subresource of everything (a star before the slash), and everything. */
function resourceMatches(list: readonly string[] | undefined, resource: string, subresource: string | undefined): boolean {
  if (!list) return false;
  if (!subresource) return matches(list, resource);
  return matches(list, `${resource}/${subresource}`) || list.includes(`*/${subresource}`);
}
