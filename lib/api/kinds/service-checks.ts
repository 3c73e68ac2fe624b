// Validation of a Service, in the order of pkg/apis/core/validation/validation.go.
import { duplicate, type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { isDNS1123Label, isDNS1123Subdomain, isQualifiedName, isValidIP, isValidPortNum } from '../names.ts';
import type { Context } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { invalidAll, nonSpecialIP, portNumOrName, protocols } from './checks.ts';
import { labelsErrors } from './label-checks.ts';
import { addressErrors, isHeadless } from './service-address-checks.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const affinities = ['ClientIP', 'None'];
const maxAffinitySeconds = 86400;
const kubeletPort = 10250;
const sourceRangesKey = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** How traffic fields fit together; asked when nothing else is wrong. */
function combinationErrors({ spec }: KubeObject, { version }: Context): FieldError[] {
  const [newTexts, anyAddress] = [version.has('service-traffic-policy-errors'), version.has('external-ips-traffic-policy')];
  const isExternal = spec.type === 'NodePort' || spec.type === 'LoadBalancer' || (anyAddress && spec.type === 'ClusterIP' && spec.externalIPs?.length > 0);
  const { externalTrafficPolicy: policy, healthCheckNodePort: port } = spec;
  const errors: FieldError[] = [];
  if (policy && !isExternal) {
    errors.push(invalid('spec.externalTrafficPolicy', policy, anyAddress ? 'may only be set for externally-accessible services' : newTexts ? "may only be set when `type` is 'NodePort' or 'LoadBalancer'" : 'ExternalTrafficPolicy can only be set on NodePort and LoadBalancer service'));
  }
  if (port && !(spec.type === 'LoadBalancer' && policy === 'Local')) {
    const why = newTexts ? "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'" : 'HealthCheckNodePort can only be set on LoadBalancer service with ExternalTrafficPolicy=Local';
    errors.push(invalid('spec.healthCheckNodePort', port, why));
  }
  return errors;
}

/** The port that load balancers probe stays while it is needed. */
export function healthCheckPortErrors({ spec }: KubeObject, { spec: old }: KubeObject, { version }: Context): FieldError[] {
  const needed = [spec, old].every(({ type, externalTrafficPolicy }) => type === 'LoadBalancer' && externalTrafficPolicy === 'Local');
  if (!needed || spec.healthCheckNodePort === old.healthCheckNodePort) return [];
  const why = 'cannot change healthCheckNodePort on loadBalancer service with externalTraffic=Local during update';
  return [invalid('spec.healthCheckNodePort', spec.healthCheckNodePort ?? 0, version.has('service-update-keeps-addresses') ? 'field is immutable' : why)];
}

/** Errors of a Service beside its metadata. */
export function serviceErrors(service: KubeObject, old: KubeObject | undefined, context: Context): FieldError[] {
  const errors = fieldErrors(service, old, context);
  return errors.length > 0 ? errors : combinationErrors(service, context);
}

function fieldErrors(service: KubeObject, old: KubeObject | undefined, context: Context): FieldError[] {
  const { spec } = service;
  const ports = spec.ports ?? [];
  const errors: FieldError[] = [];
  if (ports.length === 0 && !isHeadless(service) && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  errors.push(...typeErrors(service), ...portErrors(ports, context));
  if (spec.selector) errors.push(...labelsErrors('spec.selector', spec.selector, context.version));
  errors.push(...affinityErrors(spec), ...addressErrors(service, old, context), ...externalIPErrors(spec.externalIPs));
  if (!spec.type) errors.push(required('spec.type'));
  else if (!types.includes(spec.type)) errors.push(notSupported('spec.type', spec.type, types));
  errors.push(...nodePortErrors(spec), ...duplicatePortErrors(ports), ...sourceRangeErrors(service), ...loadBalancerErrors(spec, context));
  return [...errors, ...trafficPolicyErrors(spec, context)];
}

function typeErrors(service: KubeObject): FieldError[] {
  const { type, ports = [], clusterIPs, externalName } = service.spec;
  const errors: FieldError[] = [];
  if (type === 'LoadBalancer') {
    for (const [i, { port }] of ports.entries()) {
      if (port === kubeletPort) errors.push(invalid(`spec.ports[${i}]`, port, `may not expose port ${kubeletPort} externally since it is used by kubelet`));
    }
  }
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(service)) {
    errors.push(invalid('spec.clusterIPs[0]', clusterIPs[0], `may not be set to 'None' for ${type} services`));
  }
  if (type !== 'ExternalName') return errors;
  for (const field of ['clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
    if (service.spec[field]?.length) errors.push(forbiddenField(`spec.${field}`, 'may not be set for ExternalName services'));
  }
  const cname = (externalName ?? '').replace(/\.$/, '');
  return [...errors, ...(cname ? invalidAll('spec.externalName', cname, isDNS1123Subdomain(cname)) : [required('spec.externalName')])];
}

interface ServicePort {
  name?: string;
  port: number;
  nodePort?: number;
  targetPort: number | string;
  protocol: string;
  appProtocol?: string;
}

function portErrors(ports: ServicePort[], { version }: Context): FieldError[] {
  const names = new Set<string>();
  const errors: FieldError[] = [];
  for (const [i, { name, port = 0, protocol, targetPort, appProtocol }] of ports.entries()) {
    const at = `spec.ports[${i}]`;
    if (ports.length > 1 && !name) errors.push(required(`${at}.name`));
    else if (name) {
      errors.push(...invalidAll(`${at}.name`, name, isDNS1123Label(name)));
      if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    errors.push(...invalidAll(`${at}.port`, port, isValidPortNum(port)));
    if (!protocols.includes(protocol)) errors.push(notSupported(`${at}.protocol`, protocol, protocols));
    errors.push(...portNumOrName(`${at}.targetPort`, targetPort ?? 0, version));
    if (appProtocol !== undefined) errors.push(...invalidAll(`${at}.appProtocol`, appProtocol, isQualifiedName(appProtocol)));
  }
  return errors;
}

function affinityErrors({ sessionAffinity, sessionAffinityConfig: config }: KubeObject['spec']): FieldError[] {
  const at = 'spec.sessionAffinityConfig';
  if (!affinities.includes(sessionAffinity)) return [notSupported('spec.sessionAffinity', sessionAffinity, affinities)];
  if (sessionAffinity === 'None') return config ? [forbiddenField(at, 'must not be set when session affinity is None')] : [];
  const seconds = config?.clientIP?.timeoutSeconds;
  const isInRange = seconds > 0 && seconds <= maxAffinitySeconds;
  return isInRange ? [] : [invalid(`${at}.clientIP.timeoutSeconds`, seconds, `must be greater than 0 and less than ${maxAffinitySeconds}`)];
}

function externalIPErrors(ips: string[] = []): FieldError[] {
  return ips.flatMap((ip, i) => {
    const at = `spec.externalIPs[${i}]`;
    const messages = isValidIP(ip);
    return messages.length > 0 ? invalidAll(at, ip, messages) : nonSpecialIP(at, ip);
  });
}

function nodePortErrors({ type, ports = [] }: KubeObject['spec']): FieldError[] {
  const errors: FieldError[] = [];
  const used = new Set<string>();
  for (const [i, { nodePort }] of ports.entries()) {
    if (nodePort && type === 'ClusterIP') errors.push(forbiddenField(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  }
  for (const [i, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue;
    if (used.has(`${protocol}/${nodePort}`)) errors.push(duplicate(`spec.ports[${i}].nodePort`, nodePort));
    used.add(`${protocol}/${nodePort}`);
  }
  return errors;
}

function duplicatePortErrors(ports: ServicePort[]): FieldError[] {
  const used = new Set<string>();
  return ports.flatMap(({ protocol, port }, i) => {
    const key = `${protocol}/${port}`;
    if (!used.has(key)) return used.add(key) && [];
    const value = `core.ServicePort{Name:"", Protocol:${JSON.stringify(protocol)}, AppProtocol:(*string)(nil), Port:${port}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`;
    return [{ type: 'FieldValueDuplicate' as const, field: `spec.ports[${i}]`, message: `Duplicate value: ${value}` }];
  });
}

const cidr = /^[0-9a-fA-F.:]+\/\d{1,3}$/;

function isCIDR(text: string): boolean {
  const [ip, bits] = text.trim().split('/');
  return cidr.test(text.trim()) && isValidIP(ip!).length === 0 && Number(bits) <= (ip!.includes(':') ? 128 : 32);
}

function sourceRangeErrors({ spec, metadata }: KubeObject): FieldError[] {
  const ranges: string[] = spec.loadBalancerSourceRanges ?? [];
  const annotation = metadata.annotations?.[sourceRangesKey];
  if (ranges.length === 0 && annotation === undefined) return [];
  const [field, value] = ranges.length > 0 ? ['spec.LoadBalancerSourceRanges', `[${ranges.join(' ')}]`] : [`metadata.annotations[${sourceRangesKey}]`, annotation];
  const errors = spec.type === 'LoadBalancer' ? [] : [forbiddenField(field!, "may only be used when `type` is 'LoadBalancer'")];
  const list = ranges.length > 0 ? ranges : (annotation ?? '').trim() ? annotation!.trim().split(',') : [];
  if (!list.every(isCIDR)) errors.push(invalid(field!, value, 'must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 '));
  return errors;
}

function loadBalancerErrors({ type, ports = [], allocateLoadBalancerNodePorts }: KubeObject['spec'], { version }: Context): FieldError[] {
  const errors: FieldError[] = [];
  if (allocateLoadBalancerNodePorts !== undefined && type !== 'LoadBalancer') {
    errors.push(forbiddenField('spec.allocateLoadBalancerNodePorts', "may only be used when `type` is 'LoadBalancer'"));
  }
  const isMixed = new Set((ports as ServicePort[]).map(({ protocol }) => protocol)).size > 1;
  if (type === 'LoadBalancer' && isMixed && !version.has('mixed-protocol-load-balancer')) {
    errors.push(invalid('spec.ports', ports, "may not contain more than 1 protocol when type is 'LoadBalancer'"));
  }
  return errors;
}

function trafficPolicyErrors({ externalTrafficPolicy: external, internalTrafficPolicy: internal, healthCheckNodePort }: KubeObject['spec'], { version }: Context): FieldError[] {
  const policies = ['Cluster', 'Local'];
  const errors: FieldError[] = [];
  if (external && !policies.includes(external)) {
    if (version.has('service-traffic-policy-errors')) errors.push(notSupported('spec.externalTrafficPolicy', external, policies));
    else errors.push(invalid('spec.externalTrafficPolicy', external, 'ExternalTrafficPolicy must be empty, Cluster or Local'));
  }
  if (healthCheckNodePort < 0) errors.push(invalid('spec.healthCheckNodePort', healthCheckNodePort, 'HealthCheckNodePort must be not less than 0'));
  if (internal && !policies.includes(internal)) errors.push(notSupported('spec.internalTrafficPolicy', internal, policies));
  return errors;
}
