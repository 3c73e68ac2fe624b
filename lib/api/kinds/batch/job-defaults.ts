// Defaults of a job's spec (pkg/apis/batch/v1/defaults.go), and the fields that a release has not switched on.
import type { ChangeName, Version } from '../../version.ts';

const unlimited = 2 ** 31 - 1;

const fieldsOfFeatures: readonly [field: string, feature: ChangeName][] = [
  ['ttlSecondsAfterFinished', 'ttl-after-finished'],
  ['completionMode', 'job-completion-mode'],
  ['suspend', 'job-suspend'],
  ['podFailurePolicy', 'job-failure-policy'],
  ['backoffLimitPerIndex', 'job-backoff-per-index'],
  ['maxFailedIndexes', 'job-backoff-per-index'],
  ['podReplacementPolicy', 'job-pod-replacement'],
  ['successPolicy', 'job-success-policy'],
  ['managedBy', 'job-managed-by'],
];

export function dropDisabledJobFields(spec: Record<string, any>, version: Version): void {
  for (const [field, feature] of fieldsOfFeatures) if (spec[field] !== undefined && !version.has(feature)) delete spec[field];
}

export function defaultJobSpec(spec: Record<string, any>, version: Version): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : unlimited;
  if (version.has('job-completion-mode')) spec.completionMode ??= 'NonIndexed';
  if (version.has('job-suspend')) spec.suspend ??= false;
  for (const { onPodConditions = [] } of spec.podFailurePolicy?.rules ?? []) for (const pattern of onPodConditions) pattern.status ||= 'True';
  if (version.has('job-pod-replacement')) spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  if (version.has('job-manual-selector-default')) spec.manualSelector ??= false;
}
