import { selectorFromLabelSelector } from '../labels/index.ts';
import { equal } from '../object.ts';
import { allVerbs, type Resource, type Strategy } from '../resource.ts';
import { age, ageColumn, column, nameColumn, wide } from './cells.ts';
import { validateDeploymentSpec, validateDeploymentStatus } from './deployment-validation.ts';
import { dropDisabledFields } from './pod-spec/disabled.ts';
import { containerCells, defaultTemplate } from './pod-spec/template.ts';
import { immutableSelector } from './pod-spec/validate-workload.ts';

const strategy: Strategy = {
  defaults(deployment, { version }) {
    const spec = (deployment.spec ??= {});
    spec.replicas ??= 1;
    const update = (spec.strategy ??= {});
    update.type ||= 'RollingUpdate';
    if (update.type === 'RollingUpdate') {
      const rolling = (update.rollingUpdate ??= {});
      rolling.maxUnavailable ??= '25%';
      rolling.maxSurge ??= '25%';
    }
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
    defaultTemplate((spec.template ??= {}), version);
  },
  prepareForCreate(deployment, { version }) {
    deployment.status = {};
    deployment.metadata.generation = 1;
    if (deployment.spec.template) dropDisabledFields(deployment.spec.template.spec, version);
  },
  prepareForUpdate(deployment, old, { version }) {
    deployment.status = old.status;
    if (deployment.spec !== old.spec && deployment.spec.template) dropDisabledFields(deployment.spec.template.spec, version);
    const { annotations = {}, generation = 0 } = old.metadata;
    // Annotations are copied to the replica sets, so they are a change to observe too.
    if (!equal(deployment.metadata.annotations ?? {}, annotations) || !equal(deployment.spec, old.spec)) deployment.metadata.generation = generation + 1;
  },
  prepareForStatusUpdate(deployment, old) {
    deployment.spec = old.spec;
    if (old.metadata.labels) deployment.metadata.labels = old.metadata.labels;
    else delete deployment.metadata.labels;
    for (const condition of deployment.status?.conditions ?? []) {
      condition.lastUpdateTime ??= null;
      condition.lastTransitionTime ??= null;
    }
  },
  validate: ({ spec }, context) => validateDeploymentSpec(spec, context),
  validateUpdate: (deployment, old, context) => [...validateDeploymentSpec(deployment.spec, context), ...immutableSelector(deployment.spec, old.spec)],
  validateStatusUpdate: (deployment, old, context) => validateDeploymentStatus(deployment.status, old.status, context),
};

export const deployment: Resource = {
  kind: 'Deployment',
  group: 'apps',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'deployments',
  verbs: allVerbs,
  subresources: [
    { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
  strategy,
  columns: [nameColumn, column('Ready'), column('Up-to-date'), column('Available'), ageColumn, wide('Containers'), wide('Images'), wide('Selector')],
  cells: (object, now, version) => [
    object.metadata.name,
    `${object.status?.readyReplicas ?? 0}/${object.spec.replicas}`,
    object.status?.updatedReplicas ?? 0,
    object.status?.availableReplicas ?? 0,
    age(object, now),
    ...containerCells(object.spec.template),
    selectorFromLabelSelector(object.spec.selector, version).toString(),
  ],
};
