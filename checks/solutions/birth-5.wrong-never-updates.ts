// fails: 바뀐 포트와 소스 범위를 따라간다
import { type CloudApi, exercise, type LoadBalancer, type Node, type Service } from 'kubook';

await exercise('birth-5', (cloud: CloudApi): LoadBalancer => {
  const nameOf = (service: Service) => `lb-${service.metadata.uid}`;
  const find = (service: Service) => cloud.balancers().find(({ name }) => name === nameOf(service));
  const namesOf = (nodes: readonly Node[]) => nodes.map(({ metadata }) => metadata.name);
  return {
    getLoadBalancer(service) {
      const found = find(service);
      return found && { ingress: [{ ip: found.address }] };
    },
    ensureLoadBalancer(service, nodes) {
      const { ports = [], loadBalancerSourceRanges = [] } = service.spec;
      const order = {
        name: nameOf(service),
        listeners: ports.map(({ port, nodePort, protocol }) => ({ port, nodePort: nodePort!, protocol: protocol! })),
        machines: namesOf(nodes),
        sourceRanges: loadBalancerSourceRanges,
      };
      const found = find(service);
      const { address } = found ?? cloud.createBalancer(order);
      return { ingress: [{ ip: address }] };
    },
    updateLoadBalancer(service, nodes) {
      const found = find(service);
      if (found) cloud.updateBalancer(found.id, { machines: namesOf(nodes) });
    },
    ensureLoadBalancerDeleted(service) {
      const found = find(service);
      if (found) cloud.deleteBalancer(found.id);
    },
  };
});
