// fails: 밸런서를 만들고 그 주소를 알린다
import { type CloudApi, exercise, type LoadBalancer, type Node, type Service } from 'kubook';

await exercise('birth-5', (cloud: CloudApi): LoadBalancer => {
  // An address of which nobody knows.
  return {
    getLoadBalancer: (service: Service) => ({ ingress: [{ ip: '203.0.113.10' }] }),
    ensureLoadBalancer: (service: Service, nodes: readonly Node[]) => ({ ingress: [{ ip: '203.0.113.99' }] }),
    updateLoadBalancer: () => {},
    ensureLoadBalancerDeleted: () => {},
  };
});
