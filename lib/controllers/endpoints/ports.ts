// Ports of a service as a pod has them.
import type { Pod, Service } from '../../api/index.ts';

export type ServicePort = NonNullable<Service['spec']['ports']>[number];

/** The number behind `targetPort`; a name is looked for among the pod's container ports. */
export function findPort({ spec }: Pod, { targetPort, protocol, port }: ServicePort): number | undefined {
  if (targetPort === undefined) return port;
  if (typeof targetPort === 'number') return targetPort;
  for (const container of spec.containers) {
    for (const candidate of container.ports ?? []) if (candidate.name === targetPort && candidate.protocol === protocol) return candidate.containerPort;
  }
  return undefined;
}

export const isHeadless = ({ spec }: Service) => !spec.clusterIP || spec.clusterIP === 'None';

/** A pod of a headless service that is named in DNS. */
export function hostnameOf(pod: Pod, service: Service): string | undefined {
  const { hostname, subdomain } = pod.spec;
  return hostname && subdomain === service.metadata.name && service.metadata.namespace === pod.metadata.namespace ? hostname : undefined;
}

/** May a pod that is not ready still become an endpoint? One that has ended for good may not. */
export function mayServe({ spec, status }: Pod): boolean {
  if (spec.restartPolicy === 'Never') return status.phase !== 'Failed' && status.phase !== 'Succeeded';
  return spec.restartPolicy !== 'OnFailure' || status.phase !== 'Succeeded';
}
