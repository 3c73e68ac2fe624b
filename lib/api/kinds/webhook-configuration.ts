// Webhooks that the API server asks about writes.
import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1123Subdomain } from '../names.ts';
import { equal } from '../object.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { goStrings, invalidList, setGeneration } from './checks.ts';
import { labelSelectorErrors } from './label-checks.ts';
import { clientErrors, reviewVersionErrors } from './webhook-client-checks.ts';

type Loose = Record<string, any>;

/** Defaults of v1; those of v1beta1 were more lenient. */
function defaults(draft: KubeObject, { requested }: Context, mutating: boolean): void {
  const old = requested === 'v1beta1';
  for (const hook of draft.webhooks ?? []) {
    hook.failurePolicy ??= old ? 'Ignore' : 'Fail';
    hook.matchPolicy ??= old ? 'Exact' : 'Equivalent';
    hook.namespaceSelector ??= {};
    hook.objectSelector ??= {};
    hook.timeoutSeconds ??= old ? 30 : 10;
    if (old) hook.sideEffects ??= 'Unknown';
    if (old && !hook.admissionReviewVersions?.length) hook.admissionReviewVersions = ['v1beta1'];
    if (mutating) hook.reinvocationPolicy ??= 'Never';
    for (const rule of hook.rules ?? []) rule.scope ??= '*';
    if (hook.clientConfig?.service) hook.clientConfig.service.port ??= 443;
  }
}

function nameErrors(field: string, name = ''): FieldError[] {
  if (!name) return [required(field)];
  const messages = isDNS1123Subdomain(name);
  if (messages.length > 0) return [invalid(field, name, messages.join(','))];
  return name.split('.').length < 3 ? [invalid(field, name, 'should be a domain with at least three segments separated by dots')] : [];
}

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const alone = (field: string, list: string[], what: string) => (list.length > 1 && list.includes('*') ? [invalidList(field, list, `if '*' is present, must not specify other ${what}`)] : []);

