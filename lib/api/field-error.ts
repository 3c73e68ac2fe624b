// Validation errors of one field, worded as k8s.io/apimachinery/pkg/util/validation/field does.
import { type GroupResource, StatusError } from './status.ts';

export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueNotFound'
  | 'InternalError';

/** One thing wrong with one field. `field` is a path such as `spec.containers[0].name`. */
export interface FieldError {
  type: FieldErrorType;
  field: string;
  /** What follows the path: `Invalid value: "a b": must …`, `Required value`. */
  message: string;
}

/** How Go prints a value with %v/%q inside a field error. */
function quoted(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value).replace(/\\u00([01][0-9a-f])/g, '\\x$1');
  if (value === null || value === undefined) return '"null"';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

const tail = (detail: string) => (detail ? `: ${detail}` : '');

export const required = (field: string, detail = ''): FieldError => ({ type: 'FieldValueRequired', field, message: `Required value${tail(detail)}` });
export const invalid = (field: string, value: unknown, detail: string): FieldError => ({ type: 'FieldValueInvalid', field, message: `Invalid value: ${quoted(value)}${tail(detail)}` });
export const duplicate = (field: string, value: unknown): FieldError => ({ type: 'FieldValueDuplicate', field, message: `Duplicate value: ${quoted(value)}` });
export const notFoundValue = (field: string, value: unknown): FieldError => ({ type: 'FieldValueNotFound', field, message: `Not found: ${quoted(value)}` });
export const forbiddenField = (field: string, detail: string): FieldError => ({ type: 'FieldValueForbidden', field, message: `Forbidden${tail(detail)}` });
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${quoted(value)}${supported.length > 0 ? `: supported values: ${supported.map((s) => JSON.stringify(s)).join(', ')}` : ''}`,
});
export const tooLong = (field: string, max: number): FieldError => ({ type: 'FieldValueTooLong', field, message: `Too long: must have at most ${max} bytes` });
export const tooMany = (field: string, count: number, max: number): FieldError => ({ type: 'FieldValueTooMany', field, message: `Too many: ${count}: must have at most ${max} items` });

/** The 422 answer: `Pod "web" is invalid: spec.containers: Required value`, several errors in brackets. */
export function invalidObject(resource: GroupResource, name: string, errors: readonly FieldError[]): StatusError {
  const texts = [...new Set(errors.map((e) => `${e.field}: ${e.message}`))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const kind = resource.group ? `${resource.kind}.${resource.group}` : resource.kind;
  return new StatusError('Invalid', 422, `${kind} "${name}" is invalid: ${list}`, {
    ...(name && { name }),
    ...(resource.group && { group: resource.group }),
    kind: resource.kind,
    causes: errors.map((e) => ({ reason: e.type, message: e.message, field: e.field })),
  });
}
