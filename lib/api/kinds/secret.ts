import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';

export const secret: Resource = {
  kind: 'Secret',
  group: '',
  plural: 'secrets',
  singular: 'secret',
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'secrets',
  verbs: allVerbs,
  strategy: {
    defaults(draft) {
      draft.type ||= 'Opaque';
    },
    fields: (object) => ({ type: object.type ?? '' }),
  },
  columns: [nameColumn, column('Type'), column('Data'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.type ?? '', Object.keys(object.data ?? {}).length, age(object, now)],
};
