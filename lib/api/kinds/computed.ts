// Kinds of which nothing is stored: what the server finds out when it is asked, and what it only passes on.
import type { Resource } from '../resource.ts';
import { column, nameColumn } from './cells.ts';

interface Condition {
  type: string;
  status: string;
  message?: string;
  error?: string;
}

export const componentStatus: Resource = {
  kind: 'ComponentStatus',
  listKind: 'ComponentStatusList',
  group: '',
  plural: 'componentstatuses',
  singular: 'componentstatus',
  shortNames: ['cs'],
  namespaced: false,
  versions: [{ version: 'v1' }],
  etcdPath: 'componentstatuses',
  verbs: ['get', 'list'],
  columns: [nameColumn, column('Status'), column('Message'), column('Error')],
  cells: ({ metadata, conditions = [] }) => {
    const healthy: Condition | undefined = conditions.find(({ type }: Condition) => type === 'Healthy');
    return [metadata.name, !healthy ? 'Unknown' : healthy.status === 'True' ? 'Healthy' : 'Unhealthy', healthy?.message ?? '', healthy?.error ?? ''];
  },
};

/** The old way to bind a pod: to the collection, with the pod's name in the body. */
export const binding: Resource = { kind: 'Binding', group: '', plural: 'bindings', singular: 'binding', namespaced: true, versions: [{ version: 'v1' }], etcdPath: 'bindings', verbs: ['create'] };
