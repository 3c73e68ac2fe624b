// What list and watch options may say together (apimachinery/pkg/apis/meta/internalversion/validation).
import { badRequest, type FieldError, forbiddenField, invalidObject, notSupported, StatusError } from '../api/index.ts';
import type { RequestOptions } from './request.ts';

const field = 'resourceVersionMatch';

/** Throws when a watch asks for what only a list can be asked. */
export function checkWatchOptions(options: RequestOptions): void {
  if (!options.resourceVersionMatch) return;
  throw invalidObject(listOptions, '', [forbiddenField(field, 'resourceVersionMatch is forbidden for watch'), ...matchErrors(options)]);
}
const listOptions = { group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' };

/** Throws when a list asks for something contradictory. */
export function checkListOptions(options: RequestOptions): void {
  const errors = options.resourceVersionMatch ? matchErrors(options) : [];
  if (errors.length > 0) throw invalidObject(listOptions, '', errors);
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

/** The same for a list, in whose exact form the text is looked at earlier, and refused as the client's fault. */
export function parseListVersion({ resourceVersion, resourceVersionMatch }: RequestOptions): number {
  try {
    return parseResourceVersion(resourceVersion);
  } catch (error) {
    if (resourceVersionMatch === 'Exact' && error instanceof StatusError) throw badRequest(`invalid resource version: ${error.message}`);
    throw error;
  }
}
