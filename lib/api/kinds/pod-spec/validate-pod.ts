// A pod that is created or updated.
import type { FieldError } from '../../field-error.ts';
import type { Context } from '../../resource.ts';
import type { KubeObject, PodSpec } from '../../types.ts';
import { annotationsPath, type FieldPath, Problems, specPath } from './problems.ts';
import { goStrings } from './go-text.ts';
import { validatePodAnnotations, validateSeccompMatch } from './validate-annotations.ts';
import { checkImageSpaces } from './validate-containers.ts';
import { validatePodSpec } from './validate-spec.ts';

/** A token needs an account to speak for. */
function checkTokens(problems: Problems, spec: PodSpec): void {
  spec.volumes?.forEach(({ projected }, i) => {
    projected?.sources?.forEach(({ serviceAccountToken }, j) => {
      if (!serviceAccountToken) return;
      const path = specPath.child('volumes').index(i).child('projected').child('sources').index(j).child('serviceAccountToken');
      problems.forbidden(path, 'must not be specified when serviceAccountName is not set');
    });
  });
}

/** One size of huge pages a pod, until several were allowed. */
export function checkHugePages(problems: Problems, at: FieldPath, spec: PodSpec): void {
  if (problems.version.has('huge-page-sizes')) return;
  const sizes = new Set<string>();
  for (const { resources } of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    for (const list of [resources?.limits, resources?.requests]) for (const name in list) if (name.startsWith('hugepages-')) sizes.add(name);
  }
  if (sizes.size > 1) problems.invalidText(at, goStrings([...sizes].sort()), 'must use a single hugepage size in a pod spec');
}

export function validateMetadataAndSpec(problems: Problems, { metadata, spec }: KubeObject): void {
  if (metadata.annotations) validatePodAnnotations(problems, annotationsPath, metadata.annotations, spec);
  validatePodSpec(problems, specPath, spec, metadata.name);
  if (!spec.serviceAccountName) checkTokens(problems, spec);
  checkImageSpaces(problems, specPath.child('containers'), spec.containers);
  checkImageSpaces(problems, specPath.child('initContainers'), spec.initContainers);
  checkHugePages(problems, specPath, spec);
}

export function validatePodCreate(pod: KubeObject, { version }: Context): FieldError[] {
  const problems = new Problems(version);
  validateMetadataAndSpec(problems, pod);
  if (pod.spec.ephemeralContainers?.length) problems.forbidden(specPath.child('ephemeralContainers'), 'cannot be set on create');
  validateSeccompMatch(problems, specPath, pod.metadata.annotations, pod.spec);
  return problems.list;
}
