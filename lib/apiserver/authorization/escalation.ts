// Nobody gives what he does not have: checks before roles and bindings are written (pkg/registry/rbac).
import { equal, forbidden, type KubeObject, type PolicyRule, type RoleRef, uncovered } from '../../api/index.ts';
import type { ApiRequest } from '../request.ts';
import type { Authorizer } from './authorizer.ts';
import { aggregate } from './rbac.ts';
import { grantsFor, type Roles, rulesOf } from './resolver.ts';
import { describeRules, goQuoted } from './rule-text.ts';
import { masters, type UserInfo } from './user.ts';

const group = 'rbac.authorization.k8s.io';
const fullAuthority: PolicyRule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, { verbs: ['*'], nonResourceURLs: ['*'] }];

export interface Write {
  request: ApiRequest;
  user: UserInfo;
  /** As it will be stored. */
  object: KubeObject;
  old?: KubeObject;
}

/** Throws a 403 when the user would hand out rights beyond the user's own. */
export function confirmNoEscalation(roles: Roles, authorizer: Authorizer, write: Write): void {
  if (write.user.groups.includes(masters) || (write.old && onlyForGarbageCollection(write.object, write.old))) return;
  if (write.request.resource.kind.endsWith('Binding')) checkBinding(roles, authorizer, write);
  else checkRole(roles, authorizer, write);
}

function checkRole(roles: Roles, authorizer: Authorizer, { request, user, object, old }: Write): void {
  const { resource, namespace, name } = request;
  if (authorizer.authorize(user, { verb: 'escalate', group, resource: resource.plural, namespace, name }).allowed) return;
  const refuse = (why: string) => forbidden(resource, object.metadata.name, why);
  const missing = missingRights(roles, user, namespace, object.rules ?? []);
  if (missing) throw refuse(missing);
  if (!aggregates(object) && !(old && aggregates(old))) return;
  if (missingRights(roles, user, namespace, fullAuthority)) throw refuse('must have cluster-admin privileges to use the aggregationRule');
}

function checkBinding(roles: Roles, authorizer: Authorizer, { request, user, object }: Write): void {
  const { resource, namespace } = request;
  const { kind, name } = object.roleRef as RoleRef;
  const plural = kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  if (authorizer.authorize(user, { verb: 'bind', group, resource: plural, namespace, name }).allowed) return;
  const rules = rulesOf(roles, object.roleRef, namespace ?? '');
  if (!Array.isArray(rules)) throw rules;
  const missing = missingRights(roles, user, namespace, rules);
  if (missing) throw forbidden(resource, object.metadata.name, missing);
}

/** What the user lacks, in words; undefined when nothing. */
function missingRights(roles: Roles, { name, groups }: UserInfo, namespace: string | undefined, wanted: readonly PolicyRule[]): string | undefined {
  const grants = [...grantsFor(roles, { name, groups }, namespace)];
  const missing = uncovered(grants.flatMap(({ rules }) => rules), wanted);
  if (missing.length === 0) return undefined;
  const errors = grants.flatMap(({ error }) => (error ? [error.message] : []));
  const text = `user ${JSON.stringify(name)} (groups=${goQuoted(groups)}) is attempting to grant RBAC permissions not currently held:\n${describeRules(missing)}`;
  return errors.length > 0 ? `${text}; resolution errors: [${aggregate(errors)}]` : text;
}

const aggregates = ({ aggregationRule }: KubeObject) => aggregationRule?.clusterRoleSelectors?.length > 0;

/** Owners and finalizers may change, so that what is being deleted can go. */
function onlyForGarbageCollection(object: KubeObject, old: KubeObject): boolean {
  const bare = ({ metadata, ...rest }: KubeObject) => ({ ...rest, metadata: { ...metadata, ownerReferences: undefined, finalizers: undefined, managedFields: undefined, resourceVersion: '' } });
  return equal(bare(object), bare(old));
}
