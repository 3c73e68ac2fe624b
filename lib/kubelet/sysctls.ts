// Which kernel parameters a pod may set on a node whose kubelet allows no unsafe ones (pkg/kubelet/sysctl).
import type { ChangeName, Pod, Version } from '../api/index.ts';

type Namespace = 'ipc' | 'net';

/** Safe ones: of the pod's own namespaces, without effect on other pods. */
const safe: readonly [names: string, since?: ChangeName][] = [
  ['kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range'],
  ['net.ipv4.ip_unprivileged_port_start', 'safe-unprivileged-ports'],
  ['net.ipv4.ip_local_reserved_ports', 'safe-reserved-ports'],
  ['net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes', 'safe-keepalive'],
  ['net.ipv4.tcp_rmem net.ipv4.tcp_wmem', 'safe-tcp-memory'],
];

/** With dots: `net/ipv4/conf/eth0.100/forwarding` keeps the dot of the interface as a slash. */
export const dotted = (name: string): string => {
  const first = /[./]/.exec(name)?.[0];
  return first === '/' ? name.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/')) : name;
};

/** Why the kubelet does not take the pod; undefined when it does. */
export function forbiddenSysctl({ spec }: Pod, version: Version): string | undefined {
  for (const { name } of spec.securityContext?.sysctls ?? []) {
    const namespace = safe.some(([names, since]) => (!since || version.has(since)) && names.split(' ').includes(dotted(name))) ? namespaceOf(dotted(name)) : undefined;
    const quoted = JSON.stringify(name);
    if (!namespace) return `forbidden sysctl: ${quoted} not ${version.has('sysctl-allowlist') ? 'allowlisted' : 'whitelisted'}`;
    if (namespace === 'ipc' ? spec.hostIPC : spec.hostNetwork) return `forbidden sysctl: ${quoted} not allowed with host ${namespace} enabled`;
  }
  return undefined;
}

const namespaceOf = (name: string): Namespace => (name.startsWith('net.') ? 'net' : 'ipc');
