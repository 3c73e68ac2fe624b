// What a Service uses of a quota (pkg/quota/v1/evaluator/core/services.go).
import { quantity } from '../kinds/pod-spec/quantities.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';
import { one, zero } from './amounts.ts';
import type { Evaluator } from './evaluator.ts';

const names = ['count/services', 'services', 'services.nodeports', 'services.loadbalancers'];

function nodePorts({ spec }: KubeObject, version: Version): number {
  const ports: { nodePort?: number }[] = spec.ports ?? [];
  if (spec.type === 'NodePort') return ports.length;
  if (spec.type !== 'LoadBalancer') return 0;
  const optional = version.has('service-optional-node-ports') && spec.allocateLoadBalancerNodePorts === false;
  return optional ? ports.filter(({ nodePort }) => nodePort).length : ports.length;
}

export const services: Evaluator = {
  matching: (hard) => hard.filter((name) => names.includes(name)),
  countsUpdates: true,
  usage: (object, { version }) => ({
    'count/services': one,
    services: one,
    'services.nodeports': quantity(nodePorts(object, version)),
    'services.loadbalancers': object.spec.type === 'LoadBalancer' ? one : zero,
  }),
};
