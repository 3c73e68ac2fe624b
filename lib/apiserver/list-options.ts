// What list and watch options may say together (apimachinery/pkg/apis/meta/internalversion/validation).
import { badRequest, type FieldError, forbiddenField, invalidObject, notSupported, type Resource, StatusError } from '../api/index.ts';
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

/** The same for a list. What etcd is asked itself refuses such a text as the client's fault. */
export function parseListVersion(resource: Resource, { resourceVersion, resourceVersionMatch, limit, continue: token }: RequestOptions): number {
  const asksEtcd = resourceVersionMatch === 'Exact' || Boolean(limit && limit > 0) || token !== undefined;
  return asksEtcd ? parseStoredVersion(resourceVersion) : parseReadVersion(resource, resourceVersion);
}

/** For one object. Nothing of Events is kept in a cache. */
export function parseReadVersion({ kind }: Resource, resourceVersion: string | undefined): number {
  return kind === 'Event' ? parseStoredVersion(resourceVersion) : parseResourceVersion(resourceVersion);
}

function parseStoredVersion(resourceVersion: string | undefined): number {
  try {
    return parseResourceVersion(resourceVersion);
  } catch (error) {
    throw error instanceof StatusError ? badRequest(`invalid resource version: ${error.message}`) : error;
  }
}
