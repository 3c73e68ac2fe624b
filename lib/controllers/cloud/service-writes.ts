// What the service controller writes: the finalizer and the status, both through the Service's status.
import { equal, isNotFound, type Service } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { keyOf } from '../shared/owners.ts';
import type { LoadBalancerStatus } from './provider.ts';
import { loadBalancerFinalizer } from './service-changes.ts';

export function serviceWrites(client: Client) {
  const patch = (service: Service, body: object) => void client.patch('Service', keyOf(service), body, { type: 'merge', subresource: 'status' });
  const finalizers = ({ metadata }: Service) => metadata.finalizers ?? [];
  return {
    addFinalizer: (service: Service) => patch(service, { metadata: { finalizers: [...finalizers(service), loadBalancerFinalizer] } }),
    removeFinalizer(service: Service): void {
      const rest = finalizers(service).filter((one: string) => one !== loadBalancerFinalizer);
      patch(service, { metadata: { finalizers: rest.length > 0 ? rest : null } });
    },
    /** A Service that went with its finalizer has no status to write. */
    status(service: Service, { took: _, ...status }: LoadBalancerStatus): void {
      const before = service.status?.loadBalancer?.ingress ?? [];
      if (equal(before, status.ingress ?? [])) return;
      try {
        patch(service, { status: { loadBalancer: { ingress: status.ingress?.length ? status.ingress : null } } });
      } catch (error) {
        if (!isNotFound(error)) throw new Error(`failed to update load balancer status: ${(error as Error).message}`);
      }
    },
  };
}
