import { equal } from '../object.ts';
import { allVerbs, type Resource, type Strategy } from '../resource.ts';
import type { Version } from '../version.ts';
import { age, ageColumn, column, nameColumn, wide } from './cells.ts';
import { setGeneration } from './checks.ts';
import { dropDisabledFields } from './pod-spec/disabled.ts';
import { canonicalResources } from './pod-spec/quantities.ts';
import { containerCells, defaultTemplate } from './pod-spec/template.ts';
import { replicasSubresources } from './replicas.ts';
import { validateStatefulSet, validateStatefulSetStatus, validateStatefulSetUpdate } from './stateful-set-validation.ts';

/** A template of a claim is kept as the claim would be. */
function defaultClaim(claim: Record<string, any>): void {
  claim.apiVersion = 'v1';
  claim.kind = 'PersistentVolumeClaim';
  (claim.metadata ??= {}).creationTimestamp ??= null;
  const spec = (claim.spec ??= {});
  const { requests, limits } = (spec.resources ??= {});
  if (requests) canonicalResources(requests);
  if (limits) canonicalResources(limits);
  spec.volumeMode ??= 'Filesystem';
  claim.status = { ...claim.status, phase: claim.status?.phase || 'Pending' };
}

function dropNewerFields(spec: Record<string, any>, version: Version): void {
  if (!version.has('stateful-set-min-ready')) delete spec.minReadySeconds;
  if (!version.has('stateful-set-ordinals')) delete spec.ordinals;
  if (!version.has('stateful-set-claim-retention')) delete spec.persistentVolumeClaimRetentionPolicy;
  // maxUnavailable is switched on by no release yet.
  delete spec.updateStrategy?.rollingUpdate?.maxUnavailable;
}

const strategy: Strategy = {
  repeatedMetadataChecks: ['object', 'update'],
  defaults(set, { version }) {
    const spec = (set.spec ??= {});
    dropNewerFields(spec, version);
    spec.podManagementPolicy ||= 'OrderedReady';
    const update = (spec.updateStrategy ??= {});
    if (!update.type) {
      update.type = 'RollingUpdate';
      update.rollingUpdate ??= {};
    }
    if (update.type === 'RollingUpdate' && update.rollingUpdate) update.rollingUpdate.partition ??= 0;
    if (version.has('stateful-set-claim-retention')) {
      const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
      retention.whenDeleted ||= 'Retain';
      retention.whenScaled ||= 'Retain';
    }
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    defaultTemplate((spec.template ??= {}), version);
    for (const claim of spec.volumeClaimTemplates ?? []) defaultClaim(claim);
  },
  prepareForCreate(set, { version }) {
    set.status = { replicas: 0, ...(version.has('stateful-set-min-ready') && { availableReplicas: 0 }) };
    setGeneration(set, 1);
    dropDisabledFields(set.spec.template.spec, version);
  },
  prepareForUpdate(set, old, { version }) {
    set.status = old.status;
    if (!equal(set.spec, old.spec)) dropDisabledFields(set.spec.template.spec, version);
  },
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  validateStatusUpdate: ({ status }, old, context) => validateStatefulSetStatus(status, old.status, context),
};

export const statefulSet: Resource = {
  kind: 'StatefulSet',
  group: 'apps',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'statefulsets',
  verbs: allVerbs,
  subresources: replicasSubresources,
  strategy,
  columns: [nameColumn, column('Ready'), ageColumn, wide('Containers'), wide('Images')],
  cells: (object, now) => [object.metadata.name, `${object.status?.readyReplicas ?? 0}/${object.spec.replicas}`, age(object, now), ...containerCells(object.spec.template)],
};