export function ruleErrors(field: string, rule: Loose): FieldError[] {
  const { operations: asked = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  const errors: FieldError[] = asked.length > 0 ? [] : [required(`${field}.operations`)];
  if (asked.length > 1 && asked.includes('*')) errors.push({ type: 'FieldValueInvalid', field: `${field}.operations`, message: `Invalid value: ${goStrings(asked).replace('[]string', '[]admissionregistration.OperationType')}: if '*' is present, must not specify other operations` });
  asked.forEach((one: string, i: number) => operations.includes(one) || errors.push(notSupported(`${field}.operations[${i}]`, one, operations)));
  if (apiGroups.length === 0) errors.push(required(`${field}.apiGroups`));
  errors.push(...alone(`${field}.apiGroups`, apiGroups, 'API groups'));
  if (apiVersions.length === 0) errors.push(required(`${field}.apiVersions`));
  errors.push(...alone(`${field}.apiVersions`, apiVersions, 'API versions'));
  apiVersions.forEach((one: string, i: number) => one === '' && errors.push(required(`${field}.apiVersions[${i}]`)));
  errors.push(...resourceErrors(`${field}.resources`, resources));
  if (scope !== undefined && !['*', 'Cluster', 'Namespaced'].includes(scope)) errors.push(notSupported(`${field}.scope`, scope, ['*', 'Cluster', 'Namespaced']));
  return errors;
}

function resourceErrors(field: string, resources: string[]): FieldError[] {
  const errors: FieldError[] = resources.length === 0 ? [required(field)] : [];
  const [wholes, everywhere] = [new Set<string>(), new Set<string>()];
  for (const [i, text] of resources.entries()) {
    const [resource = '', sub] = [text.split('/')[0], text.includes('/') ? text.slice(text.indexOf('/') + 1) : undefined];
    if (!text) errors.push(required(`${field}[${i}]`));
    if (!text || sub === undefined) continue;
    if (wholes.has(resource)) errors.push(invalid(`${field}[${i}]`, text, `if '${resource}/*' is present, must not specify ${text}`));
    if (everywhere.has(sub)) errors.push(invalid(`${field}[${i}]`, text, `if '*/${sub}' is present, must not specify ${text}`));
    if (sub === '*') wholes.add(resource);
    if (resource === '*') everywhere.add(sub);
  }
  if (resources.length > 1 && resources.includes('*/*')) errors.push(invalidList(field, resources, "if '*/*' is present, must not specify other resources"));
  const plain = resources.filter((text) => !text.includes('/'));
  if (plain.includes('*') && plain.at(-1) !== '*') errors.push(invalidList(field, resources, "if '*' is present, must not specify other resources without subresources"));
  return errors;
}

function oneOf(field: string, value: string | undefined, allowed: string[]): FieldError[] {
  return value === undefined || allowed.includes(value) ? [] : [notSupported(field, value, allowed)];
}

function hookErrors(hook: Loose, at: string, { requested, version }: Context): FieldError[] {
  const effects = requested === 'v1beta1' ? ['None', 'NoneOnDryRun', 'Some', 'Unknown'] : ['None', 'NoneOnDryRun'];
  return [
    ...nameErrors(`${at}.name`, hook.name),
    ...(hook.rules ?? []).flatMap((rule: Loose, i: number) => ruleErrors(`${at}.rules[${i}]`, rule)),
    ...oneOf(`${at}.failurePolicy`, hook.failurePolicy, ['Fail', 'Ignore']),
    ...oneOf(`${at}.matchPolicy`, hook.matchPolicy, ['Equivalent', 'Exact']),
    ...((hook.sideEffects ?? undefined) === undefined ? [required(`${at}.sideEffects`, `must specify one of ${effects.join(', ')}`)] : oneOf(`${at}.sideEffects`, hook.sideEffects, effects)),
    ...(hook.timeoutSeconds > 30 || hook.timeoutSeconds < 1 ? [invalid(`${at}.timeoutSeconds`, hook.timeoutSeconds, 'the timeout value must be between 1 and 30 seconds')] : []),
    ...labelSelectorErrors(`${at}.namespaceSelector`, hook.namespaceSelector, version),
    ...labelSelectorErrors(`${at}.objectSelector`, hook.objectSelector, version),
    ...oneOf(`${at}.reinvocationPolicy`, hook.reinvocationPolicy, ['IfNeeded', 'Never']),
    ...clientErrors(`${at}.clientConfig`, hook.clientConfig),
  ];
}

function validate({ webhooks = [] }: KubeObject, context: Context): FieldError[] {
  return webhooks.flatMap((hook: Loose, i: number) => {
    const at = `webhooks[${i}]`;
    const twice = context.requested !== 'v1beta1' && hook.name && webhooks.slice(0, i).some((other: Loose) => other.name === hook.name);
    return [...hookErrors(hook, at, context), ...reviewVersionErrors(`${at}.admissionReviewVersions`, hook.admissionReviewVersions, 'must specify one of v1, v1beta1'), ...(twice ? [duplicate(`${at}.name`, hook.name)] : [])];
  });
}

const configuration = (kind: string, mutating: boolean): Resource => ({
  kind,
  group: 'admissionregistration.k8s.io',
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  categories: ['api-extensions'],
  namespaced: false,
  versions: [{ version: 'v1', since: 16 }, { version: 'v1beta1', until: 21 }],
  etcdPath: `${kind.toLowerCase()}s`,
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['object'],
    checksFinalizers: false,
    allowUnconditionalUpdate: false,
    defaults: (draft, context) => defaults(draft, context, mutating),
    prepareForCreate(draft) {
      setGeneration(draft, 1);
    },
    prepareForUpdate(draft, old) {
      if (!equal(draft.webhooks, old.webhooks)) setGeneration(draft, (old.metadata.generation ?? 0) + 1);
    },
    validate,
    validateUpdate: (object, _old, context) => validate(object, context),
  },
  columns: [nameColumn, column('Webhooks', 'integer'), ageColumn],
  cells: (object, now) => [object.metadata.name, object.webhooks?.length ?? 0, age(object, now)],
});

export const mutatingWebhookConfiguration = configuration('MutatingWebhookConfiguration', true);
export const validatingWebhookConfiguration = configuration('ValidatingWebhookConfiguration', false);
