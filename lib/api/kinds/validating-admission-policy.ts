// Policies whose rules the API server follows by itself, written in CEL; a binding puts one to use.
import { compile, type Environment, newEnvironment } from '../cel/index.ts';
import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1123Subdomain } from '../names.ts';
import { equal } from '../object.ts';
import { allVerbs, type Resource } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn } from './cells.ts';
import { invalidAll, setGeneration } from './checks.ts';
import { ruleErrors } from './webhook-configuration.ts';

type Loose = Record<string, any>;

/** What expressions of a policy see; `params` and `variables` only where it has some. */
export function policyEnvironment({ paramKind, variables = [] }: Loose): Environment {
  const env = newEnvironment();
  for (const name of ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer', ...(paramKind ? ['params'] : []), ...(variables.length > 0 ? ['variables'] : [])]) env.registerVariable(name, 'dyn');
  return env;
}

function matchDefaults(resources: Loose | undefined): void {
  if (!resources) return;
  resources.matchPolicy ??= 'Equivalent';
  resources.namespaceSelector ??= {};
  resources.objectSelector ??= {};
  for (const rule of [...(resources.resourceRules ?? []), ...(resources.excludeResourceRules ?? [])]) rule.scope ??= '*';
}

interface Expression {
  field: string;
  text: string | undefined;
  /** The type that it must have. */
  type: 'bool' | 'string' | 'any';
}

function expressionErrors(env: Environment, { field, text, type }: Expression): FieldError[] {
  if (!text?.trim()) return [required(field, 'expression is not specified')];
  const { program, error } = compile(env, text.trim());
  if (!program) return [invalid(field, text.trim(), `compilation failed: ${error}`)];
  return type === 'any' || program.type === type || program.type === 'dyn' ? [] : [invalid(field, text.trim(), `must evaluate to ${type}`)];
}

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge', 'Unauthorized'];

function matchErrors(field: string, resources: Loose): FieldError[] {
  const rules = [...(resources.resourceRules ?? []).map((rule: Loose, i: number) => [`${field}.resourceRules[${i}]`, rule] as const), ...(resources.excludeResourceRules ?? []).map((rule: Loose, i: number) => [`${field}.excludeResourceRules[${i}]`, rule] as const)];
  return [
    ...(resources.matchPolicy === undefined || ['Equivalent', 'Exact'].includes(resources.matchPolicy) ? [] : [notSupported(`${field}.matchPolicy`, resources.matchPolicy, ['Equivalent', 'Exact'])]),
    ...rules.flatMap(([at, rule]) => ruleErrors(at, rule)),
  ];
}

function policyErrors({ spec = {} }: KubeObject): FieldError[] {
  const { failurePolicy, paramKind, matchConstraints, validations = [], auditAnnotations = [], variables = [], matchConditions = [] } = spec as Loose;
  const env = policyEnvironment(spec);
  const errors: FieldError[] = [];
  if (failurePolicy !== undefined && !['Fail', 'Ignore'].includes(failurePolicy)) errors.push(notSupported('spec.failurePolicy', failurePolicy, ['Fail', 'Ignore']));
  if (paramKind) for (const key of ['apiVersion', 'kind']) if (!paramKind[key]) errors.push(required(`spec.paramKind.${key}`));
  if (!matchConstraints) errors.push(required('spec.matchConstraints'));
  else if (!matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'));
  if (matchConstraints) errors.push(...matchErrors('spec.matchConstraints', matchConstraints));
  matchConditions.forEach(({ expression }: Loose, i: number) => errors.push(...expressionErrors(env, { field: `spec.matchConditions[${i}].expression`, text: expression, type: 'bool' })));
  variables.forEach(({ name, expression }: Loose, i: number) => {
    if (!name?.trim()) errors.push(required(`spec.variables[${i}].name`, 'name is not specified'));
    errors.push(...expressionErrors(env, { field: `spec.variables[${i}].expression`, text: expression, type: 'any' }));
  });
  if (validations.length + auditAnnotations.length === 0) errors.push(required('spec.validations', 'validations or auditAnnotations must contain at least one item'));
  validations.forEach((validation: Loose, i: number) => errors.push(...validationErrors(env, `spec.validations[${i}]`, validation)));
  auditAnnotations.forEach(({ key, valueExpression }: Loose, i: number) => {
    if (!key) errors.push(required(`spec.auditAnnotations[${i}].key`));
    errors.push(...expressionErrors(env, { field: `spec.auditAnnotations[${i}].valueExpression`, text: valueExpression, type: 'any' }));
  });
  return errors;
}

function validationErrors(env: Environment, at: string, { expression, message, messageExpression, reason }: Loose): FieldError[] {
  const errors = expressionErrors(env, { field: `${at}.expression`, text: expression, type: 'bool' });
  if (messageExpression) errors.push(...expressionErrors(env, { field: `${at}.messageExpression`, text: messageExpression, type: 'string' }));
  if (message && !message.trim()) errors.push(invalid(`${at}.message`, message, 'message must be non-empty if specified'));
  else if (/\n/.test((message ?? '').trim())) errors.push(invalid(`${at}.message`, message, 'message must not contain line breaks'));
  else if (/\n/.test((expression ?? '').trim()) && !message) errors.push(required(`${at}.message`, 'message must be specified if expression contains line breaks'));
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons));
  return errors;
}

