import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';

export const podDisruptionBudget: Resource = {
  kind: 'PodDisruptionBudget',
  group: 'policy',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  namespaced: true,
  versions: [{ version: 'v1', since: 21 }, { version: 'v1beta1', until: 24 }],
  etcdPath: 'poddisruptionbudgets',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy: {
    allowUnconditionalUpdate: false,
    prepareForCreate(draft) {
      draft.metadata = { ...draft.metadata, generation: 1 };
      draft.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
  },
  columns: [nameColumn, column('Min Available'), column('Max Unavailable'), column('Allowed Disruptions', 'integer'), ageColumn],
  cells: (object, now) => [
    object.metadata.name,
    String(object.spec?.minAvailable ?? 'N/A'),
    String(object.spec?.maxUnavailable ?? 'N/A'),
    object.status?.disruptionsAllowed ?? 0,
    age(object, now),
  ],
};
