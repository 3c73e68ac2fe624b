// The baseline standard: nothing that is known to give a pod power over its node.
import { type Check, type CheckedPod, containers, containersOf, namesOf, quoted, type Refusal, type Secured, setters, sorted } from './check.ts';

const baseline = (id: string, check: Check['check']): Check => ({ level: 'baseline', id, check });

const defaultCapabilities = 'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' ');
const added = ({ securityContext }: Secured): string[] => securityContext?.capabilities?.add ?? [];

function capabilities({ spec }: CheckedPod): Refusal | undefined {
  const extra = (container: Secured) => added(container).filter((name) => !defaultCapabilities.includes(name));
  const bad = containersOf(spec).filter((container) => extra(container).length > 0);
  if (bad.length === 0) return undefined;
  return { reason: 'non-default capabilities', detail: `${containers(namesOf(bad))} must not include ${quoted(sorted(bad.flatMap(extra)))} in securityContext.capabilities.add` };
}

function hostNamespaces({ spec }: CheckedPod): Refusal | undefined {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => spec[name]).map((name) => `${name}=true`);
  return shared.length > 0 ? { reason: 'host namespaces', detail: shared.join(', ') } : undefined;
}

function hostPathVolumes({ spec }: CheckedPod): Refusal | undefined {
  const names = namesOf((spec.volumes ?? []).filter(({ hostPath }) => hostPath));
  return names.length > 0 ? { reason: 'hostPath volumes', detail: `${names.length === 1 ? 'volume' : 'volumes'} ${quoted(names)}` } : undefined;
}

function hostPorts({ spec }: CheckedPod): Refusal | undefined {
  const portsOf = ({ ports = [] }: Secured) => ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  const bad = containersOf(spec).filter((container) => portsOf(container).length > 0);
  if (bad.length === 0) return undefined;
  const ports = sorted(bad.flatMap(portsOf));
  return { reason: 'hostPort', detail: `${containers(namesOf(bad))} ${bad.length === 1 ? 'uses' : 'use'} ${ports.length === 1 ? 'hostPort' : 'hostPorts'} ${ports.join(', ')}` };
}

function privileged({ spec }: CheckedPod): Refusal | undefined {
  const names = namesOf(containersOf(spec).filter(({ securityContext }) => securityContext?.privileged));
  return names.length > 0 ? { reason: 'privileged', detail: `${containers(names)} must not set securityContext.privileged=true` } : undefined;
}

function procMount({ spec }: CheckedPod): Refusal | undefined {
  const bad = containersOf(spec).filter(({ securityContext }) => securityContext?.procMount !== undefined && securityContext.procMount !== 'Default');
  if (bad.length === 0) return undefined;
  return { reason: 'procMount', detail: `${containers(namesOf(bad))} must not set securityContext.procMount to ${quoted(sorted(bad.map(({ securityContext }) => securityContext!.procMount!)))}` };
}

const appArmorKey = 'container.apparmor.security.beta.kubernetes.io/';
const isAppArmorAllowed = (value: string) => value === '' || value === 'runtime/default' || value.startsWith('localhost/');
const appArmorType = (context: object | undefined) => (context as Secured['securityContext'])?.appArmorProfile?.type;
const isBadType = (type: string | undefined) => type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost';

function appArmorProfile({ spec, annotations, version }: CheckedPod): Refusal | undefined {
  const bad = Object.keys(annotations).filter((key) => key.startsWith(appArmorKey) && !isAppArmorAllowed(annotations[key]!)).map((key) => `${key}=${JSON.stringify(annotations[key])}`).sort();
  const reason = (count: number) => (count === 1 ? 'forbidden AppArmor profile' : 'forbidden AppArmor profiles');
  if (!version.has('pod-security-apparmor-fields')) return bad.length > 0 ? { reason: reason(bad.length), detail: bad.join(', ') } : undefined;
  const ofPod = isBadType(appArmorType(spec.securityContext));
  const list = containersOf(spec).filter(({ securityContext }) => isBadType(appArmorType(securityContext)));
  const types = sorted([...(ofPod ? [appArmorType(spec.securityContext)!] : []), ...list.map(({ securityContext }) => appArmorType(securityContext)!)]);
  const who = [...setters(ofPod, namesOf(list)), ...(bad.length > 0 ? [bad.length === 1 ? 'annotation' : 'annotations'] : [])];
  if (who.length === 0) return undefined;
  const values = [...types, ...bad];
  return { reason: reason(values.length), detail: `${who.join(' and ')} must not set AppArmor profile type to ${values.map((value) => `"${value}"`).join(', ')}` };
}

const seLinuxTypes = (minor: number) => ['', 'container_t', 'container_init_t', 'container_kvm_t', ...(minor >= 31 ? ['container_engine_t'] : [])];

