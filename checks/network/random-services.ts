// Services and endpoints of all kinds, drawn from a seed.
import type { EndpointSlice, Service } from '../../lib/api/index.ts';
import { byKey, endpointsOf, type Family, type ProxyConfig, type ProxyState, servicePortsOf } from '../../lib/network/index.ts';
import { createRandom, type Random } from '../../lib/sim/index.ts';

const nodes = ['node1', 'node2', 'node3'];

const v4 = { cluster: '10.96', pods: '10.244', outside: '198.51.100', balancer: '203.0.113', nodeIP: '192.168.0.11', podRange: '10.244.0.0/16', ranges: ['198.51.100.0/24', '10.1.2.3/8', '192.168.0.0/16', '0.0.0.0/0', '198.51.100.9/32'] };
const v6 = { cluster: 'fd00:96::', pods: 'fd00:244::', outside: 'fd00:51::', balancer: 'fd00:113::', nodeIP: 'fd00:192::11', podRange: 'fd00:244::/64', ranges: ['fd00:51::/64', 'fd00::/16'] };
const address = (base: string, n: number) => (base.includes(':') ? `${base}${(n + 1).toString(16)}` : base.split('.').length === 3 ? `${base}.${(n % 250) + 1}` : `${base}.${(n >> 7) + 1}.${(n % 128) + 1}`);

export function randomConfig(random: Random, family: Family = 'IPv4'): ProxyConfig {
  const { nodeIP, podRange } = family === 'IPv4' ? v4 : v6;
  return {
    hostname: 'node1',
    nodeIP,
    family,
    localAddresses: [nodeIP],
    clusterCIDR: random.int(4) === 0 ? '' : podRange,
    masqueradeAll: random.int(5) === 0,
    randomFully: random.int(2) === 0,
    nodePortAddresses: random.int(5) === 0 ? [family === 'IPv4' ? '192.168.0.0/24' : 'fd00:192::/64'] : [],
  };
}

function randomService(random: Random, n: number, family: Family): Service {
  const around = family === 'IPv4' ? v4 : v6;
  const type = random.pick(['ClusterIP', 'ClusterIP', 'NodePort', 'LoadBalancer']);
  const outside = type !== 'ClusterIP';
  const ports = Array.from({ length: 1 + random.int(3) }, (_, i) => ({ name: `p${i}`, port: 80 + i, protocol: random.pick(['TCP', 'TCP', 'UDP', 'SCTP']), ...(outside && { nodePort: 30_000 + n * 8 + i }) }));
  if (ports.length === 1 && random.int(2) === 0) ports[0]!.name = '';
  return {
    metadata: { namespace: random.pick(['default', 'kube-system']), name: `svc-${n}` },
    spec: {
      type,
      clusterIP: address(around.cluster, n),
      ports,
      sessionAffinity: 'None',
      ...(random.int(4) === 0 && { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: random.pick([60, 10_800]) } } }),
      ...(outside && { externalTrafficPolicy: random.pick(['Cluster', 'Local']) }),
      ...(random.int(6) === 0 && { internalTrafficPolicy: 'Local' }),
      ...(random.int(3) === 0 && { externalIPs: [address(around.outside, n)] }),
      ...(type === 'LoadBalancer' && random.int(2) === 0 && { loadBalancerSourceRanges: random.shuffle(around.ranges).slice(0, 1 + random.int(2)) }),
      ...(type === 'LoadBalancer' && { healthCheckNodePort: 29_000 + n }),
    },
    status: { loadBalancer: type === 'LoadBalancer' && random.int(4) > 0 ? { ingress: [{ ip: address(around.balancer, n) }] } : {} },
  } as unknown as Service;
}

function randomSlice(random: Random, { metadata, spec }: Service, { n, family }: { n: number; family: Family }): EndpointSlice {
  const { pods } = family === 'IPv4' ? v4 : v6;
  const endpoints = Array.from({ length: random.int(6) }, (_, i) => {
    const terminating = random.int(8) === 0;
    return { addresses: [address(pods, n * 8 + i)], conditions: { ready: !terminating && random.int(5) > 0, serving: random.int(3) > 0, terminating }, nodeName: random.pick(nodes) };
  });
  const ports = spec.ports!.filter(() => random.int(6) > 0).map(({ name, port, protocol }) => ({ name: name ?? '', port: port + 8000, protocol }));
  return { metadata: { ...metadata, labels: { 'kubernetes.io/service-name': metadata.name } }, addressType: family, endpoints, ports } as unknown as EndpointSlice;
}

export interface RandomWorld {
  services: Service[];
  slices: EndpointSlice[];
  state: ProxyState;
  config: ProxyConfig;
}

export function randomWorld(seed: number, { family = 'IPv4', all = true, services = 12 }: { family?: Family; all?: boolean; services?: number } = {}): RandomWorld {
  const random = createRandom(`services ${seed}`);
  const list = Array.from({ length: services }, (_, n) => randomService(random, n, family));
  const slices = list.map((service, n) => randomSlice(random, service, { n, family }));
  const endpoints = new Map(list.flatMap((service, n) => [...endpointsOf(`${service.metadata.namespace}/${service.metadata.name}`, [slices[n]!], { family, all })]));
  return { services: list, slices, state: { ports: byKey(list.flatMap((service) => servicePortsOf(service, family))), endpoints }, config: randomConfig(random, family) };
}
