// Validation of persistent volumes and claims.
import { type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1123Subdomain } from '../names.ts';
import { equal } from '../object.ts';
import { canonical, parseQuantity } from '../quantity.ts';
import type { Context } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { immutable, invalidAll } from './checks.ts';
import { labelSelectorErrors } from './label-checks.ts';
import { type FieldPath, Problems, specPath } from './pod-spec/problems.ts';
import { type NodeSelectorTerm, validateNodeSelectorTerm } from './pod-spec/validate-affinity.ts';
import { persistentSources, validatePersistentSource } from './pod-spec/volume-persistent.ts';

type Spec = KubeObject['spec'];

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];
const volumeModes = ['Block', 'Filesystem'];
const accessModes = (version: Version) => ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', ...(version.has('read-write-once-pod') ? ['ReadWriteOncePod'] : [])];

function modeErrors({ accessModes: modes = [] }: Spec, version: Version): FieldError[] {
  const supported = accessModes(version);
  return modes.filter((mode: string) => !supported.includes(mode)).map((mode: string) => notSupported('spec.accessModes', mode, supported));
}

function quantityErrors(field: string, text: string): FieldError[] {
  const quantity = parseQuantity(text);
  return quantity.sign > 0 ? [] : [invalid(field, canonical(quantity), 'must be greater than zero')];
}

function classErrors({ storageClassName, volumeMode }: Spec, version: Version): FieldError[] {
  const errors = storageClassName ? invalidAll('spec.storageClassName', storageClassName, isDNS1123Subdomain(storageClassName)) : [];
  if (volumeMode !== undefined && !volumeModes.includes(volumeMode)) errors.push(notSupported('spec.volumeMode', volumeMode, volumeModes));
  return errors;
}

function capacityErrors({ capacity = {} }: Spec): FieldError[] {
  const names = Object.keys(capacity);
  const errors = names.length === 0 ? [required('spec.capacity')] : [];
  if (!('storage' in capacity) || names.length > 1) errors.push(notSupported('spec.capacity', names.length > 0 ? capacity : 'core.ResourceList(nil)', ['storage']));
  return [...errors, ...names.flatMap((name) => quantityErrors(`spec.capacity[${name}]`, capacity[name]))];
}

function affinityProblems(problems: Problems, at: FieldPath, { nodeAffinity }: Spec): void {
  if (!nodeAffinity) return;
  if (!nodeAffinity.required) return problems.required(at, 'must specify required node constraints');
  const terms: NodeSelectorTerm[] = nodeAffinity.required.nodeSelectorTerms ?? [];
  if (terms.length === 0) problems.required(at.child('nodeSelectorTerms'), 'must have at least one node selector term');
  terms.forEach((term, i) => validateNodeSelectorTerm(problems, at.child('nodeSelectorTerms').index(i), term));
}

