import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import { age, ageColumn, nameColumn } from './cells.ts';

const row = (kind: string, group: string, etcdPath: string, more: Partial<Resource>): Resource => ({
  kind,
  group,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath,
  verbs: allVerbs,
  columns: [nameColumn, ageColumn],
  cells: (object, now) => [object.metadata.name, age(object, now)],
  ...more,
});
const verbs = ['get', 'patch', 'update'];
const status = { name: 'status', verbs } as const;
const scale = { name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs } as const;

export const pod = row('Pod', '', 'pods', { shortNames: ['po'], categories: ['all'], subresources: [{ name: 'binding', kind: 'Binding', verbs: ['create'] }, status as any] });
export const node = row('Node', '', 'minions', { shortNames: ['no'], namespaced: false, subresources: [status as any] });
export const replicationController = row('ReplicationController', '', 'controllers', { shortNames: ['rc'], categories: ['all'], subresources: [scale as any, status as any] });
export const replicaSet = row('ReplicaSet', 'apps', 'replicasets', { shortNames: ['rs'], categories: ['all'], subresources: [scale as any, status as any] });
export const deployment = row('Deployment', 'apps', 'deployments', { shortNames: ['deploy'], categories: ['all'], subresources: [scale as any, status as any] });
