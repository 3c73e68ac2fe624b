// From a user to rules: bindings that name the user, and the roles that they refer to (pkg/registry/rbac/validation).
import { type KubeObject, notFound, type PolicyRule, type RoleRef, type StatusError, type Subject } from '../../api/index.ts';
import type { ServerParts } from '../parts.ts';
import { serviceAccountOf, type UserInfo } from './user.ts';

/** Rules of one role with the binding that gives them; or the role that is missing. */
export interface Grant {
  rules: readonly PolicyRule[];
  /** `ClusterRoleBinding "a" of ClusterRole "b" to User "c"` */
  source: string;
  error?: StatusError;
}

export type Roles = Pick<ServerParts, 'storage' | 'resourceOf'>;

/** Everything that a user has been given, for the whole cluster and in a namespace. */
export function* grantsFor(roles: Roles, user: UserInfo, namespace: string | undefined): IterableIterator<Grant> {
  for (const binding of roles.storage.all(roles.resourceOf('ClusterRoleBinding'))) yield* grantOf(roles, binding, user, '');
  if (!namespace) return;
  for (const binding of roles.storage.all(roles.resourceOf('RoleBinding'), namespace)) yield* grantOf(roles, binding, user, namespace);
}

function* grantOf(roles: Roles, binding: KubeObject, user: UserInfo, namespace: string): IterableIterator<Grant> {
  const subject = (binding.subjects as Subject[] | undefined)?.find((one) => appliesTo(one, user, namespace));
  if (!subject) return;
  const { name } = binding.metadata;
  const { kind, name: role } = binding.roleRef as RoleRef;
  // Kubernetes says name/namespace, in this order.
  const source = `${binding.kind} ${JSON.stringify(namespace ? `${name}/${namespace}` : name)} of ${kind} ${JSON.stringify(role)} to ${describeSubject(subject, namespace)}`;
  const found = rulesOf(roles, binding.roleRef, namespace);
  yield Array.isArray(found) ? { rules: found, source } : { rules: [], source, error: found as StatusError };
}

/** The rules of a role; what is missing is an error to hand on. */
export function rulesOf({ storage, resourceOf }: Roles, { kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | StatusError {
  const resource = resourceOf(kind === 'Role' ? 'Role' : 'ClusterRole');
  const found = storage.find(resource, kind === 'Role' ? namespace : undefined, name);
  return found ? ((found.rules ?? []) as PolicyRule[]) : notFound(resource, name);
}

function appliesTo({ kind, name, namespace }: Subject, user: UserInfo, bindingNamespace: string): boolean {
  if (kind === 'User') return user.name === name;
  if (kind === 'Group') return user.groups.includes(name);
  const account = kind === 'ServiceAccount' ? serviceAccountOf(user.name) : undefined;
  return account !== undefined && account.name === name && account.namespace === (namespace || bindingNamespace);
}

function describeSubject({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  return `${kind} ${JSON.stringify(kind === 'ServiceAccount' ? `${name}/${namespace || bindingNamespace}` : name)}`;
}