function seLinuxOptions({ spec, minor }: CheckedPod): Refusal | undefined {
  type Options = { type?: string; user?: string; role?: string };
  const isBad = ({ type = '', user, role }: Options = {}) => !seLinuxTypes(minor).includes(type) || Boolean(user) || Boolean(role);
  const ofPod = isBad(spec.securityContext?.seLinuxOptions);
  const list = containersOf(spec).filter(({ securityContext }) => isBad(securityContext?.seLinuxOptions));
  const options: Options[] = [...(ofPod ? [spec.securityContext!.seLinuxOptions!] : []), ...list.map(({ securityContext }) => securityContext!.seLinuxOptions!)];
  if (options.length === 0) return undefined;
  const types = sorted(options.map(({ type = '' }) => type).filter((type) => !seLinuxTypes(minor).includes(type)));
  const wrong = [
    ...(types.length > 0 ? [`${types.length === 1 ? 'type' : 'types'} ${quoted(types)}`] : []),
    ...(options.some(({ user }) => user) ? ['user may not be set'] : []),
    ...(options.some(({ role }) => role) ? ['role may not be set'] : []),
  ];
  return { reason: 'seLinuxOptions', detail: `${setters(ofPod, namesOf(list)).join(' and ')} set forbidden securityContext.seLinuxOptions: ${wrong.join('; ')}` };
}

const isBadSeccomp = (type: string | undefined) => type !== undefined && type !== 'Localhost' && type !== 'RuntimeDefault';

/** Profiles that were set to something that is not allowed; the restricted standard asks the same. */
export function badSeccomp({ spec }: CheckedPod): Refusal | undefined {
  const type = spec.securityContext?.seccompProfile?.type;
  const list = containersOf(spec).filter(({ securityContext }) => isBadSeccomp(securityContext?.seccompProfile?.type));
  const who = setters(isBadSeccomp(type), namesOf(list));
  if (who.length === 0) return undefined;
  const values = sorted([...(isBadSeccomp(type) ? [type!] : []), ...list.map(({ securityContext }) => securityContext!.seccompProfile!.type)]);
  return { reason: 'seccompProfile', detail: `${who.join(' and ')} must not set securityContext.seccompProfile.type to ${quoted(values)}` };
}

const seccompKeys = ({ spec }: CheckedPod) => ['seccomp.security.alpha.kubernetes.io/pod', ...containersOf(spec).map(({ name }) => `container.seccomp.security.alpha.kubernetes.io/${name}`)];
const isProfile = (value: string) => value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');

/** Before there was a field, profiles were annotations. */
function seccompAnnotations(pod: CheckedPod): Refusal | undefined {
  const { annotations } = pod;
  const bad = sorted(seccompKeys(pod).filter((key) => annotations[key] !== undefined && !isProfile(annotations[key])).map((key) => `${key}=${JSON.stringify(annotations[key])}`));
  return bad.length > 0 ? { reason: 'seccompProfile', detail: `forbidden ${bad.length === 1 ? 'annotation' : 'annotations'} ${bad.join(', ')}` } : undefined;
}

const safeSysctls: [since: number, names: string][] = [
  [0, 'kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range net.ipv4.ip_unprivileged_port_start'],
  [27, 'net.ipv4.ip_local_reserved_ports'],
  [29, 'net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes'],
  [32, 'net.ipv4.tcp_rmem net.ipv4.tcp_wmem'],
];

function sysctls({ spec, minor }: CheckedPod): Refusal | undefined {
  const safe = safeSysctls.filter(([since]) => since <= minor).flatMap(([, names]) => names.split(' '));
  const bad = namesOf(spec.securityContext?.sysctls ?? []).filter((name) => !safe.includes(name));
  return bad.length > 0 ? { reason: 'forbidden sysctls', detail: bad.join(', ') } : undefined;
}

function windowsHostProcess({ spec }: CheckedPod): Refusal | undefined {
  const who = setters(Boolean(spec.securityContext?.windowsOptions?.hostProcess), namesOf(containersOf(spec).filter(({ securityContext }) => securityContext?.windowsOptions?.hostProcess)));
  return who.length > 0 ? { reason: 'hostProcess', detail: `${who.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true` } : undefined;
}

/** In the order in which refusals name them. */
export const baselineChecks: readonly Check[] = [
  baseline('appArmorProfile', appArmorProfile),
  baseline('capabilities_baseline', capabilities),
  baseline('hostNamespaces', hostNamespaces),
  baseline('hostPathVolumes', hostPathVolumes),
  baseline('hostPorts', hostPorts),
  baseline('privileged', privileged),
  baseline('procMount', procMount),
  baseline('seLinuxOptions', seLinuxOptions),
  baseline('seccompProfile_baseline', (pod) => (pod.minor < 19 ? seccompAnnotations(pod) : badSeccomp(pod))),
  baseline('sysctls', sysctls),
  baseline('windowsHostProcess', windowsHostProcess),
];
