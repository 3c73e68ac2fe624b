// What the service controller writes: the finalizer and the status, both through the Service's status.
import { equal, isNotFound, type Service } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { keyOf } from '../../client/index.ts';
import type { LoadBalancerStatus } from './provider.ts';
import { loadBalancerFinalizer } from './service-changes.ts';

export function addFinalizer(client: Client, service: Service): void {
  patch(client, service, { metadata: { finalizers: [...(service.metadata.finalizers ?? []), loadBalancerFinalizer] } });
}

export function removeFinalizer(client: Client, service: Service): void {
  const rest = (service.metadata.finalizers ?? []).filter((one) => one !== loadBalancerFinalizer);
  patch(client, service, { metadata: { finalizers: rest.length > 0 ? rest : null } });
}

/** A Service that went with its finalizer has no status to write. */
export function writeStatus(client: Client, service: Service, { ingress = [] }: LoadBalancerStatus): void {
  if (equal(service.status?.loadBalancer?.ingress ?? [], ingress)) return;
  try {
    patch(client, service, { status: { loadBalancer: { ingress: ingress.length > 0 ? ingress : null } } });
  } catch (error) {
    if (!isNotFound(error)) throw new Error(`failed to update load balancer status: ${(error as Error).message}`);
  }
}

function patch(client: Client, service: Service, body: object): void {
  client.patch('Service', keyOf(service), body, { type: 'merge', subresource: 'status' });
}
