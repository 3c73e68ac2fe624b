// The Pod Security Standards: what a pod breaks of a level.
import type { KubeObject, PodSpec, Version } from '../../api/index.ts';
import { baselineChecks } from './baseline.ts';
import type { Refusal } from './check.ts';
import type { LevelVersion } from './policy.ts';
import { restrictedChecks } from './restricted.ts';

export type { Refusal } from './check.ts';
export { levelText, policyOf, type Policy, sameLevel, strictness } from './policy.ts';

export interface PodLike {
  metadata?: { annotations?: Record<string, string> };
  spec: PodSpec;
}

export function violations({ metadata, spec }: PodLike, { level, minor: asked }: LevelVersion, version: Version): Refusal[] {
  if (level === 'privileged') return [];
  const minor = Math.min(asked ?? version.minor, version.minor);
  const holds = ({ since = 0 }: { since?: number }) => since <= minor;
  const restricted = level === 'restricted' ? restrictedChecks.filter(holds) : [];
  const overridden = restricted.map(({ overrides }) => overrides);
  const checks = [...baselineChecks.filter((check) => holds(check) && !overridden.includes(check.id)), ...restricted];
  const pod = { annotations: metadata?.annotations ?? {}, spec, minor, version };
  return checks.flatMap(({ check }) => check(pod) ?? []);
}

/** `host namespaces (hostNetwork=true), privileged (container "a" must not …)` */
export const detailOf = (refusals: readonly Refusal[]): string => refusals.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ');
export const reasonOf = (refusals: readonly Refusal[]): string => refusals.map(({ reason }) => reason).join(', ');

/** What a workload would make its pods of; undefined where it says nothing. */
export function podOf({ kind, spec, template }: KubeObject): PodLike | undefined {
  const found = kind === 'PodTemplate' ? template : kind === 'CronJob' ? spec.jobTemplate?.spec?.template : spec?.template;
  return found?.spec ? found : undefined;
}
