// Which changes of a Service its load balancer must follow.
import { equal, type Service, type Version } from '../../api/index.ts';

export const loadBalancerFinalizer = 'service.kubernetes.io/load-balancer-cleanup';

export const hasFinalizer = ({ metadata }: Service): boolean => metadata.finalizers?.includes(loadBalancerFinalizer) === true;

/** A Service that names a class is for somebody else's controller. */
export function wantsLoadBalancer({ spec }: Service, version: Version): boolean {
  return spec.type === 'LoadBalancer' && !(version.has('load-balancer-class') && spec.loadBalancerClass);
}

/** The balancer has to go: the Service is being deleted, or is of another type now. */
export function needsCleanup(service: Service): boolean {
  return hasFinalizer(service) && (service.metadata.deletionTimestamp !== undefined || service.spec.type !== 'LoadBalancer');
}

/** With the event that told of it until v1.31. */
export type Change = 'silent' | { reason: string; message: string };

export function changeOf(old: Service, service: Service, version: Version): Change | undefined {
  const [before, after] = [old.spec, service.spec];
  const [wanted, wants] = [wantsLoadBalancer(old, version), wantsLoadBalancer(service, version)];
  if (!wanted && !wants) return undefined;
  const told = (reason: string, from: unknown, to: unknown): Change => ({ reason, message: `${go(from)} -> ${go(to)}` });
  if (wanted !== wants) return told('Type', before.type, after.type);
  if (!equal(before.loadBalancerSourceRanges, after.loadBalancerSourceRanges)) return told('LoadBalancerSourceRanges', before.loadBalancerSourceRanges ?? [], after.loadBalancerSourceRanges ?? []);
  if (!equal(portsOf(old), portsOf(service)) || before.sessionAffinity !== after.sessionAffinity) return 'silent';
  if (!equal(before.sessionAffinityConfig, after.sessionAffinityConfig)) return 'silent';
  if (before.loadBalancerIP !== after.loadBalancerIP) return told('LoadbalancerIP', before.loadBalancerIP, after.loadBalancerIP);
  const [had, has]: string[][] = [before.externalIPs ?? [], after.externalIPs ?? []];
  if (had!.length !== has!.length) return { reason: 'ExternalIP', message: `Count: ${had!.length} -> ${has!.length}` };
  const added = has!.find((ip, i) => had![i] !== ip);
  if (added) return { reason: 'ExternalIP', message: `Added: ${added}` };
  if (!equal(old.metadata.annotations, service.metadata.annotations)) return 'silent';
  if (old.metadata.uid !== service.metadata.uid) return told('UID', old.metadata.uid, service.metadata.uid);
  if (before.externalTrafficPolicy !== after.externalTrafficPolicy) return told('ExternalTrafficPolicy', before.externalTrafficPolicy, after.externalTrafficPolicy);
  if (before.healthCheckNodePort !== after.healthCheckNodePort) return told('HealthCheckNodePort', before.healthCheckNodePort, after.healthCheckNodePort);
  return undefined;
}

const portsOf = ({ spec }: Service) => (spec.ports ?? []).map(({ name = '', protocol, port, nodePort, targetPort }) => [name, protocol, port, nodePort, targetPort]);

/** As Go's %v prints it. */
const go = (value: unknown): string => (Array.isArray(value) ? `[${value.join(' ')}]` : String(value ?? (typeof value === 'number' ? 0 : '')));