export function volumeErrors({ metadata, spec }: KubeObject, { version }: Context): FieldError[] {
  const errors = spec.accessModes?.length ? modeErrors(spec, version) : [required('spec.accessModes')];
  const policy = spec.persistentVolumeReclaimPolicy;
  errors.push(...capacityErrors(spec));
  if (!reclaimPolicies.includes(policy)) errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, reclaimPolicies));
  const problems = new Problems(version);
  affinityProblems(problems, specPath.child('nodeAffinity').child('required'), spec);
  validatePersistentSource(problems, specPath, spec, metadata.name);
  errors.push(...problems.list);
  if (/^\/+\.?$/.test(spec.hostPath?.path ?? '') && policy === 'Recycle') {
    errors.push(forbiddenField('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"));
  }
  return [...errors, ...classErrors(spec, version)];
}

const mountOptions = 'volume.beta.kubernetes.io/mount-options';
const mountable = 'gcePersistentDisk awsElasticBlockStore glusterfs nfs rbd quobyte iscsi cinder cephfs azureFile vsphereVolume azureDisk photonPersistentDisk'.split(' ');

/** Options of mounting, as an annotation, are for file systems that are mounted from elsewhere. */
export function mountOptionErrors({ metadata, spec }: KubeObject): FieldError[] {
  if (metadata.annotations?.[mountOptions] === undefined || mountable.some((source) => spec[source])) return [];
  return [forbiddenField(`metadata.annotations.${mountOptions}`, 'may not specify mount options for this volume type')];
}

/** Kubernetes validates the new volume twice, so its errors come twice. */
export function volumeUpdateErrors(object: KubeObject, old: KubeObject, context: Context): FieldError[] {
  const whole = volumeErrors(object, context);
  const errors = [...whole, ...mountOptionErrors(object), ...whole];
  const { csi } = object.spec;
  // A CSI volume may be given the secret of its expansion later.
  const source = csi && old.spec.csi && !old.spec.csi.controllerExpandSecretRef ? { ...object.spec, csi: { ...csi, controllerExpandSecretRef: undefined } } : object.spec;
  if (persistentSources.some((name) => !equal(source[name], old.spec[name]))) {
    errors.push(forbiddenField('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation'));
  }
  errors.push(...immutable('volumeMode', object.spec.volumeMode, old.spec.volumeMode));
  return old.spec.nodeAffinity ? [...errors, ...immutable('nodeAffinity', object.spec.nodeAffinity, old.spec.nodeAffinity)] : errors;
}

export function claimErrors({ spec }: KubeObject, { version }: Context): FieldError[] {
  const errors = spec.accessModes?.length ? [] : [required('spec.accessModes', 'at least 1 access mode is required')];
  errors.push(...labelSelectorErrors('spec.selector', spec.selector, version), ...modeErrors(spec, version));
  const storage = spec.resources?.requests?.storage;
  if (storage === undefined) errors.push(required('spec.resources[storage]'));
  else errors.push(...quantityErrors('spec.resources[storage]', storage));
  errors.push(...classErrors(spec, version));
  return [...errors, ...sourceErrors(spec)];
}

/** A volume is filled from one place, whichever field says so. */
function sourceErrors({ dataSource, dataSourceRef }: Spec): FieldError[] {
  const errors = [...(dataSource ? dataSourceErrors('spec.dataSource', dataSource) : []), ...(dataSourceRef ? dataSourceErrors('spec.dataSourceRef', dataSourceRef) : [])];
  if (!dataSource || !dataSourceRef || equal(dataSource, dataSourceRef)) return errors;
  // Kubernetes prints the path as Go prints a struct, with an address of its memory.
  return [...errors, invalid('spec', 'spec.dataSource', dataSourceRef.namespace ? 'may not be specified when dataSourceRef.namespace is specified' : 'must match dataSourceRef')];
}

function dataSourceErrors(field: string, { name, kind, apiGroup }: { name?: string; kind?: string; apiGroup?: string }): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required(`${field}.name`));
  if (!kind) errors.push(required(`${field}.kind`));
  if (!apiGroup && kind !== 'PersistentVolumeClaim') errors.push(invalid(field, kind ?? '', ''));
  return errors;
}

const storageOf = (claim: KubeObject) => parseQuantity(claim.spec.resources?.requests?.storage ?? '0');

/** A claim's spec is fixed, but for the volume it is bound to and, once bound, growth. */
export function claimUpdateErrors(object: KubeObject, old: KubeObject, context: Context): FieldError[] {
  const whole = claimErrors(object, context);
  const errors = [...whole, ...whole]; // validated twice, in Kubernetes too
  const allowed = { ...old.spec };
  if (!old.spec.volumeName) allowed.volumeName = object.spec.volumeName;
  if (object.status?.phase === 'Bound' && object.spec.resources?.requests) {
    allowed.resources = { ...old.spec.resources, requests: { ...old.spec.resources?.requests, storage: object.spec.resources.requests.storage } };
  }
  if (!equal(object.spec, allowed)) {
    const what = context.version.has('claim-attributes-class') ? 'resources.requests and volumeAttributesClassName' : 'resources.requests';
    errors.push(forbiddenField('spec', `spec is immutable after creation except ${what} for bound claims`));
  }
  if (storageOf(object).cmp(storageOf(old)) < 0) errors.push(forbiddenField('spec.resources.requests.storage', 'field can not be less than previous value'));
  return [...errors, ...immutable('volumeMode', object.spec.volumeMode, old.spec.volumeMode)];
}

export function claimStatusErrors({ status }: KubeObject): FieldError[] {
  const capacity: Record<string, string> = status?.capacity ?? {};
  const negative = Object.keys(capacity).filter((name) => parseQuantity(capacity[name]!).sign < 0);
  return negative.map((name) => invalid(`status.capacity[${name}]`, capacity[name], 'must be a valid resource quantity'));
}
