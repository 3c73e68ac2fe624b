import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';

export const lease: Resource = {
  kind: 'Lease',
  group: 'coordination.k8s.io',
  plural: 'leases',
  singular: 'lease',
  namespaced: true,
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }],
  etcdPath: 'leases',
  verbs: allVerbs,
  strategy: { generation: false, allowCreateOnUpdate: true, allowUnconditionalUpdate: false },
  columns: [nameColumn, column('Holder'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.spec?.holderIdentity ?? '', age(object, now)],
};
