// Who may do what: the authorizers in their order. The first that allows decides; the reasons of the others are joined.
import type { PolicyRule, Version } from '../../api/index.ts';
import type { Attributes } from './attributes.ts';
import { type Decision, forbiddenRequest } from './decision.ts';
import { authorizeNode } from './node.ts';
import { nodeRules } from './bootstrap-policy.ts';
import { authorizeByRoles, singular } from './rbac.ts';
import { grantsFor, type Roles } from './resolver.ts';
import { masters, nodeNameOf, type UserInfo } from './user.ts';

/** All rules of a user in a namespace, as far as they can be listed. */
export interface RulesOfUser {
  rules: PolicyRule[];
  incomplete: boolean;
  errors: string[];
}

export interface Authorizer {
  authorize(user: UserInfo, attributes: Attributes): Decision;
  /** Throws the 403 that the user gets. */
  check(user: UserInfo, attributes: Attributes): void;
  rulesFor(user: UserInfo, namespace: string): RulesOfUser;
}

/** As kube-apiserver with --authorization-mode=Node,RBAC. */
export function createAuthorizer(roles: Roles, version: Version): Authorizer {
  const authorizer: Authorizer = {
    authorize(user, attributes) {
      if (user.groups.includes(masters)) return { allowed: true, reason: '' };
      const ofNode = authorizeNode(roles, user, attributes, { rules: nodeRules(version), version });
      if (ofNode?.allowed) return ofNode;
      const byRoles = authorizeByRoles(roles, user, attributes);
      if (byRoles.allowed || !ofNode) return byRoles;
      return { allowed: false, reason: [ofNode.reason, byRoles.reason].filter(Boolean).join('\n') };
    },
    check(user, attributes) {
      const { allowed, reason } = authorizer.authorize(user, attributes);
      if (!allowed) throw forbiddenRequest(user, attributes, reason);
    },
    rulesFor(user, namespace) {
      const grants = [...grantsFor(roles, user, namespace)];
      const isNode = nodeNameOf(user) !== undefined;
      const errors = grants.flatMap(({ error }) => (error ? [singular(error.message)] : []));
      return { rules: grants.flatMap(({ rules }) => rules), incomplete: isNode, errors: [...(isNode ? ['node authorizer does not support user rule resolution'] : []), ...errors] };
    },
  };
  return authorizer;
}
