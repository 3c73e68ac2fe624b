// The RBAC authorizer (plugin/pkg/auth/authorizer/rbac).
import type { Attributes } from './attributes.ts';
import { isResource } from './attributes.ts';
import type { Decision } from './decision.ts';
import { grantsFor, type Roles } from './resolver.ts';
import { ruleAllows } from './rule-allows.ts';
import type { UserInfo } from './user.ts';

/** RBAC only ever allows; without a rule that does, it has no opinion, and says which roles it missed. */
export function authorizeByRoles(roles: Roles, user: UserInfo, attributes: Attributes): Decision {
  const missing: string[] = [];
  for (const { rules, source, error } of grantsFor(roles, user, isResource(attributes) ? attributes.namespace : undefined)) {
    // The authorizer asks a lister, which names a kind in the singular.
    if (error) missing.push(singular(error.message));
    else if (rules.some((rule) => ruleAllows(rule, attributes))) return { allowed: true, reason: `RBAC: allowed by ${source}` };
  }
  return { allowed: false, reason: missing.length > 0 ? `RBAC: ${aggregate(missing)}` : '' };
}

export const singular = (message: string) => message.replace(/^(cluster)?roles\./, '$1role.');

/** Go's aggregate of errors: each once, several in brackets. */
export function aggregate(messages: readonly string[]): string {
  const once = [...new Set(messages)];
  return once.length === 1 ? once[0]! : `[${once.join(', ')}]`;
}
