// What each type of volume needs. One function a type, in the order in which Kubernetes looks at them.
import type { Volume } from 'kubernetes-types/core/v1';
import { isDNS1123Label, isDNS1123Subdomain } from '../../names.ts';
import { validateLabels, validateAnnotations } from './labels.ts';
import { localNonReservedPath, localPath, noBacksteps } from './paths.ts';
import type { FieldPath, Problems } from './problems.ts';
import { quantity } from './quantities.ts';
import { goStrings } from './go-text.ts';
import { type FieldRef, type ResourceFieldRef, validateFieldRef, validateResourceFieldRef } from './validate-env.ts';
import { validateISCSI } from './volume-iscsi.ts';

type Validate = (problems: Problems, at: FieldPath, source: any) => void;

const need = (problems: Problems, at: FieldPath, source: any, ...fields: string[]) => {
  for (const field of fields) if (!source[field] || source[field].length === 0) problems.required(at.child(field));
};

function fileMode(problems: Problems, at: FieldPath, mode: number | undefined): void {
  if (mode !== undefined && (mode > 0o777 || mode < 0)) problems.invalid(at, mode, 'must be a number between 0 and 0777 (octal), both inclusive');
}

function partition(problems: Problems, at: FieldPath, { partition: number = 0 }): void {
  if (number < 0 || number > 255) problems.invalid(at.child('partition'), number, 'must be between 1 and 255, inclusive');
}

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function hostPath(problems: Problems, at: FieldPath, { path, type }: { path?: string; type?: string }): void {
  if (!path) return problems.required(at.child('path'));
  noBacksteps(problems, at.child('path'), path);
  if (type !== undefined && !hostPathTypes.includes(type)) problems.notSupported(at.child('type'), type, hostPathTypes);
}

interface KeyToPath {
  key?: string;
  path?: string;
  mode?: number;
}

function keyToPath(problems: Problems, at: FieldPath, { key, path = '', mode }: KeyToPath): void {
  if (!key) problems.required(at.child('key'));
  if (!path) problems.required(at.child('path'));
  localNonReservedPath(problems, at.child('path'), path);
  fileMode(problems, at.child('mode'), mode);
}

/** Secrets and config maps name their object differently. */
const keyed = (nameField: 'secretName' | 'name'): Validate => (problems, at, source) => {
  need(problems, at, source, nameField);
  fileMode(problems, at.child('defaultMode'), source.defaultMode);
  source.items?.forEach((item: KeyToPath, i: number) => keyToPath(problems, at.child('items').index(i), item));
};

interface DownwardFile {
  path?: string;
  mode?: number;
  fieldRef?: FieldRef;
  resourceFieldRef?: ResourceFieldRef;
}
const fileFieldPaths = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

function downwardFile(problems: Problems, at: FieldPath, { path = '', mode, fieldRef, resourceFieldRef }: DownwardFile): void {
  if (!path) problems.required(at.child('path'));
  localNonReservedPath(problems, at.child('path'), path);
  if (fieldRef) {
    validateFieldRef(problems, at.child('fieldRef'), fieldRef, fileFieldPaths);
    if (resourceFieldRef) problems.invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
  } else if (resourceFieldRef) validateResourceFieldRef(problems, at.child('resourceFieldRef'), resourceFieldRef, true);
  else problems.required(at, 'one of fieldRef and resourceFieldRef is required');
  fileMode(problems, at.child('mode'), mode);
}

/** Errors of a file carry the path of the volume, in Kubernetes too. */
function downwardAPI(problems: Problems, at: FieldPath, { defaultMode, items }: { defaultMode?: number; items?: DownwardFile[] }): void {
  fileMode(problems, at.child('defaultMode'), defaultMode);
  for (const file of items ?? []) downwardFile(problems, at, file);
}

/** Two files of a projected volume may not have the same path; what the error names differs by source. */
function claimPath(problems: Problems, at: FieldPath, paths: Set<string>, path: string | undefined, named: string): void {
  if (!path) return;
  if (paths.has(path)) problems.invalid(at, named, 'conflicting duplicate paths');
  paths.add(path);
}

