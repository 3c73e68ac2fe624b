// The provider between Kubernetes and the small cloud: what a Service or a Node is there.
import type { Node, Service } from '../../api/index.ts';
import { type CloudProvider, loadBalancerName, type Instances, type LoadBalancer, type Routes } from '../../controllers/index.ts';
import type { BalancerOrder, CloudApi, Instance } from './cloud.ts';

/** So long the cloud needs for a new balancer. */
const provisioning = 4000;

export const kubookProvider = (api: CloudApi): CloudProvider => ({ name: 'kubook', instances: instancesOf(api), loadBalancer: loadBalancerOf(api), routes: routesOf(api) });

export const providerIDOf = ({ zone, id }: Instance) => `kubook:///${zone}/${id}`;

function instancesOf(api: CloudApi): Instances {
  const of = ({ metadata, spec }: Node) => api.instances().find((one) => (spec.providerID ? providerIDOf(one) === spec.providerID : one.name === metadata.name));
  return {
    instanceExists: (node) => of(node) !== undefined,
    instanceShutdown: (node) => of(node)?.running === false,
    instanceMetadata(node) {
      const instance = of(node);
      if (!instance) throw new Error('instance not found');
      const { name, type, zone, region, privateIP, publicIP } = instance;
      const addresses = [{ type: 'InternalIP', address: privateIP } as const, { type: 'ExternalIP', address: publicIP } as const, { type: 'Hostname', address: name } as const];
      return { providerID: providerIDOf(instance), instanceType: type, zone, region, addresses };
    },
  };
}

function loadBalancerOf(api: CloudApi): LoadBalancer {
  const of = (service: Service) => api.balancers().find(({ name }) => name === loadBalancerName(service));
  return {
    getLoadBalancer(service) {
      const balancer = of(service);
      return balancer && { ingress: [{ ip: balancer.address }] };
    },
    ensureLoadBalancer(service, nodes) {
      const order = orderOf(service, nodes);
      const present = of(service);
      const { address } = present ? api.updateBalancer(present.id, order) : api.createBalancer(order);
      return { ingress: [{ ip: address }], took: present ? 0 : provisioning };
    },
    updateLoadBalancer(service, nodes) {
      const present = of(service);
      if (present) api.updateBalancer(present.id, { machines: namesOf(nodes) });
    },
    ensureLoadBalancerDeleted(service) {
      const present = of(service);
      if (present) api.deleteBalancer(present.id);
    },
  };
}

const namesOf = (nodes: readonly Node[]) => nodes.map(({ metadata }) => metadata.name);

/** Traffic that must stay on its node goes only where the health check port of the Service says that there are pods. */
function orderOf(service: Service, nodes: readonly Node[]): BalancerOrder {
  const { ports = [], loadBalancerSourceRanges = [], sessionAffinity, externalTrafficPolicy, healthCheckNodePort } = service.spec;
  return {
    name: loadBalancerName(service),
    listeners: ports.map(({ port, protocol = 'TCP', nodePort = 0 }) => ({ port, protocol, nodePort })),
    machines: namesOf(nodes),
    sourceRanges: loadBalancerSourceRanges,
    affinity: sessionAffinity === 'ClientIP',
    healthCheck: { path: '/healthz', port: externalTrafficPolicy === 'Local' && healthCheckNodePort ? healthCheckNodePort : 10256 },
  };
}

function routesOf(api: CloudApi): Routes {
  return {
    listRoutes: () => api.routes(),
    createRoute: (nameHint, route) => api.createRoute({ ...route, name: `${nameHint}-${route.destinationCIDR}` }),
    deleteRoute: ({ name }) => api.deleteRoute(name),
  };
}
