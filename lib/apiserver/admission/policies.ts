// ValidatingAdmissionPolicy: rules in CEL that the API server follows at every write, without asking anybody.
import { compile, type KubeObject, type LabelSelector, messageFrom, policyEnvironment, type Program, selectorFromLabelSelector, StatusError, untyped } from '../../api/index.ts';
import type { Admission, Attributes } from './index.ts';
import { refuse } from './refuse.ts';
import { concerns, type Rule } from './webhook-match.ts';

type Loose = Record<string, any>;

interface MatchResources {
  resourceRules?: (Rule & { resourceNames?: string[] })[];
  excludeResourceRules?: (Rule & { resourceNames?: string[] })[];
  matchPolicy?: string;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
}

/** The expressions of a policy, compiled once for each of its states. */
interface Compiled {
  conditions: Program[];
  variables: { name: string; program: Program }[];
  validations: { validation: Loose; program: Program; message?: Program }[];
}

const cache = new WeakMap<KubeObject, Compiled>();

function compiled(policy: KubeObject): Compiled {
  let found = cache.get(policy);
  if (!found) {
    const { matchConditions = [], variables = [], validations = [] } = policy.spec;
    const env = policyEnvironment(policy.spec);
    const of = (expression: string) => compile(env, expression.trim()).program!;
    found = {
      conditions: matchConditions.map(({ expression }: Loose) => of(expression)),
      variables: variables.map(({ name, expression }: Loose) => ({ name, program: of(expression) })),
      validations: validations.map((validation: Loose) => ({ validation, program: of(validation.expression), ...(validation.messageExpression && { message: of(validation.messageExpression) }) })),
    };
    cache.set(policy, found);
  }
  return found;
}

function named(rules: (Rule & { resourceNames?: string[] })[], { request, object }: Attributes): Rule[] {
  const name = request.name || object?.metadata?.name || '';
  return rules.filter(({ resourceNames }) => !resourceNames?.length || resourceNames.includes(name));
}

const everything: Rule = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*', '*/*'] };

function matches(resources: MatchResources | undefined, attributes: Attributes): boolean {
  if (!resources) return true;
  const { resourceRules, excludeResourceRules = [], matchPolicy, namespaceSelector, objectSelector } = resources;
  const by = (rules: Rule[]) => ({ name: '', clientConfig: {}, rules, matchPolicy });
  if (concerns(by(named(excludeResourceRules, attributes)), attributes)) return false;
  return concerns({ ...by(resourceRules?.length ? named(resourceRules, attributes) : [everything]), namespaceSelector, objectSelector }, attributes);
}

/** What expressions see of a write. */
function variablesOf({ operation, request, object, old, parts }: Attributes): Loose {
  const { resource, namespace = '', name, subresource = '', user, groups = [], options = {} } = request;
  const version = parts.storedVersion(resource).split('/').at(-1)!;
  const around = resource.kind === 'Namespace' ? undefined : namespace ? parts.find('Namespace', { name: namespace }) : undefined;
  const kind = { group: resource.group, version, kind: resource.kind };
  const plural = { group: resource.group, version, resource: resource.plural };
  const asked = { kind, resource: plural, requestKind: kind, requestResource: plural, subResource: subresource, name: name ?? object?.metadata.name ?? '', namespace, operation, userInfo: { username: user, groups: [...groups] }, dryRun: options.dryRun ?? false };
  const plain = (one: KubeObject | undefined) => (one ? untyped.of({ ...one, apiVersion: parts.storedVersion(resource), kind: resource.kind }) : null);
  return { object: plain(object), oldObject: plain(old), request: untyped.of(asked), namespaceObject: around ? untyped.of(around) : null, authorizer: null };
}

/** Variables are worked out when an expression names them. */
function withVariables(seen: Loose, list: Compiled['variables']): Loose {
  const variables = {};
  const all = { ...seen, variables };
  for (const { name, program } of list) {
    let known: { value: unknown } | undefined;
    Object.defineProperty(variables, name, { enumerable: true, get: () => (known ??= { value: program.run(all) }).value });
  }
  return all;
}

