// Security contexts of pods and containers.
import { isDNS1123Subdomain, isValidGroupID, isValidUserID } from '../../names.ts';
import type { Container, PodSpec } from '../../types.ts';
import { goPointers } from './go-text.ts';
import { localPath } from './paths.ts';
import type { FieldPath, Problems } from './problems.ts';
import type { SeccompProfile } from './seccomp.ts';

type PodContext = NonNullable<PodSpec['securityContext']>;
type ContainerContext = NonNullable<Container['securityContext']>;

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function validateSeccomp(problems: Problems, at: FieldPath, { type, localhostProfile }: SeccompProfile): void {
  if (!type) problems.required(at.child('type'), 'type is required when seccompProfile is set');
  else if (!profileTypes.includes(type)) problems.notSupported(at.child('type'), type, profileTypes);
  if (type === 'Localhost') {
    if (localhostProfile === undefined) problems.required(at.child('localhostProfile'), 'must be set when seccomp type is Localhost');
    else localPath(problems, at.child('localhostProfile'), localhostProfile);
  } else if (localhostProfile !== undefined) {
    problems.invalidText(at.child('localhostProfile'), `core.SeccompProfile{Type:${JSON.stringify(type ?? '')}, LocalhostProfile:(*string)(0xc000000000)}`, 'can only be set when seccomp type is Localhost');
  }
}

const sysctlSegment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const sysctlFormats = {
  dots: { text: `(${sysctlSegment}\\.)*${sysctlSegment}`, regexp: new RegExp(`^(${sysctlSegment}\\.)*${sysctlSegment}$`) },
  slashes: { text: `(${sysctlSegment}[\\./])*${sysctlSegment}`, regexp: new RegExp(`^(${sysctlSegment}[\\./])*${sysctlSegment}$`) },
};

function validateSysctls(problems: Problems, at: FieldPath, sysctls: NonNullable<PodContext['sysctls']>): void {
  const names = new Set<string>();
  const format = problems.version.has('sysctl-slashes') ? sysctlFormats.slashes : sysctlFormats.dots;
  sysctls.forEach(({ name = '' }, i) => {
    const path = at.index(i).child('name');
    if (!name) problems.required(path);
    else if (name.length > 253 || !format.regexp.test(name)) problems.invalid(path, name, `must have at most 253 characters and match regex ${format.text}`);
    else if (names.has(name)) problems.duplicate(path, name);
    names.add(name);
  });
}

export function validatePodSecurityContext(problems: Problems, at: FieldPath, context: PodContext, spec: PodSpec): void {
  if (context.fsGroup !== undefined) problems.each(at.child('fsGroup'), context.fsGroup, isValidGroupID(context.fsGroup));
  if (context.runAsUser !== undefined) problems.each(at.child('runAsUser'), context.runAsUser, isValidUserID(context.runAsUser));
  if (context.runAsGroup !== undefined) problems.each(at.child('runAsGroup'), context.runAsGroup, isValidGroupID(context.runAsGroup));
  context.supplementalGroups?.forEach((group, i) => problems.each(at.child('supplementalGroups').index(i), group, isValidGroupID(group)));
  if (spec.shareProcessNamespace && spec.hostPID) problems.invalid(at.child('shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled');
  if (context.sysctls) validateSysctls(problems, at.child('sysctls'), context.sysctls);
  const policies = ['Always', 'OnRootMismatch'];
  if (context.fsGroupChangePolicy !== undefined && !policies.includes(context.fsGroupChangePolicy)) problems.notSupported(at.child('fsGroupChangePolicy'), context.fsGroupChangePolicy, policies);
  if (context.seccompProfile) validateSeccomp(problems, at.child('seccompProfile'), context.seccompProfile);
  if (context.windowsOptions) validateWindows(problems, at.child('windowsOptions'), context.windowsOptions);
}

function goContext(context: ContainerContext): string {
  const types: [keyof ContainerContext, string][] = [
    ['capabilities', 'core.Capabilities'], ['privileged', 'bool'], ['seLinuxOptions', 'core.SELinuxOptions'], ['windowsOptions', 'core.WindowsSecurityContextOptions'],
    ['runAsUser', 'int64'], ['runAsGroup', 'int64'], ['runAsNonRoot', 'bool'], ['readOnlyRootFilesystem', 'bool'], ['allowPrivilegeEscalation', 'bool'],
    ['procMount', 'core.ProcMountType'], ['seccompProfile', 'core.SeccompProfile'],
  ];
  const goName = (name: string) => (name === 'seLinuxOptions' ? 'SELinuxOptions' : name[0]!.toUpperCase() + name.slice(1));
  return goPointers('core.SecurityContext', types.map(([name, type]) => [goName(name), type, context[name]]));
}

export function validateSecurityContext(problems: Problems, at: FieldPath, context: ContainerContext): void {
  const { runAsUser, runAsGroup, procMount, seccompProfile, capabilities, privileged, windowsOptions } = context;
  if (runAsUser !== undefined) problems.each(at.child('runAsUser'), runAsUser, isValidUserID(runAsUser));
  if (runAsGroup !== undefined) problems.each(at.child('runAsGroup'), runAsGroup, isValidGroupID(runAsGroup));
  const mounts = ['Default', 'Unmasked'];
  if (procMount !== undefined && !mounts.includes(procMount)) problems.notSupported(at.child('procMount'), procMount, mounts);
  if (seccompProfile) validateSeccomp(problems, at.child('seccompProfile'), seccompProfile);
  if (context.allowPrivilegeEscalation === false) {
    if (privileged) problems.invalidText(at, goContext(context), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true');
    for (const added of capabilities?.add ?? []) {
      if (added === 'CAP_SYS_ADMIN') problems.invalidText(at, goContext(context), 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN');
    }
  }
  if (windowsOptions) validateWindows(problems, at.child('windowsOptions'), windowsOptions);
}

const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsDomain = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

function validateWindows(problems: Problems, at: FieldPath, options: NonNullable<PodContext['windowsOptions']>): void {
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  if (gmsaCredentialSpecName !== undefined) problems.each(at.child('gmsaCredentialSpecName'), gmsaCredentialSpecName, isDNS1123Subdomain(gmsaCredentialSpecName));
  if (gmsaCredentialSpec === '') problems.invalid(at.child('gmsaCredentialSpec'), '', 'gmsaCredentialSpec cannot be an empty string');
  else if (gmsaCredentialSpec && gmsaCredentialSpec.length > 64 * 1024) problems.invalid(at.child('gmsaCredentialSpec'), gmsaCredentialSpec, 'gmsaCredentialSpec size must be under 64 KiB');
  if (runAsUserName !== undefined) for (const message of userNameErrors(runAsUserName)) problems.invalid(at.child('runAsUserName'), runAsUserName, message);
}

function userNameErrors(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string'];
  // Control characters are what is looked for
  if (/[\x00-\x1f\x7f]/.test(name)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const [domain, user] = parts.length === 2 ? [parts[0]!, parts[1]!] : [undefined, parts[0]!];
  const errors: string[] = [];
  if (domain !== undefined && domain.length >= 256) errors.push("runAsUserName's Domain length must be under 256 characters");
  if (domain !== undefined && !netBios.test(domain) && !dnsDomain.test(domain)) errors.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  if (user === '') errors.push("runAsUserName's User cannot be empty");
  else if (user.length > 104) errors.push("runAsUserName's User length must not be longer than 104 characters");
  if (/^[. ]+$/.test(user)) errors.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) errors.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  return errors;
}
