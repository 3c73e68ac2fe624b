// Checks of metadata that all kinds share (apimachinery/pkg/api/validation/objectmeta.go).
import { type FieldError, forbiddenField, invalid, notSupported, required } from './field-error.ts';
import { byteLength, isDNS1123Label, isDNS1123Subdomain, isQualifiedName, isValidLabelValue, maskTrailingDash } from './names.ts';
import { equal } from './object.ts';
import type { ObjectMeta } from './types.ts';
import type { Version } from './version.ts';

type Meta = Partial<ObjectMeta>;

export interface MetadataRules {
  namespaced: boolean;
  /** Messages of what is wrong with a name; default a DNS subdomain. */
  validateName?: (name: string) => string[];
  version?: Version;
  /** Path of the metadata, for templates. */
  path?: string;
}

const annotationLimit = 256 * 1024;
const immutable = 'field is immutable';

/** Before a create, when generateName has done its work. */
export function validateObjectMeta(meta: Meta, { namespaced, validateName = isDNS1123Subdomain, version, path = 'metadata' }: MetadataRules): FieldError[] {
  const errors: FieldError[] = [];
  const { name = '', generateName = '', namespace = '' } = meta;
  if (generateName) nameErrors(errors, `${path}.generateName`, generateName, validateName(maskTrailingDash(generateName)));
  if (!name) errors.push(required(`${path}.name`, 'name or generateName is required'));
  else nameErrors(errors, `${path}.name`, name, validateName(name));
  if (namespaced !== (namespace !== '') || (namespaced && isDNS1123Label(namespace).length > 0)) errors.push(...namespaceErrors(namespace, namespaced, `${path}.namespace`));
  if ((meta.generation ?? 0) < 0) errors.push(invalid(`${path}.generation`, meta.generation, 'must be greater than or equal to 0'));
  if (meta.labels || meta.annotations || meta.ownerReferences) errors.push(...partErrors(meta, path, version));
  if (meta.finalizers) errors.push(...finalizerErrors(meta.finalizers, `${path}.finalizers`, version));
  return errors;
}

function nameErrors(errors: FieldError[], field: string, value: string, messages: readonly string[]): void {
  for (let i = 0; i < messages.length; i++) errors.push(invalid(field, value, messages[i]!));
}

function namespaceErrors(namespace: string, namespaced: boolean, path: string): FieldError[] {
  if (!namespaced) return namespace ? [forbiddenField(path, 'not allowed on this type')] : [];
  if (!namespace) return [required(path)];
  return isDNS1123Label(namespace).map((message) => invalid(path, namespace, message));
}

/** Labels, annotations and owners: what create and update check alike. */
function partErrors(meta: Meta, path: string, version?: Version): FieldError[] {
  const errors = meta.labels ? [...labelErrors(meta.labels, `${path}.labels`, version)] : [];
  if (meta.annotations) errors.push(...annotationErrors(meta.annotations, `${path}.annotations`, version));
  if (meta.ownerReferences) errors.push(...ownerErrors(meta.ownerReferences, `${path}.ownerReferences`));
  return errors;
}

const none: FieldError[] = [];

function labelErrors(labels: Readonly<Record<string, string>> | undefined, path: string, version?: Version): FieldError[] {
  if (!labels) return none;
  const errors: FieldError[] = [];
  for (const key in labels) {
    for (const message of isQualifiedName(key)) errors.push(invalid(path, key, message));
    for (const message of isValidLabelValue(labels[key]!)) errors.push(invalid(path, labels[key], message));
  }
  return errors;
}

function annotationErrors(annotations: Readonly<Record<string, string>> | undefined, path: string, version?: Version): FieldError[] {
  if (!annotations) return none;
  const errors: FieldError[] = [];
  let size = 0;
  for (const key in annotations) {
    for (const message of isQualifiedName(key.toLowerCase())) errors.push(invalid(path, key, message));
    size += byteLength(key) + byteLength(annotations[key]!);
  }
  if (size > annotationLimit) errors.push(tooLongBytes(path, annotationLimit, version));
  return errors;
}

/** The wording of "too long" changed with the lengths in bytes. */
function tooLongBytes(field: string, max: number, version?: Version): FieldError {
  return { type: 'FieldValueTooLong', field, message: `Too long: ${version?.has('too-long-may-not-be') ? `may not be more than ${max} bytes` : `must have at most ${max} bytes`}` };
}