function projectedKeys(problems: Problems, at: FieldPath, volume: FieldPath, source: { name?: string; items?: KeyToPath[] }, paths: Set<string>): void {
  if (!source.name) problems.required(at.child('name'));
  const { items } = source;
  for (let i = 0; i < (items?.length ?? 0); i++) {
    keyToPath(problems, at.child('items').index(i), items![i]!);
    claimPath(problems, volume, paths, items![i]!.path, source.name ?? '');
  }
}

function projectedSource(problems: Problems, at: FieldPath, path: FieldPath, source: any, paths: Set<string>): void {
  const { secret, configMap, downwardAPI: files, serviceAccountToken: token } = source;
  if (secret) projectedKeys(problems, path.child('secret'), at, secret, paths);
  if (configMap) projectedKeys(problems, path.child('configMap'), at, configMap, paths);
  for (const file of files?.items ?? []) {
    downwardFile(problems, path.child('downwardAPI'), file);
    claimPath(problems, at, paths, file.path, file.path);
  }
  if (token) serviceAccountToken(problems, at, path.child('serviceAccountToken'), token);
  if (+!!secret + +!!configMap + +!!files + +!!token > 1) problems.forbidden(path, 'may not specify more than 1 volume type');
}

function serviceAccountToken(problems: Problems, volume: FieldPath, at: FieldPath, { expirationSeconds = 3600, path }: { expirationSeconds?: number; path?: string }): void {
  if (expirationSeconds < 600) problems.invalid(at.child('expirationSeconds'), expirationSeconds, 'may not specify a duration less than 10 minutes');
  if (expirationSeconds > 2 ** 32) problems.invalid(at.child('expirationSeconds'), expirationSeconds, 'may not specify a duration larger than 2^32 seconds');
  // Kubernetes names the volume's path here, not the source's.
  if (!path) problems.required(volume.child('path'));
}

function projected(problems: Problems, at: FieldPath, { defaultMode, sources }: { defaultMode?: number; sources?: unknown[] }): void {
  fileMode(problems, at.child('defaultMode'), defaultMode);
  const paths = new Set<string>();
  const list = at.child('sources');
  for (let i = 0; i < (sources?.length ?? 0); i++) projectedSource(problems, at, list.index(i), sources![i], paths);
}

function driverName(problems: Problems, at: FieldPath, name: string): void {
  if (!name) problems.required(at);
  if (name.length > 63) problems.tooLong(at, 63);
  problems.each(at, name, isDNS1123Subdomain(name.toLowerCase(), problems.version));
}

function csi(problems: Problems, at: FieldPath, { driver = '', nodePublishSecretRef }: { driver?: string; nodePublishSecretRef?: { name?: string } }): void {
  driverName(problems, at.child('driver'), driver);
  if (!nodePublishSecretRef) return;
  const { name } = nodePublishSecretRef;
  // The space stands in Kubernetes' own path.
  if (!name) problems.required(at.child('nodePublishSecretRef ').child('name'));
  else problems.each(at.child('name'), name, isDNS1123Subdomain(name, problems.version));
}

function ephemeral(problems: Problems, at: FieldPath, { volumeClaimTemplate: template }: { volumeClaimTemplate?: any }): void {
  const path = at.child('volumeClaimTemplate');
  if (!template) return problems.required(path);
  const { annotations, labels, creationTimestamp: _, ...others } = template.metadata ?? {};
  validateAnnotations(problems, path.child('metadata').child('annotations'), annotations);
  validateLabels(problems, path.child('metadata').child('labels'), labels);
  for (const field in others) problems.forbidden(path.child('metadata').child(field), 'cannot be set for an ephemeral volume');
  const { accessModes, resources } = template.spec ?? {};
  const spec = path.child('spec');
  if (!accessModes?.length) problems.required(spec.child('accessModes'), 'at least 1 access mode is required');
  const storage = resources?.requests?.storage;
  if (storage === undefined) problems.required(spec.child('resources').key('storage'));
  else if (quantity(storage).sign <= 0) problems.invalid(spec.child('resources').key('storage'), storage, 'must be greater than zero');
}