/** The parameters of a binding, undefined where it wants none; throws what a request is refused with when there are none. */
function paramsOf({ spec: { paramKind } }: KubeObject, { spec: { paramRef } }: KubeObject, { request, parts }: Attributes): (KubeObject | null)[] {
  if (!paramKind || !paramRef) return [null];
  const group = paramKind.apiVersion.includes('/') ? `.${paramKind.apiVersion.split('/')[0]}` : '';
  const resource = parts.resourceOf(`${paramKind.kind}${group}`);
  const namespace = resource.namespaced ? paramRef.namespace || request.namespace : undefined;
  const selector = paramRef.selector && selectorFromLabelSelector(paramRef.selector);
  const found = parts.storage.every(resource).filter(({ metadata }) => (!namespace || metadata.namespace === namespace) && (selector ? selector.matches(metadata.labels) : metadata.name === paramRef.name));
  if (found.length > 0 || paramRef.parameterNotFoundAction === 'Allow') return [...found];
  throw new Error('failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction');
}

interface Decision {
  message: string;
  reason?: string;
}

/** What a policy has against a write with one object of parameters. */
function decisions(policy: KubeObject, seen: Loose): Decision[] {
  const { conditions, variables, validations } = compiled(policy);
  const ignores = policy.spec.failurePolicy === 'Ignore';
  const all = withVariables(seen, variables);
  const failed = (expression: string, error: unknown): Decision[] => (ignores ? [] : [{ message: `expression '${expression}' resulted in error: ${(error as Error).message}` }]);
  for (const [i, condition] of conditions.entries()) {
    try {
      if (condition.run(all) !== true) return [];
    } catch (error) {
      return failed(policy.spec.matchConditions[i].expression.trim(), error);
    }
  }
  return validations.flatMap(({ validation, program, message }) => {
    try {
      if (program.run(all) === true) return [];
    } catch (error) {
      return failed(validation.expression.trim(), error);
    }
    return [{ message: messageOf(validation, message, all), reason: validation.reason }];
  });
}

function messageOf({ expression, message }: Loose, program: Program | undefined, all: Loose): string {
  return messageFrom(program, all, message?.trim() || `failed expression: ${expression.trim()}`);
}

const codes: Record<string, number> = { Unauthorized: 401, Forbidden: 403, RequestEntityTooLarge: 413 };

function denied(attributes: Attributes, { message, reason = 'Invalid' }: Decision): StatusError {
  const { message: text, details } = refuse(attributes, message);
  return new StatusError(reason, codes[reason] ?? 422, text, { ...details, causes: [{ message }] });
}

/** Nothing is looked at while there are no bindings. Audit annotations are accepted; there is no audit log. */
function validate(attributes: Attributes): void {
  const { parts, request } = attributes;
  if (!parts.version.has('validating-admission-policy')) return;
  const bindings = parts.storage.all(parts.resourceOf('ValidatingAdmissionPolicyBinding'));
  if (bindings.length === 0 || request.resource.kind.startsWith('ValidatingAdmissionPolicy')) return;
  let seen: Loose | undefined;
  const denials: Decision[] = [];
  for (const binding of bindings) {
    const policy = parts.find('ValidatingAdmissionPolicy', { name: binding.spec.policyName });
    if (!policy || !matches(policy.spec.matchConstraints, attributes) || !matches(binding.spec.matchResources, attributes)) continue;
    seen ??= variablesOf(attributes);
    const who = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}'`;
    for (const { message, reason } of decided(policy, binding, { attributes, seen })) {
      if (binding.spec.validationActions.includes('Deny')) denials.push({ message: `${who} denied request: ${message}`, reason });
      if (binding.spec.validationActions.includes('Warn')) request.warn?.(`Validation failed for ${who}: ${message}`);
    }
  }
  if (denials[0]) throw denied(attributes, denials[0]);
}

function decided(policy: KubeObject, binding: KubeObject, { attributes, seen }: { attributes: Attributes; seen: Loose }): Decision[] {
  try {
    return paramsOf(policy, binding, attributes).flatMap((params) => decisions(policy, { ...seen, params: params && untyped.of(params) }));
  } catch (error) {
    return policy.spec.failurePolicy === 'Ignore' ? [] : [{ message: (error as Error).message }];
  }
}

export const validatingPolicies: Admission = { name: 'ValidatingAdmissionPolicy', validate };
