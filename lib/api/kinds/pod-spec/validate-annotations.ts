// Annotations that once were, or still are, part of a pod's specification.
import type { PodSpec } from '../../types.ts';
import type { FieldPath, Problems } from './problems.ts';
import { localPath } from './paths.ts';
import { seccompConflict, seccompContainerPrefix, seccompPodKey, type SeccompProfile } from './seccomp.ts';

type Annotations = Record<string, string> | undefined;
const mirrorKey = 'kubernetes.io/config.mirror';
const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

function validateSeccompText(problems: Problems, at: FieldPath, profile: string): void {
  if (profile === 'runtime/default' || profile === 'docker/default' || profile === 'unconfined') return;
  if (profile.startsWith('localhost/')) localPath(problems, at, profile.slice('localhost/'.length));
  else problems.invalid(at, profile, 'must be a valid seccomp profile');
}

const containersOf = (spec: PodSpec) => [...(spec.initContainers ?? []), ...(spec.containers ?? [])];

function validateAppArmor(problems: Problems, at: FieldPath, annotations: Record<string, string>, spec: PodSpec): void {
  for (const key in annotations) {
    if (!key.startsWith(appArmorPrefix)) continue;
    const [container, profile] = [key.slice(appArmorPrefix.length), annotations[key]!];
    if (!containersOf(spec).some(({ name }) => name === container)) problems.invalid(at.key(key), container, 'container not found');
    const known = profile === '' || profile === 'runtime/default' || profile === 'unconfined' || profile.startsWith('localhost/');
    if (!known) problems.invalid(at.key(key), profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`);
  }
}

export function validatePodAnnotations(problems: Problems, at: FieldPath, annotations: Annotations, spec: PodSpec): void {
  if (!annotations) return;
  const mirror = annotations[mirrorKey];
  if (mirror !== undefined && !spec.nodeName) problems.invalid(at.key(mirrorKey), mirror, 'must set spec.nodeName if mirror pod annotation is set');
  if (!problems.version.has('no-seccomp-annotations')) {
    if (annotations[seccompPodKey] !== undefined) validateSeccompText(problems, at.child(seccompPodKey), annotations[seccompPodKey]);
    for (const key in annotations) if (key.startsWith(seccompContainerPrefix)) validateSeccompText(problems, at.child(key), annotations[key]!);
  }
  validateAppArmor(problems, at, annotations, spec);
}

/** Annotations that an update may neither add, change nor remove. */
export function validateAnnotationUpdate(problems: Problems, at: FieldPath, now: Annotations = {}, before: Annotations = {}): void {
  for (const key in before) {
    if (now[key] === before[key]) continue;
    if (key.startsWith(appArmorPrefix)) problems.forbidden(at.key(key), 'may not remove or update AppArmor annotations');
    if (key === mirrorKey) problems.forbidden(at.key(key), 'may not remove or update mirror pod annotation');
  }
  for (const key in now) {
    if (before[key] !== undefined) continue;
    if (key.startsWith(appArmorPrefix)) problems.forbidden(at.key(key), 'may not add AppArmor annotations');
    if (key === mirrorKey) problems.forbidden(at.key(key), 'may not add mirror pod annotation');
  }
}

/** Where both the seccomp field and its annotation are given they must say the same. */
export function validateSeccompMatch(problems: Problems, at: FieldPath, annotations: Annotations, spec: PodSpec): void {
  if (!annotations || problems.version.has('no-seccomp-annotations')) return;
  const check = (path: FieldPath, annotation: string | undefined, profile: SeccompProfile | undefined) => {
    if (annotation === undefined || !profile) return;
    const part = seccompConflict(annotation, profile);
    if (part) problems.forbidden(path.child('securityContext').child('seccompProfile').child(part), `seccomp ${part === 'type' ? 'type' : 'profile'} in annotation and field must match`);
  };
  check(at, annotations[seccompPodKey], spec.securityContext?.seccompProfile);
  for (const list of ['initContainers', 'containers'] as const) {
    spec[list]?.forEach(({ name, securityContext }, i) => check(at.child(list).index(i), annotations[seccompContainerPrefix + name], securityContext?.seccompProfile));
  }
}