function fc(problems: Problems, at: FieldPath, { targetWWNs = [], wwids = [], lun }: { targetWWNs?: string[]; wwids?: string[]; lun?: number }): void {
  if (targetWWNs.length === 0 && wwids.length === 0) problems.required(at.child('targetWWNs'), 'must specify either targetWWNs or wwids, but not both');
  if (targetWWNs.length > 0 && wwids.length > 0) problems.invalidText(at.child('targetWWNs'), goStrings(targetWWNs), 'targetWWNs and wwids can not be specified simultaneously');
  if (targetWWNs.length === 0) return;
  if (lun === undefined) problems.required(at.child('lun'), 'lun is required if targetWWNs is specified');
  else if (lun < 0 || lun > 255) problems.invalid(at.child('lun'), lun, 'must be between 0 and 255, inclusive');
}

function azureDisk(problems: Problems, at: FieldPath, { diskName, diskURI = '', cachingMode, kind }: Record<string, string | undefined>): void {
  const [caching, kinds] = [['None', 'ReadOnly', 'ReadWrite'], ['Dedicated', 'Managed', 'Shared']];
  if (!diskName) problems.required(at.child('diskName'));
  if (!diskURI) problems.required(at.child('diskURI'));
  if (cachingMode !== undefined && !caching.includes(cachingMode)) problems.notSupported(at.child('cachingMode'), cachingMode, caching);
  if (kind !== undefined && !kinds.includes(kind)) problems.notSupported(at.child('kind'), kind, kinds);
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/')) {
    problems.notSupported(at.child('diskURI'), diskURI, ['/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}']);
  } else if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://')) {
    problems.notSupported(at.child('diskURI'), diskURI, ['https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd']);
  }
}

function flocker(problems: Problems, at: FieldPath, { datasetName = '', datasetUUID = '' }: { datasetName?: string; datasetUUID?: string }): void {
  if (!datasetName && !datasetUUID) problems.required(at, 'one of datasetName and datasetUUID is required');
  if (datasetName && datasetUUID) problems.invalid(at, 'resource', 'datasetName and datasetUUID can not be specified simultaneously');
  if (datasetName.includes('/')) problems.invalid(at.child('datasetName'), datasetName, "must not contain '/'");
}

function flexVolume(problems: Problems, at: FieldPath, { driver, options }: { driver?: string; options?: Record<string, string> }): void {
  if (!driver) problems.required(at.child('driver'));
  for (const key in options) {
    const domain = `.${(key.includes('/') ? key.slice(0, key.indexOf('/')) : key).toLowerCase()}`;
    if (domain.endsWith('.kubernetes.io') || domain.endsWith('.k8s.io')) problems.invalid(at.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved');
  }
}

function storageos(problems: Problems, at: FieldPath, { volumeName, volumeNamespace, secretRef }: { volumeName?: string; volumeNamespace?: string; secretRef?: { name?: string } }): void {
  if (!volumeName) problems.required(at.child('volumeName'));
  else problems.each(at.child('volumeName'), volumeName, isDNS1123Label(volumeName, problems.version));
  if (volumeNamespace) problems.each(at.child('volumeNamespace'), volumeNamespace, isDNS1123Label(volumeNamespace, problems.version));
  if (secretRef && !secretRef.name) problems.required(at.child('secretRef').child('name'));
}

const hasPort = (text: string) => /^(\[[^\]]*\]|[^:[\]]*):[^:]*$/.test(text);

function quobyte(problems: Problems, at: FieldPath, { registry = '', tenant = '', volume }: { registry?: string; tenant?: string; volume?: string }): void {
  const pairs = 'must be a host:port pair or multiple pairs separated by commas';
  if (!registry) problems.required(at.child('registry'), pairs);
  else if (tenant.length >= 65) problems.required(at.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters');
  else for (const pair of registry.split(',')) if (!hasPort(pair)) problems.invalid(at.child('registry'), registry, pairs);
  if (!volume) problems.required(at.child('volume'));
}

const needs = (...fields: string[]): Validate => (problems, at, source) => need(problems, at, source, ...fields);

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


function nfs(problems: Problems, at: FieldPath, source: { server?: string; path?: string }): void {
  need(problems, at, source, 'server', 'path');
  if (!source.path?.startsWith('/')) problems.invalid(at.child('path'), source.path ?? '', 'must be an absolute path');
}
