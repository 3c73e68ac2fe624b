import { type FieldError, forbiddenField, invalid, tooLong } from '../field-error.ts';
import { isConfigMapKey } from '../names.ts';
import { equal } from '../object.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { base64Length, invalidAll, maxDataBytes, totalBytes } from './checks.ts';

const count = (map: object | undefined) => (map ? Object.keys(map).length : 0);

function validate({ data, binaryData }: KubeObject, { version }: Context): FieldError[] {
  const errors: FieldError[] = [];
  for (const key in data) {
    errors.push(...invalidAll(`data[${key}]`, key, isConfigMapKey(key)));
    if (binaryData && key in binaryData) errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
  }
  for (const key in binaryData) errors.push(...invalidAll(`binaryData[${key}]`, key, isConfigMapKey(key)));
  if (totalBytes(data) + totalBytes(binaryData, base64Length) > maxDataBytes) errors.push(tooLong('[]', maxDataBytes));
  return errors;
}

/** `immutable: true` cannot be taken back, and freezes the data. */
export function immutableErrors(object: KubeObject, old: KubeObject, fields: readonly string[]): FieldError[] {
  if (!old.immutable) return [];
  const changed = fields.filter((field) => !equal(object[field], old[field]));
  return [...(object.immutable ? [] : ['immutable']), ...changed].map((field) => forbiddenField(field, 'field is immutable when `immutable` is set'));
}

export const configMap: Resource = {
  kind: 'ConfigMap',
  group: '',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'configmaps',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['update', 'object'],
    validate,
    validateUpdate: (object, old, context) => [...immutableErrors(object, old, ['data', 'binaryData']), ...validate(object, context)],
  },
  columns: [nameColumn, column('Data'), ageColumn],
  cells: (object, now) => [object.metadata.name, count(object.data) + count(object.binaryData), age(object, now)],
};