const actions = ['Audit', 'Deny', 'Warn'];

function bindingErrors({ spec = {} }: KubeObject): FieldError[] {
  const { policyName, paramRef, matchResources, validationActions: list = [] } = spec as Loose;
  const errors: FieldError[] = policyName ? invalidAll('spec.policyName', policyName, isDNS1123Subdomain(policyName)) : [required('spec.policyName')];
  if (paramRef) errors.push(...paramErrors(paramRef));
  if (matchResources) errors.push(...matchErrors('spec.matchResources', matchResources));
  if (list.length === 0) errors.push(required('spec.validationActions', 'at least one validation action is required'));
  list.forEach((action: string, i: number) => {
    const at = `spec.validationActions[${i}]`;
    if (!actions.includes(action)) errors.push(notSupported(at, action, actions));
    else if (list.indexOf(action) < i) errors.push(duplicate(at, action));
  });
  if (list.includes('Deny') && list.includes('Warn')) {
    const shown = `sets.Set[k8s.io/kubernetes/pkg/apis/admissionregistration.ValidationAction]{${[...new Set<string>(list)].sort().map((action) => `"${action}":sets.Empty{}`).join(', ')}}`;
    errors.push({ type: 'FieldValueInvalid', field: 'spec.validationActions', message: `Invalid value: ${shown}: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)` });
  }
  return errors;
}

function paramErrors({ name, selector, parameterNotFoundAction: action }: Loose): FieldError[] {
  const errors: FieldError[] = [];
  if (name && selector) errors.push({ type: 'FieldValueForbidden', field: 'spec.paramRef.name', message: 'Forbidden: name and selector are mutually exclusive' });
  else if (!name && !selector) errors.push(required('spec.paramRef', 'one of name or selector must be specified'));
  if (!action) errors.push(required('spec.paramRef.parameterNotFoundAction'));
  else if (!['Allow', 'Deny'].includes(action)) errors.push(notSupported('spec.paramRef.parameterNotFoundAction', action, ['Allow', 'Deny']));
  return errors;
}

const policyKind = (kind: string, plural: string, more: Pick<Resource, 'subresources' | 'columns' | 'cells'>, { defaults, validate }: { defaults(spec: Loose): void; validate(object: KubeObject): FieldError[] }): Resource => ({
  kind,
  group: 'admissionregistration.k8s.io',
  plural,
  singular: kind.toLowerCase(),
  categories: ['api-extensions'],
  namespaced: false,
  versions: [{ version: 'v1', since: 30 }],
  etcdPath: plural,
  verbs: allVerbs,
  ...more,
  strategy: {
    allowUnconditionalUpdate: false,
    defaults: (draft) => defaults((draft.spec ??= {})),
    prepareForCreate(draft) {
      if (more.subresources) draft.status = {};
      setGeneration(draft, 1);
    },
    prepareForUpdate(draft, old) {
      if (more.subresources) draft.status = old.status;
      if (!equal(draft.spec, old.spec)) setGeneration(draft, (old.metadata.generation ?? 0) + 1);
    },
    validate,
    validateUpdate: validate,
  },
});

/** Differs from Kubernetes: expressions are not type checked against the kinds that they match; `status.typeChecking` stays empty. */
export const validatingAdmissionPolicy = policyKind(
  'ValidatingAdmissionPolicy',
  'validatingadmissionpolicies',
  {
    subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
    columns: [nameColumn, column('Validations', 'integer'), column('ParamKind'), ageColumn],
    cells: ({ metadata, spec, ...rest }, now) => [metadata.name, spec.validations?.length ?? 0, spec.paramKind ? `${spec.paramKind.apiVersion}/${spec.paramKind.kind}` : '<unset>', age({ metadata, spec, ...rest }, now)],
  },
  {
    defaults(spec) {
      spec.failurePolicy ??= 'Fail';
      matchDefaults(spec.matchConstraints);
    },
    validate: policyErrors,
  },
);

const paramText = ({ name, namespace }: Loose = {}) => (!name ? '<unset>' : namespace ? `${namespace}/${name}` : name);

export const validatingAdmissionPolicyBinding = policyKind(
  'ValidatingAdmissionPolicyBinding',
  'validatingadmissionpolicybindings',
  {
    columns: [nameColumn, column('PolicyName'), column('ParamRef'), ageColumn],
    cells: (object, now) => [object.metadata.name, object.spec.policyName, paramText(object.spec.paramRef), age(object, now)],
  },
  { defaults: (spec) => matchDefaults(spec.matchResources), validate: bindingErrors },
);
