import { formatLabels } from '../labels/index.ts';
import { allVerbs, type Resource, type Strategy } from '../resource.ts';
import { age, ageColumn, column, nameColumn, wide } from './cells.ts';
import { dropDisabledFields } from './pod-spec/disabled.ts';
import { containerCells, defaultTemplate } from './pod-spec/template.ts';
import { validateReplicaCounts, validateReplicationControllerSpec } from './pod-spec/validate-workload.ts';

const isEmpty = (map: object | undefined) => !map || Object.keys(map).length === 0;

const strategy: Strategy = {
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
  prepareForCreate(controller, { version }) {
    controller.status = { replicas: 0 };
    controller.metadata.generation = 1;
    if (controller.spec.template) dropDisabledFields(controller.spec.template.spec, version);
  },
  prepareForUpdate(controller, old, { version }) {
    controller.status = old.status;
    if (controller.spec !== old.spec && controller.spec.template) dropDisabledFields(controller.spec.template.spec, version);
  },
  prepareForStatusUpdate(controller, old) {
    controller.spec = old.spec;
    (controller.status ??= {}).replicas ??= 0;
  },
  validate: ({ spec }, context) => validateReplicationControllerSpec(spec, context),
  validateUpdate({ spec }, _old, context) {
    // Kubernetes validates the spec twice on an update; each error is reported twice.
    const errors = validateReplicationControllerSpec(spec, context);
    return [...errors, ...errors];
  },
  validateStatusUpdate: ({ status }, _old, context) => validateReplicaCounts(status, context),
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
    formatLabels(object.spec.selector),
  ],
};
