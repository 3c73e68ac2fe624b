// Replica sets and replication controllers; parts of deployments.
import type { FieldError } from '../../field-error.ts';
import { nothing, type Selector, selectorFromLabelSelector, selectorFromSet } from '../../labels/index.ts';
import { equal } from '../../object.ts';
import type { Context } from '../../resource.ts';
import type { LabelSelector } from '../../types.ts';
import { goLabelSelector } from './go-text.ts';
import { validateLabelSelector } from './labels.ts';
import { Problems, specPath, statusPath } from './problems.ts';
import { validateReplicatedTemplate } from './validate-template.ts';

/** The selector of a deployment or replica set: undefined when it cannot be understood. */
export function validateSelector(problems: Problems, selector: LabelSelector | undefined): Selector | undefined {
  const at = specPath.child('selector');
  if (!selector) {
    problems.required(at);
    return nothing;
  }
  validateLabelSelector(problems, at, selector);
  const { matchLabels = {}, matchExpressions = [] } = selector;
  // Replica sets say "deployment" here too.
  if (Object.keys(matchLabels).length + matchExpressions.length === 0) problems.invalidText(at, goLabelSelector(selector), 'empty selector is invalid for deployment');
  try {
    return selectorFromLabelSelector(selector, problems.version);
  } catch {
    problems.invalidText(at, goLabelSelector(selector), 'invalid label selector');
    return undefined;
  }
}

export function validateReplicaSetSpec(spec: any, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  problems.nonNegative(specPath, 'replicas', spec.replicas);
  problems.nonNegative(specPath, 'minReadySeconds', spec.minReadySeconds);
  const selector = validateSelector(problems, spec.selector);
  if (selector) validateReplicatedTemplate(problems, specPath.child('template'), spec.template, { owner: 'ReplicaSet', selector, replicas: spec.replicas });
  return problems.list;
}

export function validateReplicationControllerSpec(spec: any, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  problems.nonNegative(specPath, 'minReadySeconds', spec.minReadySeconds);
  const selector = selectorFromSet(spec.selector);
  if (selector.empty) problems.required(specPath.child('selector'));
  problems.nonNegative(specPath, 'replicas', spec.replicas);
  if (!spec.template) problems.required(specPath.child('template'));
  else validateReplicatedTemplate(problems, specPath.child('template'), spec.template, { owner: 'ReplicationController', selector, replicas: spec.replicas });
  return problems.list;
}

/** A selector is chosen once: changing it would orphan the pods it chose. */
export function immutableSelector(spec: any, old: any): FieldError[] {
  if (equal(spec.selector, old.selector)) return [];
  const text = spec.selector ? goLabelSelector(spec.selector) : '"null"';
  return [{ type: 'FieldValueInvalid', field: 'spec.selector', message: `Invalid value: ${text}: field is immutable` }];
}

const notAboveReplicas = 'cannot be greater than status.replicas';

/** Counts in the status of a replica set or replication controller. */
export function validateReplicaCounts(status: any, { version }: Pick<Context, 'version'>): FieldError[] {
  const problems = new Problems(version);
  const counts = ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const;
  for (const field of ['replicas', ...counts, 'observedGeneration']) problems.nonNegative(statusPath, field, status[field]);
  for (const field of counts) if ((status[field] ?? 0) > (status.replicas ?? 0)) problems.invalid(statusPath.child(field), status[field] ?? 0, notAboveReplicas);
  availableNotAboveReady(problems, status);
  return problems.list;
}

export function availableNotAboveReady(problems: Problems, { availableReplicas = 0, readyReplicas = 0 }: { availableReplicas?: number; readyReplicas?: number }): void {
  if (availableReplicas > readyReplicas) problems.invalid(statusPath.child('availableReplicas'), availableReplicas, 'cannot be greater than readyReplicas');
}
