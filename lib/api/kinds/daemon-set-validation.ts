// Validation of daemon sets (pkg/apis/apps/validation).
import type { FieldError } from '../field-error.ts';
import { type IntOrString, percentValue } from '../int-or-string.ts';
import { selectorFromLabelSelector } from '../labels/index.ts';
import { isValidPercent } from '../names.ts';
import type { Context } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { goIntOrString, goLabelSelector, goMap } from './pod-spec/go-text.ts';
import { validateLabelSelector } from './pod-spec/labels.ts';
import { type FieldPath, Problems, specPath, statusPath } from './pod-spec/problems.ts';
import { validateTemplate } from './pod-spec/validate-template.ts';
import { immutableSelector } from './pod-spec/validate-workload.ts';

type Spec = Record<string, any>;

function validateCount(problems: Problems, at: FieldPath, value: IntOrString): void {
  if (typeof value === 'string') for (const message of isValidPercent(value)) problems.invalidText(at, goIntOrString(value), message);
  else if (value < 0) problems.invalid(at, value, 'must be greater than or equal to 0');
}

const amount = (value: IntOrString) => percentValue(value) ?? (Number(value) || 0);

function atMostAll(problems: Problems, at: FieldPath, value: IntOrString): void {
  if ((percentValue(value) ?? 0) > 100) problems.invalidText(at, goIntOrString(value), 'must not be greater than 100%');
}

function validateRollingUpdate(problems: Problems, at: FieldPath, { maxUnavailable = 0, maxSurge = 0 }: { maxUnavailable?: IntOrString; maxSurge?: IntOrString }): void {
  const [unavailable, surge] = [at.child('maxUnavailable'), at.child('maxSurge')];
  validateCount(problems, unavailable, maxUnavailable);
  if (!problems.version.has('daemon-set-surge')) {
    if (amount(maxUnavailable) === 0) problems.invalidText(unavailable, goIntOrString(maxUnavailable), 'cannot be 0');
    return atMostAll(problems, unavailable, maxUnavailable);
  }
  atMostAll(problems, unavailable, maxUnavailable);
  validateCount(problems, surge, maxSurge);
  atMostAll(problems, surge, maxSurge);
  if (amount(maxUnavailable) > 0 && amount(maxSurge) > 0) problems.invalidText(surge, goIntOrString(maxSurge), 'may not be set when maxUnavailable is non-zero');
  else if (amount(maxUnavailable) === 0 && amount(maxSurge) === 0) problems.required(unavailable, 'cannot be 0 when maxSurge is 0');
}

function validateStrategy(problems: Problems, at: FieldPath, { type = '', rollingUpdate }: Spec): void {
  if (type === 'OnDelete') return;
  if (type === 'RollingUpdate') {
    if (rollingUpdate) validateRollingUpdate(problems, at.child('rollingUpdate'), rollingUpdate);
    else problems.required(at.child('rollingUpdate'));
    return;
  }
  const text = `apps.DaemonSetUpdateStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateDaemonSet)(${rollingUpdate ? '0xc000000000' : 'nil'})}`;
  problems.list.push({ type: 'FieldValueNotSupported', field: at.toString(), message: `Unsupported value: ${text}: supported values: "RollingUpdate", "OnDelete"` });
}

function validateSelector(problems: Problems, { selector, template }: Spec): void {
  const at = specPath.child('selector');
  validateLabelSelector(problems, at, selector);
  const labels = template.metadata?.labels;
  try {
    if (!selectorFromLabelSelector(selector, problems.version).matches(labels)) problems.invalidText(specPath.child('template').child('metadata').child('labels'), goMap(labels), '`selector` does not match template `labels`');
  } catch {
    // Its parts have been named already.
  }
  if (selector && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0) problems.invalidText(at, goLabelSelector(selector), 'empty selector is invalid for daemonset');
}

function validateDaemonTemplate(problems: Problems, at: FieldPath, template: Spec): void {
  validateTemplate(problems, at, template);
  const spec = at.child('spec');
  template.spec?.volumes?.forEach(({ gcePersistentDisk: disk }: Spec, i: number) => {
    const path = spec.child('volumes').index(i).child('gcePersistentDisk').child('readOnly');
    if (disk && !disk.readOnly) problems.invalid(path, false, 'must be true for replicated pods > 1; GCE PD can only be mounted on multiple machines if it is read-only');
  });
  const policy = template.spec?.restartPolicy ?? '';
  if (policy !== 'Always') problems.notSupported(spec.child('restartPolicy'), policy, ['Always']);
  if (template.spec?.activeDeadlineSeconds !== undefined) problems.forbidden(spec.child('activeDeadlineSeconds'), 'activeDeadlineSeconds in DaemonSet is not Supported');
}

export function validateDaemonSet({ spec }: KubeObject, { version }: Pick<Context, 'version'>): FieldError[] {
  const problems = new Problems(version);
  validateSelector(problems, spec);
  validateDaemonTemplate(problems, specPath.child('template'), spec.template);
  problems.nonNegative(specPath, 'minReadySeconds', spec.minReadySeconds);
  validateStrategy(problems, specPath.child('updateStrategy'), spec.updateStrategy);
  problems.nonNegative(specPath, 'revisionHistoryLimit', spec.revisionHistoryLimit);
  return problems.list;
}

/** The spec is validated twice on an update; each error is reported twice. */
export function validateDaemonSetUpdate(set: KubeObject, old: KubeObject, context: Context): FieldError[] {
  const errors = validateDaemonSet(set, context);
  return [...errors, ...errors, ...immutableSelector(set.spec, old.spec)];
}

const counts = ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady', 'observedGeneration', 'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable', 'collisionCount'];

export function validateDaemonSetStatus(status: Spec = {}, old: Spec = {}, { version }: Pick<Context, 'version'>): FieldError[] {
  const problems = new Problems(version);
  for (const field of counts) problems.nonNegative(statusPath, field, status[field]);
  if (old.collisionCount !== undefined && (status.collisionCount ?? -1) < old.collisionCount) problems.invalid(statusPath.child('collisionCount'), status.collisionCount ?? 0, 'cannot be decremented');
  return problems.list;
}
