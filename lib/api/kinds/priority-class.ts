import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';

export const priorityClass: Resource = {
  kind: 'PriorityClass',
  group: 'scheduling.k8s.io',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  namespaced: false,
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }, { version: 'v1alpha1', until: 20 }],
  etcdPath: 'priorityclasses',
  verbs: allVerbs,
  strategy: {
    defaults(draft) {
      draft.preemptionPolicy ??= 'PreemptLowerPriority';
      draft.value ??= 0;
    },
    prepareForCreate(draft) {
      draft.metadata = { ...draft.metadata, generation: 1 };
    },
  },
  columns: (version) => [
    nameColumn,
    column('Value', 'integer'),
    column('Global-Default', 'boolean'),
    ageColumn,
    ...(version.has('priority-class-policy-column') ? [column('PreemptionPolicy')] : []),
  ],
  cells: (object, now, version) => [
    object.metadata.name,
    object.value ?? 0,
    object.globalDefault ?? false,
    age(object, now),
    ...(version.has('priority-class-policy-column') ? [object.preemptionPolicy ?? ''] : []),
  ],
};
