// The calls to the cloud for one Service's balancer, and the events that tell of them.
import type { Node, Service } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { keyOf, keyText } from '../../client/index.ts';
import type { LoadBalancer, LoadBalancerStatus } from './provider.ts';
import { hasFinalizer, wantsLoadBalancer } from './service-changes.ts';
import { mayLeadTo, sameNodes } from './service-nodes.ts';
import { addFinalizer, removeFinalizer, writeStatus } from './service-writes.ts';

/** What the controller remembers of a Service: it loses it when it is started anew. */
export interface Known {
  service: Service;
  /** The nodes that the balancer was last told of. */
  nodes: readonly Node[];
  /** An answer of the cloud that is on its way; nothing else is done for the Service meanwhile. */
  answer?: { status: LoadBalancerStatus; due: number } | undefined;
  failures: number;
}

export interface Balancers {
  client: Client;
  loadBalancer: LoadBalancer;
  known: Map<string, Known>;
}

/** Asks for the balancer; the answer is on its way then. */
export function ensure({ client, loadBalancer }: Balancers, entry: Known): void {
  const { service } = entry;
  client.event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
  if (!hasFinalizer(service)) addFinalizer(client, service);
  const nodes = targets(client);
  if (nodes.length === 0) tellNoNodes(client, service);
  entry.nodes = nodes;
  const status = attempt('failed to ensure load balancer', () => loadBalancer.ensureLoadBalancer(service, nodes));
  if (!status) throw new Error('service status returned by EnsureLoadBalancer is nil');
  entry.answer = { status, due: client.clock.now + (status.took ?? 0) };
}

export function cleanUp({ client, loadBalancer, known }: Balancers, service: Service): void {
  const exists = attempt('failed to check if load balancer exists before cleanup', () => loadBalancer.getLoadBalancer(service));
  if (exists) {
    client.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
    attempt('failed to delete load balancer', () => loadBalancer.ensureLoadBalancerDeleted(service));
  }
  if (hasFinalizer(service)) removeFinalizer(client, service);
  client.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
  writeStatus(client, service, {});
  known.delete(keyText(keyOf(service)));
}

/** The Service went without having been asked for: somebody took its finalizer off. */
export function removed({ client, loadBalancer, known }: Balancers, { service }: Known): void {
  if (wantsLoadBalancer(service, client.version)) {
    client.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
    try {
      loadBalancer.ensureLoadBalancerDeleted(service);
    } catch (error) {
      client.event(service, 'Warning', 'DeleteLoadBalancerFailed', `Error deleting load balancer: ${(error as Error).message}`);
      throw error;
    }
    client.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
  }
  known.delete(keyText(keyOf(service)));
}

export function nodesChanged({ client, loadBalancer }: Balancers, entry: Known): void {
  const { service } = entry;
  const nodes = targets(client);
  if (!wantsLoadBalancer(service, client.version) || sameNodes(entry.nodes, nodes)) return;
  try {
    loadBalancer.updateLoadBalancer(service, nodes);
    entry.nodes = nodes;
    if (nodes.length === 0) tellNoNodes(client, service);
    else client.event(service, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts');
  } catch (error) {
    if (!loadBalancer.getLoadBalancer(service)) return;
    const names = nodes.map(({ metadata }) => metadata.name).join(' ');
    client.event(service, 'Warning', 'UpdateLoadBalancerFailed', `Error updating load balancer with new hosts [${names}]: ${(error as Error).message}`);
    throw error;
  }
}

const targets = (client: Client): Node[] => [...client.cache('Node')].filter((node) => mayLeadTo(node, client.version));

function tellNoNodes(client: Client, service: Service): void {
  client.event(service, 'Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer');
}

/** The error says what was tried. */
function attempt<T>(what: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`);
  }
}
