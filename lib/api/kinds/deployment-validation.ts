// Validation of deployments (pkg/apis/apps/validation).
import type { FieldError } from '../field-error.ts';
import { type IntOrString, percentValue } from '../int-or-string.ts';
import { isValidPercent } from '../names.ts';
import type { Context } from '../resource.ts';
import { goIntOrString } from './pod-spec/go-text.ts';
import { type FieldPath, Problems, specPath, statusPath } from './pod-spec/problems.ts';
import { validateReplicatedTemplate } from './pod-spec/validate-template.ts';
import { availableNotAboveReady, validateSelector } from './pod-spec/validate-workload.ts';

function countOrPercent(problems: Problems, at: FieldPath, name: string, value: IntOrString): void {
  if (typeof value === 'number') return problems.nonNegative(at, name, value);
  for (const message of isValidPercent(value)) problems.invalidText(at.child(name), goIntOrString(value), message);
}

/** A text that is neither a number nor a percentage counts as 0, as Go reads it. */
const amount = (value: IntOrString) => percentValue(value) ?? (Number(value) || 0);

function validateRollingUpdate(problems: Problems, at: FieldPath, { maxUnavailable = 0, maxSurge = 0 }: { maxUnavailable?: IntOrString; maxSurge?: IntOrString }): void {
  countOrPercent(problems, at, 'maxUnavailable', maxUnavailable);
  countOrPercent(problems, at, 'maxSurge', maxSurge);
  const path = at.child('maxUnavailable');
  if (amount(maxUnavailable) === 0 && amount(maxSurge) === 0) problems.invalidText(path, goIntOrString(maxUnavailable), 'may not be 0 when `maxSurge` is 0');
  if ((percentValue(maxUnavailable) ?? 0) > 100) problems.invalidText(path, goIntOrString(maxUnavailable), 'must not be greater than 100%');
}

function validateStrategy(problems: Problems, at: FieldPath, { type = '', rollingUpdate }: { type?: string; rollingUpdate?: object }): void {
  const path = at.child('rollingUpdate');
  if (type === 'Recreate') {
    if (rollingUpdate) problems.forbidden(path, "may not be specified when strategy `type` is 'Recreate'");
  } else if (type === 'RollingUpdate') {
    if (rollingUpdate) validateRollingUpdate(problems, path, rollingUpdate);
    else problems.required(path, 'this should be defaulted and never be nil');
  } else {
    const text = `apps.DeploymentStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateDeployment)(${rollingUpdate ? '0xc000000000' : 'nil'})}`;
    problems.list.push({ type: 'FieldValueNotSupported', field: at.toString(), message: `Unsupported value: ${text}: supported values: "Recreate", "RollingUpdate"` });
  }
}

export function validateDeploymentSpec(spec: any, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  problems.nonNegative(specPath, 'replicas', spec.replicas);
  const selector = validateSelector(problems, spec.selector);
  if (selector) validateReplicatedTemplate(problems, specPath.child('template'), spec.template, { owner: 'ReplicaSet', selector, replicas: spec.replicas });
  validateStrategy(problems, specPath.child('strategy'), spec.strategy);
  problems.nonNegative(specPath, 'minReadySeconds', spec.minReadySeconds);
  problems.nonNegative(specPath, 'revisionHistoryLimit', spec.revisionHistoryLimit);
  problems.nonNegative(specPath, 'progressDeadlineSeconds', spec.progressDeadlineSeconds);
  if (spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0)) problems.invalid(specPath.child('progressDeadlineSeconds'), spec.progressDeadlineSeconds, 'must be greater than minReadySeconds');
  return problems.list;
}

export function validateDeploymentStatus(status: any = {}, old: any = {}, { version }: Pick<Context, 'version'>): FieldError[] {
  const problems = new Problems(version);
  const counts = ['updatedReplicas', 'readyReplicas', 'availableReplicas'];
  for (const field of ['observedGeneration', 'replicas', ...counts, 'unavailableReplicas', 'collisionCount']) problems.nonNegative(statusPath, field, status[field]);
  for (const field of counts) if ((status[field] ?? 0) > (status.replicas ?? 0)) problems.invalid(statusPath.child(field), status[field] ?? 0, 'cannot be greater than status.replicas');
  availableNotAboveReady(problems, status);
  if (old.collisionCount !== undefined && (status.collisionCount ?? -1) < old.collisionCount) problems.invalid(statusPath.child('collisionCount'), status.collisionCount ?? 0, 'cannot be decremented');
  return problems.list;
}
