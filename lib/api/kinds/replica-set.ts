import { formatLabelSelector } from '../labels/index.ts';
import { allVerbs, type Resource, type Strategy } from '../resource.ts';
import { defaultTemplate } from './pod-spec/template.ts';
import { immutableSelector, validateReplicaSetSpec } from './pod-spec/validate-workload.ts';
import { replicasCells, replicasColumns, replicasStrategy, replicasSubresources } from './replicas.ts';

const strategy: Strategy = {
  ...replicasStrategy,
  defaults(replicaSet, { version }) {
    const spec = (replicaSet.spec ??= {});
    spec.replicas ??= 1;
    defaultTemplate((spec.template ??= {}), version);
    if (replicaSet.status) replicaSet.status.replicas ??= 0;
  },
  validate: ({ spec }, context) => validateReplicaSetSpec(spec, context),
  validateUpdate(replicaSet, old, context) {
    // Kubernetes validates the spec twice on an update; each error is reported twice.
    const errors = validateReplicaSetSpec(replicaSet.spec, context);
    return [...errors, ...errors, ...immutableSelector(replicaSet.spec, old.spec)];
  },
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
  subresources: replicasSubresources,
  strategy,
  columns: replicasColumns,
  cells: (object, now) => replicasCells(object, now, formatLabelSelector(object.spec.selector)),
};
