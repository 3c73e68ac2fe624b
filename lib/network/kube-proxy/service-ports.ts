import type { Service } from '../../api/index.ts';
import { familyOf } from './addresses.ts';
import { type Family, portKey, type Protocol, type ServicePort } from './types.ts';

/** What kube-proxy of one address family keeps of a Service; nothing of headless and ExternalName ones. */
export function servicePortsOf(service: Service, family: Family = 'IPv4'): ServicePort[] {
  const { metadata, spec } = service;
  const clusterIP = clusterIPOf(service, family);
  if (!clusterIP || clusterIP === 'None' || spec.clusterIP === 'None' || spec.type === 'ExternalName') return [];
  const key = `${metadata.namespace}/${metadata.name}`;
  const ours = (address: string) => familyOf(address) === family;
  const outside = spec.type === 'LoadBalancer' || spec.type === 'NodePort' || (spec.externalIPs ?? []).length > 0;
  const externalLocal = outside && spec.externalTrafficPolicy === 'Local';
  const ingress: { ip?: string; ipMode?: string }[] = service.status?.loadBalancer?.ingress ?? [];
  const common = {
    service: key,
    clusterIP,
    affinity: spec.sessionAffinity === 'ClientIP' ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) : undefined,
    externalLocal,
    internalLocal: spec.internalTrafficPolicy === 'Local',
    externalIPs: (spec.externalIPs ?? []).filter(ours),
    // A balancer that is a proxy itself gets the traffic even from the nodes (KEP-1860).
    loadBalancerIPs: ingress.flatMap(({ ip, ipMode }) => (ip && ipMode !== 'Proxy' && ours(ip) ? [ip] : [])),
    sourceRanges: (spec.loadBalancerSourceRanges ?? []).map((range: string) => range.trim()).filter(ours),
    healthCheckNodePort: spec.type === 'LoadBalancer' && externalLocal ? (spec.healthCheckNodePort ?? 0) : 0,
  };
  return (spec.ports ?? []).map(({ name: portName = '', port, nodePort = 0, protocol = 'TCP' }) => {
    const name = portName ? `${key}:${portName}` : key;
    return { ...common, key: portKey({ name, protocol }), name, portName, protocol: protocol as Protocol, port, nodePort };
  });
}

function clusterIPOf({ spec }: Service, family: Family): string {
  const families: string[] = spec.ipFamilies ?? [];
  if (families.length === 0) return spec.clusterIP && spec.clusterIP !== 'None' && familyOf(spec.clusterIP) === family ? spec.clusterIP : '';
  return spec.clusterIPs?.[families.indexOf(family)] ?? '';
}
