import { type FieldError, forbiddenField, invalid, notSupported, required, tooLong } from '../field-error.ts';
import { isQualifiedName } from '../names.ts';
import { equal } from '../object.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { immutable, invalidAll, totalBytes } from './checks.ts';
import { topologyErrors } from './topology-checks.ts';

const isDefault = ({ metadata: { annotations = {} } }: KubeObject) =>
  annotations['storageclass.kubernetes.io/is-default-class'] === 'true' || annotations['storageclass.beta.kubernetes.io/is-default-class'] === 'true';

const maxParameters = 512;
const maxParameterBytes = 256 * 1024;
const reclaimPolicies = ['Delete', 'Retain'];
const bindingModes = ['Immediate', 'WaitForFirstConsumer'];

function parameterErrors(parameters: Record<string, string> = {}): FieldError[] {
  const keys = Object.keys(parameters);
  if (keys.length > maxParameters) return [tooLong('parameters', maxParameters)];
  const errors = keys.includes('') ? [invalid('parameters', '', 'field can not be empty.')] : [];
  const bytes = totalBytes(parameters) + keys.reduce((sum, key) => sum + key.length, 0);
  return bytes > maxParameterBytes ? [...errors, tooLong('parameters', maxParameterBytes)] : errors;
}

function validate({ provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies }: KubeObject, { version }: Context): FieldError[] {
  const errors = provisioner ? invalidAll('provisioner', provisioner, isQualifiedName(provisioner.toLowerCase())) : [required('provisioner')];
  errors.push(...parameterErrors(parameters));
  if (reclaimPolicy && !reclaimPolicies.includes(reclaimPolicy)) errors.push(notSupported('reclaimPolicy', reclaimPolicy, reclaimPolicies));
  if (!bindingModes.includes(volumeBindingMode)) errors.push(notSupported('volumeBindingMode', volumeBindingMode, bindingModes));
  return [...errors, ...topologyErrors(allowedTopologies, version)];
}

function validateUpdate(object: KubeObject, old: KubeObject, context: Context): FieldError[] {
  const fixed = ['parameters', 'provisioner', 'reclaimPolicy'].filter((field) => !equal(object[field], old[field]));
  const errors = fixed.map((field) => forbiddenField(field, `updates to ${field} are forbidden.`));
  return [...validate(object, context), ...errors, ...immutable('volumeBindingMode', object.volumeBindingMode, old.volumeBindingMode)];
}

export const storageClass: Resource = {
  kind: 'StorageClass',
  group: 'storage.k8s.io',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  namespaced: false,
  versions: [{ version: 'v1' }, { version: 'v1beta1', until: 21 }],
  etcdPath: 'storageclasses',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['object', 'update'],
    defaults(draft) {
      draft.reclaimPolicy ??= 'Delete';
      draft.volumeBindingMode ??= 'Immediate';
    },
    validate,
    validateUpdate,
  },
  columns: [nameColumn, column('Provisioner'), column('ReclaimPolicy'), column('VolumeBindingMode'), column('AllowVolumeExpansion'), ageColumn],
  cells: (object, now) => [
    isDefault(object) ? `${object.metadata.name} (default)` : object.metadata.name,
    object.provisioner ?? '',
    object.reclaimPolicy ?? 'Delete',
    object.volumeBindingMode ?? 'Immediate',
    object.allowVolumeExpansion ?? false,
    age(object, now),
  ],
};
