// What the query of a write may say (apimachinery/pkg/apis/meta/v1/validation).
import { badRequest, dryRunErrors, type FieldError, fieldManagerErrors, forbiddenField, invalid, invalidObject, required, type Version } from '../api/index.ts';
import { optionsOf } from './query.ts';
import type { RequestOptions, Verb } from './request.ts';

const kinds: Partial<Record<Verb, string>> = { create: 'CreateOptions', update: 'UpdateOptions', patch: 'PatchOptions' };

/** `applies` says that the body is a server-side apply, the one write that may be forced. */
export function checkWriteOptions(verb: Verb, query: URLSearchParams, { version, applies }: { version: Version; applies: boolean }): void {
  const kind = kinds[verb];
  if (!kind) return;
  const errors: FieldError[] = verb === 'patch' && query.has('force') && !applies ? [forbiddenField('force', 'may not be specified for non-apply patch')] : [];
  if (applies && !query.get('fieldManager')) errors.push(required('fieldManager', 'is required for apply patch'));
  errors.push(...fieldManagerErrors(query.get('fieldManager') ?? '', 'fieldManager', version));
  errors.push(...dryRunErrors(query.getAll('dryRun')));
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', plural: '', kind }, '', errors);
}

const listNumbers = ['timeoutSeconds', 'limit'];
const numbers: Partial<Record<Verb, string[]>> = { list: listNumbers, watch: listNumbers, get: ['tailLines', 'sinceSeconds', 'limitBytes'], deletecollection: listNumbers };

/** Parameters that are numbers must look like numbers, where they are read. */
export function checkNumbers(verb: Verb, query: URLSearchParams): void {
  for (const name of numbers[verb] ?? []) checkNumber(query.get(name));
}

function checkNumber(text: string | null): void {
  if (text !== null && !/^[-+]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** What the query of a DELETE says of how, where there is no body. */
export function deleteOptionsOf(query: URLSearchParams): RequestOptions {
  checkNumber(query.get('gracePeriodSeconds'));
  const { gracePeriodSeconds, orphanDependents, resourceVersion } = optionsOf(query);
  const propagationPolicy = query.get('propagationPolicy') ?? undefined;
  const dryRun = query.getAll('dryRun');
  checkDeleteOptions({ propagationPolicy, orphanDependents }, dryRun);
  const options = { gracePeriodSeconds, propagationPolicy, orphanDependents, dryRun: dryRun.includes('All') || undefined, preconditions: resourceVersion ? { resourceVersion } : undefined };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

const policies = ['Foreground', 'Background', 'Orphan'];

export function checkDeleteOptions({ propagationPolicy, orphanDependents }: Pick<RequestOptions, 'propagationPolicy' | 'orphanDependents'>, dryRun: readonly string[] = []): void {
  if (propagationPolicy === undefined && dryRun.length === 0) return;
  const errors: FieldError[] = [];
  const field = 'propagationPolicy';
  if (propagationPolicy !== undefined && orphanDependents !== undefined) errors.push(invalid(field, propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set'));
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy)) errors.push({ type: 'FieldValueNotSupported', field, message: `Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: "Foreground", "Background", "Orphan", "nil"` });
  errors.push(...dryRunErrors(dryRun));
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', plural: '', kind: 'DeleteOptions' }, '', errors);
}