/** '' where there is none, or one slash too many. */
const versionOf = (apiVersion: string) => (apiVersion.split('/').length > 2 ? '' : apiVersion.slice(apiVersion.indexOf('/') + 1));

type Owner = NonNullable<Meta['ownerReferences']>[number];

function ownerErrors(owners: readonly Owner[], path: string): FieldError[] {
  if (owners.length === 0) return none;
  const errors: FieldError[] = [];
  let controller = '';
  for (const owner of owners) {
    const { apiVersion = '', kind = '', name = '', uid = '' } = owner;
    if (versionOf(apiVersion) === '') errors.push(invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty'));
    if (!kind) errors.push(invalid(`${path}.kind`, kind, 'kind must not be empty'));
    if (!name) errors.push(invalid(`${path}.name`, name, 'name must not be empty'));
    if (!uid) errors.push(invalid(`${path}.uid`, uid, 'uid must not be empty'));
    if (apiVersion === 'v1' && kind === 'Event') errors.push(invalid(path, owner, '/v1, Kind=Event is disallowed from being an owner'));
    if (!owner.controller) continue;
    if (controller) errors.push(invalid(path, owners, `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`));
    else controller = name;
  }
  return errors;
}

function finalizerErrors(finalizers: readonly string[], path: string, version?: Version): FieldError[] {
  const errors = finalizers.flatMap((finalizer) => isQualifiedName(finalizer).map((message) => invalid(path, finalizer, message)));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  return errors;
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** Most kinds' own validation knows the finalizers that may do without a domain. */
export function standardFinalizerErrors(finalizers: readonly string[], path = 'metadata.finalizers'): FieldError[] {
  return finalizers.flatMap((name, i) => (name.includes('/') || standardFinalizers.includes(name) ? [] : [invalid(`${path}[${i}]`, name, 'name is neither a standard finalizer name nor is it fully qualified')]));
}

/** The query parameter `fieldManager`. */
export function fieldManagerErrors(manager: string, path = 'fieldManager', version?: Version): FieldError[] {
  const errors = byteLength(manager) > 128 ? [tooLongBytes(path, 128, version)] : [];
  for (const character of manager) {
    if (/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(character)) {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      errors.push(invalid(path, manager, `invalid character U+${code} (at position ${byteLength(manager.slice(0, manager.indexOf(character)))})`));
    }
  }
  return errors;
}

/** The query parameter `dryRun` and its field in delete options. */
export function dryRunErrors(values: readonly string[]): FieldError[] {
  return values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])];
}

const unchangeable = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

/** Before an update, when the pipeline has put back what a client may not change. */
export function validateObjectMetaUpdate(meta: Meta, old: Meta, { version, path = 'metadata' }: { version?: Version; path?: string } = {}): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp) errors.push(...newFinalizerErrors(meta.finalizers ?? [], old.finalizers ?? [], `${path}.finalizers`));
  if (!meta.resourceVersion) errors.push(invalid(`${path}.resourceVersion`, '', 'must be specified for an update'));
  if ((meta.generation ?? 0) < (old.generation ?? 0)) errors.push(invalid(`${path}.generation`, meta.generation ?? 0, 'must not be decremented'));
  for (const field of unchangeable) {
    if (!equal(meta[field], old[field])) errors.push(immutableError(`${path}.${field}`, meta[field], field.endsWith('Timestamp')));
  }
  return [...errors, ...partErrors(meta, path, version)];
}

/** Times stand in messages as Go prints them: `2001-01-01 00:00:00 +0000 UTC`. */
function immutableError(field: string, value: unknown, isTime: boolean): FieldError {
  if (!isTime || typeof value !== 'string') return invalid(field, value ?? (field.endsWith('Timestamp') || field.endsWith('Seconds') ? null : ''), immutable);
  const printed = value.replace('T', ' ').replace(/Z$/, ' +0000 UTC');
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${printed}: ${immutable}` };
}

function newFinalizerErrors(finalizers: readonly string[], old: readonly string[], path: string): FieldError[] {
  const added = [...new Set(finalizers.filter((finalizer) => !old.includes(finalizer)))].sort();
  if (added.length === 0) return none;
  const list = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
  return [forbiddenField(path, `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`)];
}
