import { formatLabels } from '../labels/index.ts';
import type { Resource } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, nameColumn, wide } from './cells.ts';
import { serviceStrategy } from './service-strategy.ts';

function externalIP({ spec, status }: KubeObject): string {
  const external: string[] = spec.externalIPs ?? [];
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  if (spec.type !== 'LoadBalancer') return external.join(',') || '<none>';
  const ingress: { ip?: string; hostname?: string }[] = status?.loadBalancer?.ingress ?? [];
  const addresses = [...new Set(ingress.map((i) => i.ip || i.hostname || '').filter(Boolean))].sort();
  return [...addresses, ...external].join(',') || '<pending>';
}

interface Port {
  port: number;
  nodePort?: number;
  protocol: string;
}
const portText = ({ port, nodePort, protocol }: Port) => (nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`);

export const service: Resource = {
  kind: 'Service',
  group: '',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'services/specs',
  // deletecollection came later, see `verbsOf`.
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [
    { name: 'proxy', kind: 'ServiceProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
  strategy: serviceStrategy,
  columns: [nameColumn, column('Type'), column('Cluster-IP'), column('External-IP'), column('Port(s)'), ageColumn, wide('Selector')],
  cells: (object, now) => [
    object.metadata.name,
    object.spec.type ?? '',
    object.spec.clusterIPs?.[0] ?? '<none>',
    externalIP(object),
    (object.spec.ports ?? []).map(portText).join(',') || '<none>',
    age(object, now),
    formatLabels(object.spec.selector),
  ],
};
