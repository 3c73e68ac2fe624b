// Which of some rights are not contained in others (component-helpers/auth/rbac/validation).
import { breakdownRule, type PolicyRule } from './policy-rules.ts';

/** The parts of `wanted` that no rule of `owned` covers; each part is so small that one rule covers all of it or nothing. */
export function uncovered(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(breakdownRule).filter((part) => !owned.some((rule) => covers(rule, part)));
}

const all = (owned: readonly string[] = [], wanted: readonly string[] = []) => owned.includes('*') || wanted.every((one) => owned.includes(one));

function covers(owned: PolicyRule, part: PolicyRule): boolean {
  const names = part.resourceNames ?? [];
  return (
    all(owned.verbs, part.verbs) &&
    all(owned.apiGroups, part.apiGroups) &&
    (all(owned.resources, part.resources) || (part.resources ?? []).every((resource) => coversResource(owned.resources ?? [], resource))) &&
    (part.nonResourceURLs ?? []).every((url) => (owned.nonResourceURLs ?? []).some((pattern) => urlMatches(pattern, url))) &&
    (!owned.resourceNames?.length || (names.length > 0 && names.every((name) => owned.resourceNames!.includes(name))))
  );
}

function coversResource(owned: readonly string[], resource: string): boolean {
  const slash = resource.indexOf('/');
  return owned.includes(resource) || (slash >= 0 && owned.includes(`*${resource.slice(slash)}`));
}

/** A path, or what begins like a pattern that ends with `*`. */
export function urlMatches(pattern: string, path: string): boolean {
  return pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.replace(/(?<!\*)\*+$/, '')));
}
