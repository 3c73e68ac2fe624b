// What each type of volume needs. One row a type, in the order in which Kubernetes looks at them.
import type { Volume } from 'kubernetes-types/core/v1';
import { localPath, noBacksteps } from './paths.ts';
import type { FieldPath, Problems } from './problems.ts';
import { quantity } from './quantities.ts';
import { downwardAPI, keyed, projected, type Validate } from './volume-files.ts';
import { validateISCSI } from './volume-iscsi.ts';
import { azureDisk, csi, ephemeral, fc, flexVolume, flocker, quobyte, storageos } from './volume-storage.ts';

export const need = (problems: Problems, at: FieldPath, source: any, ...fields: string[]) => {
  for (const field of fields) if (!source[field] || source[field].length === 0) problems.required(at.child(field));
};

function partition(problems: Problems, at: FieldPath, { partition: number = 0 }): void {
  if (number < 0 || number > 255) problems.invalid(at.child('partition'), number, 'must be between 1 and 255, inclusive');
}

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function hostPath(problems: Problems, at: FieldPath, { path, type }: { path?: string; type?: string }): void {
  if (!path) return problems.required(at.child('path'));
  noBacksteps(problems, at.child('path'), path);
  if (type !== undefined && !hostPathTypes.includes(type)) problems.notSupported(at.child('type'), type, hostPathTypes);
}

function nfs(problems: Problems, at: FieldPath, source: { server?: string; path?: string }): void {
  need(problems, at, source, 'server', 'path');
  if (!source.path?.startsWith('/')) problems.invalid(at.child('path'), source.path ?? '', 'must be an absolute path');
}

export const needs = (...fields: string[]): Validate => (problems, at, source) => need(problems, at, source, ...fields);

export interface VolumeSource {
  field: keyof Volume;
  validate: Validate;
  /** How errors spell the field, where it is not its name. */
  path?: string;
  /** How the error of a second source spells it. */
  forbidden?: string;
}

export const volumeSources: readonly VolumeSource[] = [
  { field: 'emptyDir', validate: (problems, at, { sizeLimit }) => sizeLimit !== undefined && quantity(sizeLimit).sign < 0 && problems.forbidden(at.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity') },
  { field: 'hostPath', validate: hostPath },
  { field: 'gitRepo', validate: (problems, at, source) => (need(problems, at, source, 'repository'), localPath(problems, at.child('directory'), source.directory ?? '')) },
  { field: 'gcePersistentDisk', validate: (problems, at, source) => (need(problems, at, source, 'pdName'), partition(problems, at, source)), path: 'persistentDisk' },
  { field: 'awsElasticBlockStore', validate: (problems, at, source) => (need(problems, at, source, 'volumeID'), partition(problems, at, source)) },
  { field: 'secret', validate: keyed('secretName') },
  { field: 'nfs', validate: nfs },
  { field: 'iscsi', validate: validateISCSI },
  { field: 'glusterfs', validate: needs('endpoints', 'path') },
  { field: 'flocker', validate: flocker },
  { field: 'persistentVolumeClaim', validate: needs('claimName') },
  { field: 'rbd', validate: needs('monitors', 'image') },
  { field: 'cinder', validate: (problems, at, source) => (need(problems, at, source, 'volumeID'), source.secretRef && need(problems, at.child('secretRef'), source.secretRef, 'name')) },
  { field: 'cephfs', validate: needs('monitors'), forbidden: 'cephFS' },
  { field: 'quobyte', validate: quobyte },
  { field: 'downwardAPI', validate: downwardAPI, forbidden: 'downwarAPI' },
  { field: 'fc', validate: fc },
  { field: 'flexVolume', validate: flexVolume },
  { field: 'configMap', validate: keyed('name') },
  { field: 'azureFile', validate: needs('secretName', 'shareName') },
  { field: 'vsphereVolume', validate: needs('volumePath') },
  { field: 'photonPersistentDisk', validate: needs('pdID') },
  { field: 'portworxVolume', validate: needs('volumeID') },
  { field: 'azureDisk', validate: azureDisk },
  { field: 'storageos', validate: storageos },
  { field: 'projected', validate: projected },
  { field: 'scaleIO', validate: needs('gateway', 'system', 'volumeName') },
  { field: 'csi', validate: csi },
  { field: 'ephemeral', validate: ephemeral },
];
