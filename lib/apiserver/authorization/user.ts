// Who asks, as authentication tells it.

export interface UserInfo {
  name: string;
  groups: readonly string[];
  uid?: string;
  extra?: Readonly<Record<string, readonly string[]>>;
}

export const masters = 'system:masters';
const authenticated = 'system:authenticated';
const unauthenticated = 'system:unauthenticated';
const nodesGroup = 'system:nodes';
const anonymous = 'system:anonymous';

/** `default` and `robot` of `system:serviceaccount:default:robot`; undefined for anybody else. */
export function serviceAccountOf(name: string): { namespace: string; name: string } | undefined {
  const [system, kind, namespace, account, ...more] = name.split(':');
  return system === 'system' && kind === 'serviceaccount' && namespace && account && more.length === 0 ? { namespace, name: account } : undefined;
}

/** Groups that a user is in besides those that were named: those of a service account, and that of all who are known. */
export function impliedGroups(name: string, groups: readonly string[] = []): string[] {
  const account = serviceAccountOf(name);
  const implied = account && groups.length === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`] : [];
  const rest = name === anonymous ? (groups.length === 0 ? [unauthenticated] : []) : [authenticated];
  return [...new Set([...groups, ...implied, ...rest])];
}

/** Users whose certificates name a group; kubeadm writes that of the administrator. */
const certified: Record<string, readonly string[]> = { 'kubernetes-admin': [masters], 'system:apiserver': [masters] };

/** The user behind a name of a component of this cluster, which never shows credentials. */
export function knownUser(name: string): UserInfo {
  const node = name.startsWith('system:node:') ? [nodesGroup] : undefined;
  return { name, groups: impliedGroups(name, certified[name] ?? node) };
}

/** `worker-1` of the user `system:node:worker-1` in the group of nodes. */
export function nodeNameOf({ name, groups }: UserInfo): string | undefined {
  return name.startsWith('system:node:') && groups.includes(nodesGroup) ? name.slice('system:node:'.length) : undefined;
}
