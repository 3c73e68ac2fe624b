// The seccomp annotations of old releases, kept equal to the fields that replaced them.
import type { Container, PodSpec } from '../../types.ts';

export const seccompPodKey = 'seccomp.security.alpha.kubernetes.io/pod';
export const seccompContainerPrefix = 'container.seccomp.security.alpha.kubernetes.io/';
const localhost = 'localhost/';

export interface SeccompProfile {
  type: string;
  localhostProfile?: string;
}
type Annotated = { annotations?: Record<string, string> };

function annotationOf({ type, localhostProfile }: SeccompProfile): string | undefined {
  if (type === 'Unconfined') return 'unconfined';
  if (type === 'RuntimeDefault') return 'runtime/default';
  return type === 'Localhost' && localhostProfile !== undefined ? localhost + localhostProfile : undefined;
}

function profileOf(annotation: string): SeccompProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default' || annotation === 'docker/default') return { type: 'RuntimeDefault' };
  if (!annotation.startsWith(localhost) || annotation.length === localhost.length) return undefined;
  return { type: 'Localhost', localhostProfile: annotation.slice(localhost.length) };
}

/** Whichever of field and annotation is missing is made from the other. */
function sync(metadata: Annotated, key: string, holder: { securityContext?: any }): void {
  const profile: SeccompProfile | undefined = holder.securityContext?.seccompProfile;
  const annotation = metadata.annotations?.[key];
  if (profile && annotation === undefined) {
    const text = annotationOf(profile);
    if (text !== undefined) (metadata.annotations ??= {})[key] = text;
  } else if (!profile && annotation !== undefined) {
    const made = profileOf(annotation);
    if (made) holder.securityContext = { ...holder.securityContext, seccompProfile: made };
  }
}

export function syncSeccomp(metadata: Annotated, spec: PodSpec): void {
  sync(metadata, seccompPodKey, spec);
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) sync(metadata, seccompContainerPrefix + container.name, container as Container);
}

/** Whether field and annotation, both given, contradict each other: the part of the profile that does. */
export function seccompConflict(annotation: string, { type, localhostProfile }: SeccompProfile): 'type' | 'localhostProfile' | undefined {
  const stated = profileOf(annotation)?.type ?? (annotation.startsWith(localhost) ? 'Localhost' : '');
  if (type === 'Unconfined' || type === 'RuntimeDefault') return stated === type ? undefined : 'type';
  if (type !== 'Localhost') return undefined;
  if (stated !== type) return 'type';
  return annotation.slice(localhost.length) === localhostProfile ? undefined : 'localhostProfile';
}
