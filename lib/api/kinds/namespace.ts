import type { Resource } from '../resource.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';

const finalizer = 'kubernetes';
const nameLabel = 'kubernetes.io/metadata.name';

export const namespace: Resource = {
  kind: 'Namespace',
  group: '',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  versions: [{ version: 'v1' }],
  etcdPath: 'namespaces',
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [
    { name: 'finalize', verbs: ['update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
  strategy: {
    generation: false,
    defaults(draft, { version }) {
      const { metadata } = draft;
      if (version.has('namespace-name-label') && metadata.name && metadata.labels?.[nameLabel] !== metadata.name) {
        metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
      }
    },
    prepareForCreate(draft) {
      draft.status = { phase: 'Active' };
      const finalizers: string[] = draft.spec?.finalizers ?? [];
      if (!finalizers.includes(finalizer)) draft.spec = { ...draft.spec, finalizers: [...finalizers, finalizer] };
    },
    prepareForUpdate(draft, old) {
      draft.spec = old.spec;
      draft.status = old.status;
    },
    fields: (object) => ({ 'status.phase': object.status?.phase ?? '', name: object.metadata.name }),
  },
  columns: [nameColumn, column('Status'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.status?.phase ?? '', age(object, now)],
};
