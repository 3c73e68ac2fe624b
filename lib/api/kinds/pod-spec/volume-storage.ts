// Volumes on storage systems.
import { isDNS1123Label, isDNS1123Subdomain } from '../../names.ts';
import { goStrings } from './go-text.ts';
import { validateAnnotations, validateLabels } from './labels.ts';
import type { FieldPath, Problems } from './problems.ts';
import { quantity } from './quantities.ts';

export function driverName(problems: Problems, at: FieldPath, name: string): void {
  if (!name) problems.required(at);
  if (name.length > 63) problems.tooLong(at, 63);
  problems.each(at, name, isDNS1123Subdomain(name.toLowerCase()));
}

export function csi(problems: Problems, at: FieldPath, { driver = '', nodePublishSecretRef }: { driver?: string; nodePublishSecretRef?: { name?: string } }): void {
  driverName(problems, at.child('driver'), driver);
  if (!nodePublishSecretRef) return;
  const { name } = nodePublishSecretRef;
  // The space stands in Kubernetes' own path.
  if (!name) problems.required(at.child('nodePublishSecretRef ').child('name'));
  else problems.each(at.child('name'), name, isDNS1123Subdomain(name));
}

export function ephemeral(problems: Problems, at: FieldPath, { volumeClaimTemplate: template }: { volumeClaimTemplate?: any }): void {
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

export function fc(problems: Problems, at: FieldPath, { targetWWNs = [], wwids = [], lun }: { targetWWNs?: string[]; wwids?: string[]; lun?: number }): void {
  if (targetWWNs.length === 0 && wwids.length === 0) problems.required(at.child('targetWWNs'), 'must specify either targetWWNs or wwids, but not both');
  if (targetWWNs.length > 0 && wwids.length > 0) problems.invalidText(at.child('targetWWNs'), goStrings(targetWWNs), 'targetWWNs and wwids can not be specified simultaneously');
  if (targetWWNs.length === 0) return;
  if (lun === undefined) problems.required(at.child('lun'), 'lun is required if targetWWNs is specified');
  else if (lun < 0 || lun > 255) problems.invalid(at.child('lun'), lun, 'must be between 0 and 255, inclusive');
}

export function azureDisk(problems: Problems, at: FieldPath, { diskName, diskURI = '', cachingMode, kind }: Record<string, string | undefined>): void {
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

export function flocker(problems: Problems, at: FieldPath, { datasetName = '', datasetUUID = '' }: { datasetName?: string; datasetUUID?: string }): void {
  if (!datasetName && !datasetUUID) problems.required(at, 'one of datasetName and datasetUUID is required');
  if (datasetName && datasetUUID) problems.invalid(at, 'resource', 'datasetName and datasetUUID can not be specified simultaneously');
  if (datasetName.includes('/')) problems.invalid(at.child('datasetName'), datasetName, "must not contain '/'");
}

export function flexVolume(problems: Problems, at: FieldPath, { driver, options }: { driver?: string; options?: Record<string, string> }): void {
  if (!driver) problems.required(at.child('driver'));
  for (const key in options) {
    const domain = `.${(key.includes('/') ? key.slice(0, key.indexOf('/')) : key).toLowerCase()}`;
    if (domain.endsWith('.kubernetes.io') || domain.endsWith('.k8s.io')) problems.invalid(at.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved');
  }
}

export function storageos(problems: Problems, at: FieldPath, { volumeName, volumeNamespace, secretRef }: { volumeName?: string; volumeNamespace?: string; secretRef?: { name?: string } }): void {
  if (!volumeName) problems.required(at.child('volumeName'));
  else problems.each(at.child('volumeName'), volumeName, isDNS1123Label(volumeName));
  if (volumeNamespace) problems.each(at.child('volumeNamespace'), volumeNamespace, isDNS1123Label(volumeNamespace));
  if (secretRef && !secretRef.name) problems.required(at.child('secretRef').child('name'));
}

const hasPort = (text: string) => /^(\[[^\]]*\]|[^:[\]]*):[^:]*$/.test(text);

export function quobyte(problems: Problems, at: FieldPath, { registry = '', tenant = '', volume }: { registry?: string; tenant?: string; volume?: string }): void {
  const pairs = 'must be a host:port pair or multiple pairs separated by commas';
  if (!registry) problems.required(at.child('registry'), pairs);
  else if (tenant.length >= 65) problems.required(at.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters');
  else for (const pair of registry.split(',')) if (!hasPort(pair)) problems.invalid(at.child('registry'), registry, pairs);
  if (!volume) problems.required(at.child('volume'));
}
