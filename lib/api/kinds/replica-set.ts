import { formatLabelSelector } from '../labels/index.ts';
import { allVerbs, type Resource, type Strategy } from '../resource.ts';
import { age, ageColumn, column, nameColumn, wide } from './cells.ts';
import { dropDisabledFields } from './pod-spec/disabled.ts';
import { containerCells, defaultTemplate } from './pod-spec/template.ts';
import { immutableSelector, validateReplicaCounts, validateReplicaSetSpec } from './pod-spec/validate-workload.ts';

const strategy: Strategy = {
  defaults(replicaSet, { version }) {
    const spec = (replicaSet.spec ??= {});
    spec.replicas ??= 1;
    defaultTemplate((spec.template ??= {}), version);
    if (replicaSet.status) replicaSet.status.replicas ??= 0;
  },
  prepareForCreate(replicaSet, { version }) {
    replicaSet.status = { replicas: 0 };
    replicaSet.metadata.generation = 1;
    if (replicaSet.spec.template) dropDisabledFields(replicaSet.spec.template.spec, version);
  },
  prepareForUpdate(replicaSet, old, { version }) {
    replicaSet.status = old.status;
    if (replicaSet.spec !== old.spec && replicaSet.spec.template) dropDisabledFields(replicaSet.spec.template.spec, version);
  },
  prepareForStatusUpdate(replicaSet, old) {
    replicaSet.spec = old.spec;
    (replicaSet.status ??= {}).replicas ??= 0;
  },
  validate: ({ spec }, context) => validateReplicaSetSpec(spec, context),
  validateUpdate(replicaSet, old, context) {
    // Kubernetes validates the spec twice on an update; each error is reported twice.
    const errors = validateReplicaSetSpec(replicaSet.spec, context);
    return [...errors, ...errors, ...immutableSelector(replicaSet.spec, old.spec)];
  },
  validateStatusUpdate: ({ status }, _old, context) => validateReplicaCounts(status, context),
};

export const replicaSet: Resource = {
  kind: 'ReplicaSet',
  group: 'apps',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'replicasets',
  verbs: allVerbs,
  subresources: [
    { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
  strategy,
  columns: [nameColumn, column('Desired', 'integer'), column('Current', 'integer'), column('Ready', 'integer'), ageColumn, wide('Containers'), wide('Images'), wide('Selector')],
  cells: (object, now) => [
    object.metadata.name,
    object.spec.replicas,
    object.status?.replicas ?? 0,
    object.status?.readyReplicas ?? 0,
    age(object, now),
    ...containerCells(object.spec.template),
    formatLabelSelector(object.spec.selector),
  ],
};
