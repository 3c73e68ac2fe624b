// What the query of a write may say (apimachinery/pkg/apis/meta/v1/validation).
import { badRequest, dryRunErrors, type FieldError, fieldManagerErrors, forbiddenField, invalidObject, type Version } from '../api/index.ts';
import type { Verb } from './request.ts';

const kinds: Partial<Record<Verb, string>> = { create: 'CreateOptions', update: 'UpdateOptions', patch: 'PatchOptions', delete: 'DeleteOptions', deletecollection: 'DeleteOptions' };

/** `applies` says that the body is a server-side apply, the one write that may be forced. */
export function checkWriteOptions(verb: Verb, query: URLSearchParams, { version, applies }: { version: Version; applies: boolean }): void {
  const kind = kinds[verb];
  if (!kind) return;
  const errors: FieldError[] = verb === 'patch' && query.has('force') && !applies ? [forbiddenField('force', 'may not be specified for non-apply patch')] : [];
  if (kind !== 'DeleteOptions') errors.push(...fieldManagerErrors(query.get('fieldManager') ?? '', 'fieldManager', version));
  errors.push(...dryRunErrors(query.getAll('dryRun')));
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', plural: '', kind }, '', errors);
}

const listNumbers = ['limit', 'timeoutSeconds'];
const numbers: Partial<Record<Verb, string[]>> = { list: listNumbers, watch: listNumbers, get: ['tailLines', 'sinceSeconds', 'limitBytes'], delete: ['gracePeriodSeconds'], deletecollection: [...listNumbers, 'gracePeriodSeconds'] };

/** Parameters that are numbers must look like numbers, where they are read. */
export function checkNumbers(verb: Verb, query: URLSearchParams): void {
  for (const name of numbers[verb] ?? []) {
    const text = query.get(name);
    if (text !== null && !/^[-+]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
}
