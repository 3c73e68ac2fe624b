// Roles and who has them, as kubeadm makes them.
import type { Manifest } from '../../../api/index.ts';
import type { Client } from '../../../client/index.ts';
import { createOrUpdate } from './connection.ts';

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

const subjectOf = (subject: Subject) => (subject.kind === 'ServiceAccount' ? subject : { apiGroup: group, ...subject });

/** A role that reads one object, and its binding of the same name. */
export function readerRole(client: Client, name: string, { resource, object, namespace = systemNamespace, subjects }: { resource: string; object: string; namespace?: string; subjects: readonly Subject[] }): void {
  const metadata = { name, namespace };
  createOrUpdate(client, { apiVersion, kind: 'Role', metadata, rules: [{ verbs: ['get'], apiGroups: [''], resources: [resource], resourceNames: [object] }] } as Manifest);
  createOrUpdate(client, { apiVersion, kind: 'RoleBinding', metadata, roleRef: { apiGroup: group, kind: 'Role', name }, subjects: subjects.map(subjectOf) } as Manifest);
}

export function clusterRole(client: Client, name: string, rules: readonly object[]): void {
  createOrUpdate(client, { apiVersion, kind: 'ClusterRole', metadata: { name }, rules } as Manifest);
}

export function clusterBinding(client: Client, name: string, { role, subject }: { role: string; subject: Subject }): void {
  createOrUpdate(client, { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { apiGroup: group, kind: 'ClusterRole', name: role }, subjects: [subjectOf(subject)] } as Manifest);
}

export const groupNamed = (name: string): Subject => ({ kind: 'Group', name });
