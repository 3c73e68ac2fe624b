import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { accessModesText, storageClassOf } from './access-modes.ts';
import { age, ageColumn, column, nameColumn, wide } from './cells.ts';
import { defaultSources } from './pod-spec/default-volumes.ts';
import { canonicalResources } from './pod-spec/quantities.ts';
import { mountOptionErrors, volumeErrors, volumeUpdateErrors } from './volume-checks.ts';

const attributesClass = (version: Version) => version.has('volume-attributes-class-column');

function cells(object: KubeObject, now: number, version: Version) {
  const { metadata, spec, status } = object;
  return [
    metadata.name,
    spec.capacity?.storage ?? '0',
    accessModesText(spec.accessModes),
    spec.persistentVolumeReclaimPolicy ?? '',
    metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? ''),
    spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
    storageClassOf(object),
    ...(attributesClass(version) ? [spec.volumeAttributesClassName ?? '<unset>'] : []),
    status?.reason ?? '',
    age(object, now),
    spec.volumeMode ?? '<unset>',
  ];
}

export const persistentVolume: Resource = {
  kind: 'PersistentVolume',
  group: '',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  namespaced: false,
  versions: [{ version: 'v1' }],
  etcdPath: 'persistentvolumes',
  verbs: allVerbs,
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  strategy: {
    repeatedMetadataChecks: ['object', 'object'],
    generation: false,
    defaults(draft) {
      const spec = (draft.spec ??= {});
      draft.status = { ...draft.status, phase: draft.status?.phase || 'Pending' };
      spec.persistentVolumeReclaimPolicy ||= 'Retain';
      spec.volumeMode ??= 'Filesystem';
      if (spec.capacity) canonicalResources(spec.capacity);
      defaultSources(spec);
    },
    prepareForCreate(draft) {
      draft.status = { phase: 'Pending' };
    },
    prepareForStatusUpdate(draft) {
      draft.status = { ...draft.status, phase: draft.status?.phase || 'Pending' };
    },
    prepareForUpdate(draft, old) {
      draft.status = old.status;
    },
    validate: (object, context) => [...volumeErrors(object, context), ...mountOptionErrors(object)],
    validateUpdate: volumeUpdateErrors,
  },
  columns: (version) => [
    nameColumn,
    column('Capacity'),
    column('Access Modes'),
    column('Reclaim Policy'),
    column('Status'),
    column('Claim'),
    column('StorageClass'),
    ...(attributesClass(version) ? [column('VolumeAttributesClass')] : []),
    column('Reason'),
    ageColumn,
    wide('VolumeMode'),
  ],
  cells,
};
