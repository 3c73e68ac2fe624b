// What list and watch options may say together (apimachinery/pkg/apis/meta/internalversion/validation).
import { badRequest, type FieldError, forbiddenField, invalidObject, notSupported, StatusError } from '../api/index.ts';
import type { RequestOptions } from './request.ts';

const field = 'resourceVersionMatch';
const listOptions = { group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' };

/** Throws when a list asks for something contradictory. */
export function checkListOptions(options: RequestOptions): void {
  const errors = options.resourceVersionMatch ? matchErrors(options) : [];
  if (errors.length > 0) throw invalidObject(listOptions, '', errors);
  const { continue: token, resourceVersion } = options;
  if (token && resourceVersion && resourceVersion !== '0') throw badRequest('specifying resource version is not allowed when using continue');
}

function matchErrors({ resourceVersionMatch: match, resourceVersion, continue: token }: RequestOptions): FieldError[] {
  const errors: FieldError[] = [];
  if (!resourceVersion) errors.push(forbiddenField(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
  if (token) errors.push(forbiddenField(field, 'resourceVersionMatch is forbidden when continue is provided'));
  if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported(field, match, ['Exact', 'NotOlderThan', '']));
  if (match === 'Exact' && resourceVersion === '0') errors.push(forbiddenField(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  return errors;
}

/** A resourceVersion as a number, 0 when there is none. */
export function parseResourceVersion(text = ''): number {
  if (text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const quoted = JSON.stringify(text);
  throw new StatusError('', 500, `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`);
}
