import { formatLabels } from '../labels/index.ts';
import { allVerbs, type Resource, type Strategy } from '../resource.ts';
import { defaultTemplate } from './pod-spec/template.ts';
import { validateReplicationControllerSpec } from './pod-spec/validate-workload.ts';
import { replicasCells, replicasColumns, replicasStrategy, replicasSubresources } from './replicas.ts';

const isEmpty = (map: object | undefined) => !map || Object.keys(map).length === 0;

const strategy: Strategy = {
  ...replicasStrategy,
  defaults(controller, { version }) {
    const spec = (controller.spec ??= {});
    const labels = spec.template?.metadata?.labels;
    if (labels) {
      if (isEmpty(spec.selector)) spec.selector = { ...labels };
      if (isEmpty(controller.metadata.labels)) controller.metadata.labels = { ...labels };
    }
    spec.replicas ??= 1;
    if (spec.template) defaultTemplate(spec.template, version);
    if (controller.status) controller.status.replicas ??= 0;
  },
  validate: ({ spec }, context) => validateReplicationControllerSpec(spec, context),
  validateUpdate({ spec }, _old, context) {
    // Kubernetes validates the spec twice on an update; each error is reported twice.
    const errors = validateReplicationControllerSpec(spec, context);
    return [...errors, ...errors];
  },
  fields: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
};

export const replicationController: Resource = {
  kind: 'ReplicationController',
  group: '',
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'controllers',
  verbs: allVerbs,
  subresources: replicasSubresources,
  strategy,
  columns: replicasColumns,
  cells: (object, now) => replicasCells(object, now, formatLabels(object.spec.selector)),
};
