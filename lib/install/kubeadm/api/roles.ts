// Roles and who has them, as kubeadm makes them.
import type { Manifest } from '../../../api/index.ts';
import { type ApiClient, createOrUpdate } from './connection.ts';

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;

export const bootstrappers = 'system:bootstrappers:kubeadm:default-node-token';
export const nodes = 'system:nodes';
export const systemNamespace = 'kube-system';

export interface Subject {
  kind: 'Group' | 'User' | 'ServiceAccount';
  name: string;
  namespace?: string;
}

/** A role that reads one object, and its binding of the same name. */
export function readerRole(client: ApiClient, name: string, { resource, object, namespace = systemNamespace, subjects }: { resource: string; object: string; namespace?: string; subjects: readonly Subject[] }): void {
  const metadata = { name, namespace };
  createOrUpdate(client, { apiVersion, kind: 'Role', metadata, rules: [{ verbs: ['get'], apiGroups: [''], resources: [resource], resourceNames: [object] }] } as Manifest);
  createOrUpdate(client, { apiVersion, kind: 'RoleBinding', metadata, roleRef: { apiGroup: group, kind: 'Role', name }, subjects } as Manifest);
}

/** `namespace`: of an object that has none; the server takes it away. */
export function clusterRole(client: ApiClient, name: string, { rules, namespace }: { rules: readonly object[]; namespace?: string }): void {
  createOrUpdate(client, { apiVersion, kind: 'ClusterRole', metadata: { name, ...(namespace && { namespace }) }, rules } as Manifest);
}

export function clusterBinding(client: ApiClient, name: string, { role, subject, namespace }: { role: string; subject: Subject; namespace?: string }): void {
  createOrUpdate(client, { apiVersion, kind: 'ClusterRoleBinding', metadata: { name, ...(namespace && { namespace }) }, roleRef: { apiGroup: group, kind: 'ClusterRole', name: role }, subjects: [subject] } as Manifest);
}

export const groupNamed = (name: string): Subject => ({ kind: 'Group', name });
