// The controllers of cloud-controller-manager, by the names Kubernetes gives them.
import type { Client, Controller } from '../../client/index.ts';
import { cloudNodeController } from './node.ts';
import { cloudNodeLifecycleController } from './node-lifecycle.ts';
import type { CloudProvider } from './provider.ts';
import { routeController } from './route.ts';
import { serviceController } from './service.ts';

/** A controller is left out when the provider has not the calls that it needs. */
export function cloudControllers({ instances, loadBalancer, routes }: CloudProvider, { clusterCIDR }: { clusterCIDR: string }): Record<string, (client: Client) => Controller> {
  return {
    ...(instances && { 'cloud-node': (client: Client) => cloudNodeController(client, { instances }) }),
    ...(instances && { 'cloud-node-lifecycle': (client: Client) => cloudNodeLifecycleController(client, { instances }) }),
    ...(routes && { route: (client: Client) => routeController(client, { routes, clusterCIDR }) }),
    ...(loadBalancer && { service: (client: Client) => serviceController(client, { loadBalancer }) }),
  };
}

export * from './provider.ts';
export { uninitialized } from './node.ts';
export { serviceController } from './service.ts';
