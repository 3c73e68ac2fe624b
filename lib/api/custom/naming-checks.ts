// Names, conversion, stored versions and approval of a definition.
import { type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { clientErrors, reviewVersionErrors } from '../kinds/webhook-client-checks.ts';
import { isDNS1035Label } from '../names.ts';
import type { Context } from '../resource.ts';
import type { DefinitionVersion } from './definition-checks.ts';

export function namesErrors(names: Record<string, any>, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const label = (field: string, value: string, shown = value, before = '') => {
    const messages = value || field.endsWith(']') ? isDNS1035Label(value) : [];
    if (messages.length > 0) errors.push(invalid(`${path}.${field}`, shown, before + messages.join(',')));
  };
  const mixed = 'may have mixed case, but should otherwise match: ';
  label('plural', names.plural ?? '');
  label('singular', names.singular ?? '');
  label('kind', (names.kind ?? '').toLowerCase(), names.kind, mixed);
  label('listKind', (names.listKind ?? '').toLowerCase(), names.listKind, mixed);
  (names.shortNames ?? []).forEach((name: string, i: number) => label(`shortNames[${i}]`, name));
  if (names.kind && names.kind === names.listKind) errors.push(invalid(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'));
  (names.categories ?? []).forEach((name: string, i: number) => label(`categories[${i}]`, name));
  return errors;
}

export function conversionErrors(conversion: Record<string, any> | undefined, preserves: boolean | undefined): FieldError[] {
  if (!conversion) return [];
  const { strategy = '', webhook } = conversion;
  const errors: FieldError[] = [];
  if (strategy !== 'None' && preserves) errors.push(invalid('spec.conversion.strategy', strategy, 'must be None if spec.preserveUnknownFields is true'));
  if (!strategy) errors.push(required('spec.conversion.strategy'));
  else if (strategy !== 'None' && strategy !== 'Webhook') errors.push(notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook']));
  if (strategy !== 'Webhook') {
    if (webhook?.clientConfig) errors.push(forbiddenField('spec.conversion.webhookClientConfig', 'should not be set when strategy is not set to Webhook'));
    if (webhook?.conversionReviewVersions?.length) errors.push(forbiddenField('spec.conversion.conversionReviewVersions', 'should not be set when strategy is not set to Webhook'));
    return errors;
  }
  errors.push(...(webhook?.clientConfig ? clientErrors('spec.conversion.webhookClientConfig', webhook.clientConfig) : [required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook')]));
  return [...errors, ...reviewVersionErrors('spec.conversion.conversionReviewVersions', webhook?.conversionReviewVersions)];
}

export function storedErrors(stored: string[], versions: DefinitionVersion[]): FieldError[] {
  const at = 'status.storedVersions';
  if (stored.length === 0) return [{ type: 'FieldValueInvalid', field: at, message: 'Invalid value: []string(nil): must have at least one stored version' }];
  const missing = versions.filter(({ name, storage }) => storage && !stored.includes(name)).map(({ name }) => invalid(at, name, `must have the storage version ${name}`));
  return [...missing, ...stored.flatMap((name, i) => (versions.some((version) => version.name === name) ? [] : [invalid(`${at}[${i}]`, name, 'must appear in spec.versions')]))];
}

const approval = 'api-approved.kubernetes.io';

/** Groups of the project itself need its approval. */
export function approvalErrors(group: string, annotations: Record<string, string>, { requested }: Context): FieldError[] {
  if (requested === 'v1beta1' || !/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return [];
  const value = annotations[approval];
  const at = `metadata.annotations[${approval}]`;
  if (value === undefined) return [required(at, `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`)];
  if (value.startsWith('unapproved') || /^https?:\/\/[^/]+/.test(value)) return [];
  return [invalid(at, value, `protected groups must have approval annotation "${approval}" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111`)];
}
