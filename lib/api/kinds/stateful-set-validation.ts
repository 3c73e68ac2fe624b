// Validation of stateful sets (pkg/apis/apps/validation).
import type { FieldError } from '../field-error.ts';
import { nothing, type Selector, selectorFromLabelSelector } from '../labels/index.ts';
import { equal } from '../object.ts';
import type { Context } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { goLabelSelector, goMap } from './pod-spec/go-text.ts';
import { validateAnnotations, validateLabels, validateLabelSelector } from './pod-spec/labels.ts';
import { Problems, specPath, statusPath } from './pod-spec/problems.ts';
import { validatePodAnnotations } from './pod-spec/validate-annotations.ts';

type Spec = Record<string, any>;

function validateStrategies(problems: Problems, { podManagementPolicy = '', updateStrategy }: Spec): void {
  const management = specPath.child('podManagementPolicy');
  if (podManagementPolicy === '') problems.required(management);
  else if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel') problems.invalid(management, podManagementPolicy, "must be 'OrderedReady' or 'Parallel'");
  const at = specPath.child('updateStrategy');
  const { type = '', rollingUpdate } = updateStrategy;
  if (type === '') problems.required(at);
  else if (type === 'OnDelete') {
    if (rollingUpdate) problems.invalidText(at.child('rollingUpdate'), `apps.RollingUpdateStatefulSetStrategy{Partition:${rollingUpdate.partition ?? 0}}`, "only allowed for updateStrategy 'RollingUpdate'");
  } else if (type === 'RollingUpdate') {
    if (rollingUpdate) problems.nonNegative(at.child('rollingUpdate'), 'partition', rollingUpdate.partition);
  } else {
    const text = `apps.StatefulSetUpdateStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(${rollingUpdate ? '0xc000000000' : 'nil'})}`;
    problems.invalidText(at, text, "must be 'RollingUpdate' or 'OnDelete'");
  }
}

function validateRetention(problems: Problems, policy: Spec | undefined): void {
  for (const field of ['whenDeleted', 'whenScaled']) {
    const value = policy?.[field];
    if (value !== undefined && value !== 'Retain' && value !== 'Delete') problems.notSupported(specPath.child('persistentVolumeClaimRetentionPolicy').child(field), value, ['Delete', 'Retain']);
  }
}

function validateSelector(problems: Problems, { selector }: Spec): Selector | undefined {
  const at = specPath.child('selector');
  if (!selector) problems.required(at);
  else {
    validateLabelSelector(problems, at, selector);
    if (Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0) problems.invalidText(at, goLabelSelector(selector), 'empty selector is invalid for statefulset');
  }
  try {
    return selector ? selectorFromLabelSelector(selector, problems.version) : nothing;
  } catch {
    problems.invalidText(at, goLabelSelector(selector), '');
    return undefined;
  }
}

/** Volumes of the claims are missing in the template, so little of it is looked at (releases after v1.33 check it whole). */
function validateSetTemplate(problems: Problems, { template }: Spec, selector: Selector): void {
  const at = specPath.child('template');
  const { labels, annotations } = template.metadata ?? {};
  if (!selector.empty && !selector.matches(labels)) problems.invalidText(at.child('metadata').child('labels'), goMap(labels), '`selector` does not match template `labels`');
  validateLabels(problems, at.child('labels'), labels);
  validateAnnotations(problems, at.child('annotations'), annotations);
  validatePodAnnotations(problems, at.child('annotations'), annotations, template.spec);
}

function validateSpec(problems: Problems, spec: Spec): void {
  validateStrategies(problems, spec);
  validateRetention(problems, spec.persistentVolumeClaimRetentionPolicy);
  problems.nonNegative(specPath, 'replicas', spec.replicas);
  problems.nonNegative(specPath, 'minReadySeconds', spec.minReadySeconds);
  if (spec.ordinals) problems.nonNegative(specPath.child('ordinals'), 'start', spec.ordinals.start);
  const selector = validateSelector(problems, spec);
  if (selector) validateSetTemplate(problems, spec, selector);
  const at = specPath.child('template').child('spec');
  const { restartPolicy = '', activeDeadlineSeconds } = spec.template.spec;
  if (restartPolicy !== 'Always') problems.notSupported(at.child('restartPolicy'), restartPolicy, ['Always']);
  if (activeDeadlineSeconds !== undefined) problems.forbidden(at.child('activeDeadlineSeconds'), 'activeDeadlineSeconds in StatefulSet is not Supported');
}

export function validateStatefulSet({ spec }: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  validateSpec(problems, spec);
  return problems.list;
}

/** Fields that an update may change, in the order in which the error names them. */
function mutable(version: Version): string[] {
  return [
    'replicas',
    ...(version.has('stateful-set-ordinals') ? ['ordinals'] : []),
    'template',
    'updateStrategy',
    ...(version.has('stateful-set-history-mutable') ? ['revisionHistoryLimit'] : []),
    ...(version.has('stateful-set-claim-retention') ? ['persistentVolumeClaimRetentionPolicy'] : []),
    ...(version.has('stateful-set-min-ready') ? ['minReadySeconds'] : []),
  ];
}

export function validateStatefulSetUpdate(set: KubeObject, old: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  validateSpec(problems, set.spec);
  const fields = mutable(version);
  const kept = Object.fromEntries(fields.map((field) => [field, old.spec[field]]));
  if (!equal({ ...set.spec, ...kept }, old.spec)) {
    const names = fields.map((field) => `'${field}'`);
    const list = version.has('stateful-set-min-ready') ? names.slice(0, -1).join(', ') : `${names.slice(0, -1).join(', ')},`;
    problems.forbidden(specPath, `updates to statefulset spec for fields other than ${list} and ${names.at(-1)} are forbidden`);
  }
  problems.nonNegative(specPath, 'replicas', set.spec.replicas);
  return problems.list;
}

export function validateStatefulSetStatus(status: Spec = {}, old: Spec = {}, { version }: Pick<Context, 'version'>): FieldError[] {
  const problems = new Problems(version);
  const parts = ['readyReplicas', 'currentReplicas', 'updatedReplicas', ...(version.has('stateful-set-min-ready') ? ['availableReplicas'] : [])];
  for (const field of ['replicas', ...parts, 'observedGeneration', 'collisionCount']) problems.nonNegative(statusPath, field, status[field]);
  for (const field of parts) if ((status[field] ?? 0) > (status.replicas ?? 0)) problems.invalid(statusPath.child(field), status[field], 'cannot be greater than status.replicas');
  if (parts.includes('availableReplicas') && (status.availableReplicas ?? 0) > (status.readyReplicas ?? 0)) problems.invalid(statusPath.child('availableReplicas'), status.availableReplicas, 'cannot be greater than status.readyReplicas');
  if (old.collisionCount !== undefined && (status.collisionCount ?? -1) < old.collisionCount) problems.invalid(statusPath.child('collisionCount'), status.collisionCount ?? 0, 'cannot be decremented');
  return problems.list;
}
