// What replica sets and replication controllers share: the older kind differs in its selector and in some checks.
import type { Resource, Strategy } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn, wide } from './cells.ts';
import { dropDisabledFields } from './pod-spec/disabled.ts';
import { containerCells } from './pod-spec/template.ts';
import { validateReplicaCounts } from './pod-spec/validate-workload.ts';

/** How an object that keeps replicas is prepared for the store; its status comes from its controller alone. */
export const replicasStrategy: Strategy = {
  repeatedMetadataChecks: ['object', 'update'],
  prepareForCreate(object, { version }) {
    object.status = { replicas: 0 };
    object.metadata.generation = 1;
    if (object.spec.template) dropDisabledFields(object.spec.template.spec, version);
  },
  prepareForUpdate(object, old, { version }) {
    object.status = old.status;
    if (object.spec !== old.spec && object.spec.template) dropDisabledFields(object.spec.template.spec, version);
  },
  prepareForStatusUpdate(object, old) {
    object.spec = old.spec;
    (object.status ??= {}).replicas ??= 0;
  },
  validateStatusUpdate: ({ status }, _old, context) => validateReplicaCounts(status, context),
};

export const replicasSubresources: Resource['subresources'] = [
  { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
  { name: 'status', verbs: ['get', 'patch', 'update'] },
];

export const replicasColumns = [nameColumn, column('Desired', 'integer'), column('Current', 'integer'), column('Ready', 'integer'), ageColumn, wide('Containers'), wide('Images'), wide('Selector')];

/** One row; the selector is printed by its kind. */
export function replicasCells(object: KubeObject, now: number, selector: string): (string | number)[] {
  const { metadata, spec, status } = object;
  return [metadata.name, spec.replicas, status?.replicas ?? 0, status?.readyReplicas ?? 0, age(object, now), ...containerCells(spec.template), selector];
}
