// Ports of the host that a pod wants for itself.
import type { ContainerPort } from 'kubernetes-types/core/v1';
import type { PodSpec } from './types.ts';

export interface HostPort {
  ip: string;
  protocol: string;
  port: number;
  containerPort: number;
}

const anyAddress = '0.0.0.0';

/** Of its containers and sidecars. */
export function hostPorts(spec: PodSpec): HostPort[] {
  const out: HostPort[] = [];
  const add = (ports: readonly ContainerPort[] | undefined) => {
    for (const { hostPort, hostIP, protocol, containerPort } of ports ?? []) {
      if (hostPort) out.push({ ip: hostIP || anyAddress, protocol: protocol || 'TCP', port: hostPort, containerPort });
    }
  };
  for (const { ports } of spec.containers) add(ports);
  for (const { ports, restartPolicy } of spec.initContainers ?? []) if (restartPolicy === 'Always') add(ports);
  return out;
}

/** Whether two pods of one node cannot have them both. */
export const clash = (a: HostPort, b: HostPort): boolean => a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === anyAddress || b.ip === anyAddress);
