// Who a container runs as, and what it may do: securityContext of the pod and of the container.
import type { Container, Pod } from '../api/index.ts';
import type { Credentials, ImageStatus, Privileges } from '../machine/index.ts';
import { ConfigError } from './references.ts';

/** Undefined when neither names a user or group: the image's user then, in no other group. */
export function userOf({ spec }: Pod, { securityContext: own }: Container, image: ImageStatus): Credentials | undefined {
  const pod = spec.securityContext;
  const uid = own?.runAsUser ?? pod?.runAsUser;
  const gid = own?.runAsGroup ?? pod?.runAsGroup;
  if (uid === undefined && gid === undefined && pod?.fsGroup === undefined && !pod?.supplementalGroups?.length) return undefined;
  const groups = [...(pod?.fsGroup === undefined ? [] : [pod.fsGroup]), ...(pod?.supplementalGroups ?? [])];
  return { uid: uid ?? numericUser(image) ?? 0, gid: gid ?? 0, groups };
}

const numericUser = ({ user = '0' }: ImageStatus): number | undefined => (/^\d+(:|$)/.test(user) ? Number.parseInt(user) : user === 'root' ? 0 : undefined);

/** Refuses a container that must not be root and would be (pkg/kubelet/kuberuntime/security_context_others.go). */
export function verifyNonRoot({ metadata, spec }: Pod, { name, securityContext: own }: Container, image: ImageStatus): void {
  if (!(own?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot)) return;
  const where = `(pod: "${metadata.name}_${metadata.namespace}(${metadata.uid})", container: ${name})`;
  const given = own?.runAsUser ?? spec.securityContext?.runAsUser;
  if (given === 0) throw new ConfigError(`container's runAsUser breaks non-root policy ${where}`);
  if (given !== undefined) return;
  const uid = numericUser(image);
  if (uid === 0) throw new ConfigError(`container has runAsNonRoot and image will run as root ${where}`);
  if (uid === undefined) throw new ConfigError(`container has runAsNonRoot and image has non-numeric user (${image.user}), cannot verify user is non-root ${where}`);
}

/** Undefined for what most containers have. */
export function privilegesOf({ spec }: Pod, { securityContext }: Container): Privileges | undefined {
  const profile = securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile;
  if (!securityContext && !profile) return undefined;
  const { privileged = false, allowPrivilegeEscalation, capabilities } = securityContext ?? {};
  const filtered = !privileged && profile !== undefined && profile.type !== 'Unconfined';
  return { privileged, mayEscalate: privileged || (allowPrivilegeEscalation ?? true), add: capabilities?.add ?? [], drop: capabilities?.drop ?? [], filtered };
}
