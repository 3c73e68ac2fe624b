// What an update of a pod may change: little, as its containers run already.
import type { FieldError } from '../../field-error.ts';
import { equal } from '../../object.ts';
import type { Context } from '../../resource.ts';
import type { Container, KubeObject, PodSpec } from '../../types.ts';
import type { Version } from '../../version.ts';
import { goMap } from './go-text.ts';
import { annotationsPath, type FieldPath, Problems, specPath } from './problems.ts';
import { validateAnnotationUpdate, validatePodAnnotations } from './validate-annotations.ts';
import { checkHugePages, validateMetadataAndSpec } from './validate-pod.ts';
import { onlyAddedTolerations } from './validate-tolerations.ts';

/** True when the lists cannot be compared any further. */
function containersDiffer(problems: Problems, at: FieldPath, containers: readonly Container[] | undefined, before: readonly Container[] = []): boolean {
  const now = containers ?? [];
  if (now.length !== before.length) {
    problems.forbidden(at, 'pod updates may not add or remove containers');
    return true;
  }
  now.forEach(({ image = '' }, i) => {
    if (!image) problems.required(at.index(i).child('image'));
    if (image.trim().length !== image.length) problems.invalid(at.index(i).child('image'), image, 'must not have leading or trailing whitespace');
  });
  return false;
}

/** It may be set, or shortened. True when the rest need not be looked at. */
function deadlineFails(problems: Problems, now: number | undefined, before: number | undefined): boolean {
  const at = specPath.child('activeDeadlineSeconds');
  if (now === undefined) {
    if (before !== undefined) problems.invalid(at, 'null', 'must not update from a positive integer to nil value');
    return false;
  }
  if (now < 0 || now > 2147483647) problems.invalid(at, now, 'must be between 0 and 2147483647, inclusive');
  else if (before !== undefined && before < now) problems.invalid(at, now, 'must be less than or equal to previous value');
  else return false;
  return true;
}

const withImages = (now: readonly Container[] | undefined, before: readonly Container[] | undefined) => now?.map((container, i) => ({ ...container, image: before![i]!.image }));

/** The new spec with everything that may change set back. What still differs is forbidden. */
function setBack(now: PodSpec, before: PodSpec, version: Version): PodSpec {
  const spec: PodSpec = { ...now, containers: withImages(now.containers, before.containers)! };
  const keep = (field: keyof PodSpec) => {
    if (before[field] === undefined) delete spec[field];
    else Object.assign(spec, { [field]: before[field] });
  };
  if (now.initContainers) spec.initContainers = withImages(now.initContainers, before.initContainers)!;
  keep('activeDeadlineSeconds');
  keep('tolerations');
  keep('ephemeralContainers');
  if (version.has('scheduling-gates')) {
    keep('schedulingGates');
    if (before.schedulingGates?.length) for (const field of ['nodeSelector', 'affinity'] as const) keep(field);
  }
  const grace = before.terminationGracePeriodSeconds;
  if (version.has('pod-update-grace') && grace !== undefined && grace < 0 && now.terminationGracePeriodSeconds === 1) spec.terminationGracePeriodSeconds = grace;
  return spec;
}

const oldList = '`spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)';
const graceList = '`spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds`, `spec.tolerations` (only additions to existing tolerations) or `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
const newList = '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

function mutableFields(version: Version): string {
  if (version.has('pod-update-list')) return newList;
  return version.has('pod-update-grace') ? graceList : oldList;
}

/**
 * The fields that differ, old releases with the new value first.
 * Differs from Kubernetes: values are JSON, where Kubernetes prints Go's own syntax.
 */
function difference(now: PodSpec, before: PodSpec, version: Version): string {
  const [first, second] = version.has('pod-update-list') ? [before, now] : [now, before];
  const lines: string[] = [];
  for (const field of new Set([...Object.keys(now), ...Object.keys(before)]) as Set<keyof PodSpec>) {
    if (equal(now[field], before[field])) continue;
    const name = field[0]!.toUpperCase() + field.slice(1);
    lines.push(`- \t${name}: ${JSON.stringify(first[field]) ?? 'nil'},`, `+ \t${name}: ${JSON.stringify(second[field]) ?? 'nil'},`);
  }
  return `  core.PodSpec{\n${lines.join('\n')}\n  }\n`;
}

/** A gate may be taken away; a pod that is held back may be narrowed further. */
function validateGates(problems: Problems, now: PodSpec, before: PodSpec): void {
  const names = new Set(before.schedulingGates?.map(({ name }) => name));
  const at = specPath.child('schedulingGates');
  now.schedulingGates?.forEach(({ name }, i) => names.has(name) || problems.forbidden(at.index(i).child('name'), `only deletion is allowed, but found new scheduling gate '${name}'`));
  if (names.size === 0) return;
  const selector = specPath.child('nodeSelector');
  const narrows = Object.keys(before.nodeSelector ?? {}).every((key) => now.nodeSelector?.[key] === before.nodeSelector![key]);
  if (!narrows) problems.invalidText(selector, goMap(now.nodeSelector), 'only additions to spec.nodeSelector are allowed (no mutations or deletions)');
}

export function validatePodUpdate(pod: KubeObject, old: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  const [now, before]: [PodSpec, PodSpec] = [pod.spec, old.spec];
  const specChanged = now !== before && !equal(now, before);
  // A spec that was valid when it was stored is still valid; so only what changed is looked at.
  if (specChanged) validateMetadataAndSpec(problems, pod);
  else if (pod.metadata.annotations) validatePodAnnotations(problems, annotationsPath, pod.metadata.annotations, now);
  if (pod.metadata.annotations !== old.metadata.annotations) {
    validateAnnotationUpdate(problems, annotationsPath, pod.metadata.annotations, old.metadata.annotations);
    if (pod.metadata.annotations) validatePodAnnotations(problems, annotationsPath, pod.metadata.annotations, now);
  }
  if (specChanged) validateSpecUpdate(problems, now, before);
  return problems.list;
}

function validateSpecUpdate(problems: Problems, now: PodSpec, before: PodSpec): void {
  const { version } = problems;
  checkHugePages(problems, specPath, now);
  if (containersDiffer(problems, specPath.child('containers'), now.containers, before.containers)) return;
  if (containersDiffer(problems, specPath.child('initContainers'), now.initContainers, before.initContainers)) return;
  if (deadlineFails(problems, now.activeDeadlineSeconds, before.activeDeadlineSeconds)) return;
  onlyAddedTolerations(problems, specPath.child('tolerations'), now.tolerations ?? [], before.tolerations ?? []);
  if (version.has('scheduling-gates')) validateGates(problems, now, before);
  const rest = setBack(now, before, version);
  if (equal(rest, before)) return;
  problems.forbidden(specPath, `pod updates may not change fields other than ${mutableFields(version)}\n${difference(rest, before, version)}`);
}
