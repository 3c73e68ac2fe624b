// Validation of quotas.
import { type FieldError, invalid, required } from '../field-error.ts';
import { isQualifiedName } from '../names.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { invalidList } from './checks.ts';
import { type FieldPath, Problems, specPath, statusPath } from './pod-spec/problems.ts';
import { validateAmount } from './pod-spec/validate-resources.ts';
import { isStandardQuotaResource, isStandardResource } from './resource-names.ts';

const conflicting = [['BestEffort', 'NotBestEffort'], ['NotTerminating', 'Terminating']] as const;
const existsOnly = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating'];
const scopesOf = (version: Version) => [...existsOnly, 'PriorityClass', ...(version.has('cross-namespace-affinity-scope') ? ['CrossNamespacePodAffinity'] : [])];

const podCompute = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];

function fitsScope(scope: string, name: string, version: Version): boolean {
  if (!scopesOf(version).includes(scope)) return true;
  if (name === 'pods') return true;
  return scope !== 'BestEffort' && podCompute.includes(name);
}

function validateHard(problems: Problems, at: FieldPath, list: Record<string, string> = {}): void {
  for (const name in list) {
    const path = at.key(name);
    const messages = isQualifiedName(name);
    problems.each(path, name, messages);
    const bare = !name.includes('/');
    if (messages.length === 0 && bare && !isStandardResource(name)) problems.invalid(path, name, 'must be a standard resource type or fully qualified');
    if (bare && !isStandardQuotaResource(name)) problems.invalid(path, name, 'must be a standard resource for quota');
    validateAmount(problems, path, name, list[name]!);
  }
}

export function quotaStatusErrors({ status = {} }: KubeObject, version: Version): FieldError[] {
  const problems = new Problems(version);
  validateHard(problems, statusPath.child('hard'), status.hard);
  validateHard(problems, statusPath.child('used'), status.used);
  return problems.list;
}

const unfit = (scope: string, hard: object, version: Version) => Object.keys(hard).sort().filter((name) => isStandardQuotaResource(name) && !fitsScope(scope, name, version));
const pairs = (scopes: readonly string[]) => conflicting.filter((pair) => pair.every((scope) => scopes.includes(scope)));

/** A list of scopes in Go's syntax. */
const scopeList = (field: string, scopes: readonly string[], detail: string): FieldError => {
  const error = invalidList(field, scopes, detail);
  return { ...error, message: error.message.replace('[]string', '[]core.ResourceQuotaScope') };
};

function scopeErrors({ scopes = [], hard = {} }: { scopes?: string[]; hard?: object }, version: Version): FieldError[] {
  const at = 'spec.scopes';
  const errors = scopes.flatMap((scope) => [
    ...(scopesOf(version).includes(scope) ? [] : [scopeList(at, scopes, 'unsupported scope')]),
    ...unfit(scope, hard, version).map(() => scopeList(at, scopes, 'unsupported scope applied to resource')),
  ]);
  return [...errors, ...pairs(scopes).map(() => scopeList(at, scopes, 'conflicting scopes'))];
}

interface Requirement {
  scopeName: string;
  operator: string;
  values?: string[];
}

function valueErrors(at: string, { operator, values = [] }: Requirement): FieldError[] {
  if (operator === 'In' || operator === 'NotIn') return values.length > 0 ? [] : [required(`${at}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")];
  if (operator !== 'Exists' && operator !== 'DoesNotExist') return [invalid(`${at}.operator`, operator, 'not a valid selector operator')];
  return values.length === 0 ? [] : [invalidList(`${at}.values`, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector")];
}

const onlyExists = "must be 'Exist' only operator when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort and ResourceQuotaScopeNotBestEffort";

function selectorErrors({ scopeSelector, hard = {} }: { scopeSelector?: { matchExpressions?: Requirement[] }; hard?: object }, version: Version): FieldError[] {
  if (!scopeSelector) return [];
  const at = 'spec.scopeSelector.matchExpressions';
  const requirements = scopeSelector.matchExpressions ?? [];
  const errors = requirements.flatMap((requirement) => [
    ...(scopesOf(version).includes(requirement.scopeName) ? [] : [invalid(`${at}.scopeName`, requirement.scopeName, 'unsupported scope')]),
    ...unfit(requirement.scopeName, hard, version).map(() => invalid(at, scopeSelector, 'unsupported scope applied to resource')),
    ...(existsOnly.includes(requirement.scopeName) && requirement.operator !== 'Exists' ? [invalid(`${at}.operator`, requirement.operator, onlyExists)] : []),
    ...valueErrors(at, requirement),
  ]);
  return [...errors, ...pairs(requirements.map(({ scopeName }) => scopeName)).map(() => invalid(at, scopeSelector, 'conflicting scopes'))];
}

export function quotaErrors({ spec }: KubeObject, version: Version): FieldError[] {
  const problems = new Problems(version);
  validateHard(problems, specPath.child('hard'), spec.hard);
  return [...problems.list, ...scopeErrors(spec, version), ...selectorErrors(spec, version)];
}

/** The scopes of a quota stay as they are, in whatever order. */
export function scopesChanged({ spec }: KubeObject, old: KubeObject): FieldError[] {
  const [now, before] = [spec, old.spec].map(({ scopes = [] }) => [...new Set(scopes)].sort().join());
  return now === before ? [] : [scopeList('spec.scopes', spec.scopes, 'field is immutable')];
}
