import { StatusError } from '../status.ts';

export { applyJsonPatch, type Operation } from './json-patch.ts';
export { applyMergePatch } from './merge-patch.ts';
export { applyStrategicPatch, type PatchField, type PatchMeta } from './strategic.ts';
export { goFormat, goJsonType } from './go-format.ts';

/** The 422 for a patch whose result is no object of its kind; `shown` is the result (strategic: the patch) as text. */
export function invalidPatch(shown: string, why: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(shown)}: ${why}`;
  return new StatusError('Invalid', 422, ` "" is invalid: patch: ${message}`, { causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }] });
}
