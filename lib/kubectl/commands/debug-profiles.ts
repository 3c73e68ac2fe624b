// What a debugging container may do (k8s.io/kubectl/pkg/cmd/debug/profiles.go).
import type { Container } from '../../api/index.ts';

export interface Profile {
  container?(container: Container, target: 'ephemeral' | 'copy' | 'node'): void;
  /** On a node: in the namespaces of the host. */
  seesHost?: boolean;
  /** On a node: with its disk at /host. */
  mountsRoot?: boolean;
}

const capabilities = (...add: string[]) => (container: Container) => {
  container.securityContext = { ...container.securityContext, capabilities: { ...container.securityContext?.capabilities, add } };
};

export const profiles: Record<string, Profile> = {
  legacy: { seesHost: true, mountsRoot: true },
  general: { seesHost: true, mountsRoot: true, container: (container, target) => target !== 'node' && capabilities('SYS_PTRACE')(container) },
  baseline: {},
  restricted: {
    container(container) {
      container.securityContext = { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } };
    },
  },
  netadmin: { seesHost: true, container: capabilities('NET_ADMIN', 'NET_RAW') },
  sysadmin: {
    seesHost: true,
    mountsRoot: true,
    container(container) {
      container.securityContext = { ...container.securityContext, privileged: true };
    },
  },
};
