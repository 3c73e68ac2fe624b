import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { snapshotGroup } from '../volume-helpers.ts';
import { accessModesText, storageClassOf } from './access-modes.ts';
import { age, ageColumn, column, nameColumn, wide } from './cells.ts';
import { canonicalResources } from './pod-spec/quantities.ts';
import { claimErrors, claimStatusErrors, claimUpdateErrors } from './volume-checks.ts';

const attributesClass = (version: Version) => version.has('volume-attributes-class-column');

function cells(object: KubeObject, now: number, version: Version) {
  const { metadata, spec, status } = object;
  const bound = Boolean(spec.volumeName);
  return [
    metadata.name,
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
    spec.volumeName ?? '',
    bound ? (status?.capacity?.storage ?? '0') : '',
    bound ? accessModesText(status?.accessModes) : '',
    storageClassOf(object),
    ...(attributesClass(version) ? [spec.volumeAttributesClassName ?? '<unset>'] : []),
    age(object, now),
    spec.volumeMode ?? '<unset>',
  ];
}

const isKnownSource = ({ kind, apiGroup = '' }: { kind?: string; apiGroup?: string }) => (kind === 'PersistentVolumeClaim' && apiGroup === '') || (kind === 'VolumeSnapshot' && apiGroup === snapshotGroup);

/**
 * As `dataSource` a claim may name another claim or a snapshot; anything else is dropped without a word, unless the claim had a
 * source before. `dataSourceRef` may name anything.
 */
function settleSources(spec: KubeObject['spec'], version: Version, old?: KubeObject['spec']): void {
  if (!version.has('data-source-ref')) delete spec.dataSourceRef;
  if (spec.dataSource && !isKnownSource(spec.dataSource) && !old?.dataSource && !old?.dataSourceRef) delete spec.dataSource;
  if (!version.has('data-source-ref') || spec.dataSourceRef?.namespace) return;
  if (spec.dataSource) spec.dataSourceRef ??= spec.dataSource;
  else if (spec.dataSourceRef) spec.dataSource = spec.dataSourceRef;
}

export const persistentVolumeClaim: Resource = {
  kind: 'PersistentVolumeClaim',
  group: '',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'persistentvolumeclaims',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy: {
    repeatedMetadataChecks: ['object', 'update', 'object'],
    generation: false,
    defaults(draft) {
      draft.spec ??= {};
      const { requests, limits } = draft.spec.resources ?? {};
      if (requests) canonicalResources(requests);
      if (limits) canonicalResources(limits);
      draft.spec.resources ??= {};
      draft.spec.volumeMode ??= 'Filesystem';
      draft.status = { ...draft.status, phase: draft.status?.phase || 'Pending' };
    },
    prepareForCreate(draft, { version }) {
      draft.status = { phase: 'Pending' };
      settleSources(draft.spec, version);
    },
    prepareForStatusUpdate(draft) {
      draft.status = { ...draft.status, phase: draft.status?.phase || 'Pending' };
    },
    prepareForUpdate(draft, old, { version }) {
      draft.status = old.status;
      settleSources(draft.spec, version, old.spec);
    },
    validate: claimErrors,
    validateUpdate: claimUpdateErrors,
    validateStatusUpdate: claimStatusErrors,
  },
  columns: (version) => [
    nameColumn,
    column('Status'),
    column('Volume'),
    column('Capacity'),
    column('Access Modes'),
    column('StorageClass'),
    ...(attributesClass(version) ? [column('VolumeAttributesClass')] : []),
    ageColumn,
    wide('VolumeMode'),
  ],
  cells,
};
