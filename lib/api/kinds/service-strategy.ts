// How a Service lives: pkg/apis/core/v1/defaults.go, pkg/registry/core/service. Addresses and node ports are given out by the API server.
import { equal } from '../object.ts';
import { isDNS1035Label, maskTrailingDash } from '../names.ts';
import type { Context, Strategy } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { addressChangeErrors, relatedAddressErrors } from './service-address-checks.ts';
import { healthCheckPortErrors, serviceErrors } from './service-checks.ts';
import { settledFamilies } from './service-families.ts';
import { loadBalancerStatusErrors } from './service-status-checks.ts';

type Spec = KubeObject['spec'];
const affinitySeconds = 10800;

const needsNodePort = ({ type, allocateLoadBalancerNodePorts }: Spec) => type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
const isExternal = ({ type }: Spec) => type === 'NodePort' || type === 'LoadBalancer';
const needsHealthCheckPort = ({ type, externalTrafficPolicy }: Spec) => type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

function defaults(draft: KubeObject, { version }: Context) {
  const spec = (draft.spec ??= {});
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: affinitySeconds } };
  }
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    port.targetPort ||= port.port;
  }
  if (isExternal(spec) || (version.has('external-ips-traffic-policy') && spec.type === 'ClusterIP' && spec.externalIPs?.length > 0)) spec.externalTrafficPolicy ||= 'Cluster';
  if (version.has('service-internal-traffic-policy') && spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster';
  if (version.has('service-optional-node-ports') && spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
}

/** How traffic for an address comes from the nodes: not by way of the balancer, if nobody says otherwise. */
function balancerModes(draft: KubeObject, { version }: Context) {
  const { status } = draft;
  const known = version.has('load-balancer-ip-mode');
  const ingress: { ip?: string; ipMode?: string }[] = status?.loadBalancer?.ingress ?? [];
  if (ingress.every(({ ip, ipMode }) => (known ? !ip || ipMode : !ipMode))) return;
  const moded = ingress.map(({ ipMode, ...rest }) => ({ ...rest, ...(known && (ipMode || rest.ip) && { ipMode: ipMode ?? 'VIP' }) }));
  draft.status = { ...status, loadBalancer: { ...status.loadBalancer, ingress: moded } };
}

/** Fields that a release does not know yet are dropped. */
function dropUnknownFields({ spec }: KubeObject, { version }: Context) {
  if (!version.has('service-ip-families')) {
    delete spec.ipFamilies;
    delete spec.ipFamilyPolicy;
    if (spec.clusterIPs?.length > 1) spec.clusterIPs = spec.clusterIPs.slice(0, 1);
  }
  delete spec.topologyKeys; // never out of alpha
  if (!version.has('service-optional-node-ports')) delete spec.allocateLoadBalancerNodePorts;
  if (!version.has('service-internal-traffic-policy')) delete spec.internalTrafficPolicy;
}

/** Fields that cannot stand are left as they are: validation says why. */
function defaultFamilies(service: KubeObject, old: KubeObject | undefined, { version, ipFamilies = ['IPv4'] }: Context) {
  if (!version.has('service-ip-families') || relatedAddressErrors(service).length > 0) return;
  const { fields, errors } = settledFamilies(service.spec, old?.spec, ipFamilies);
  if (errors.length === 0) for (const [field, value] of Object.entries(fields)) if (value !== undefined && !equal(value, service.spec[field])) service.spec[field] = value;
}

function prepareForCreate(draft: KubeObject, context: Context) {
  const { spec } = draft;
  draft.status = { loadBalancer: {} };
  if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
  dropUnknownFields(draft, context);
  defaultFamilies(draft, undefined, context);
}

/** clusterIP and clusterIPs follow each other when a client changed only one of them. */
function normalizeClusterIPs({ spec }: KubeObject, { spec: old }: KubeObject) {
  if (old.clusterIPs?.length && !spec.clusterIPs?.length && old.clusterIP === spec.clusterIP) spec.clusterIPs = old.clusterIPs;
  if (old.clusterIP === spec.clusterIP || !equal(old.clusterIPs ?? [], spec.clusterIPs ?? [])) return;
  if (old.clusterIP && !spec.clusterIP) delete spec.clusterIPs;
  else spec.clusterIPs = [spec.clusterIP];
}

/** What a new type has no use for is wiped, unless the client changed it in the same request. */
function dropTypeDependentFields({ spec }: KubeObject, { spec: old }: KubeObject) {
  if (old.type !== 'ExternalName' && spec.type === 'ExternalName') {
    if (spec.clusterIP === old.clusterIP && equal(spec.clusterIPs, old.clusterIPs)) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    for (const field of ['ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']) if (equal(spec[field], old[field])) delete spec[field];
  }
  const nodePorts = new Set((old.ports ?? []).map((port: { nodePort?: number }) => port.nodePort));
  const ports: { nodePort?: number }[] = spec.ports ?? [];
  if (needsNodePort(old) && !needsNodePort(spec) && ports.every((port) => !port.nodePort || nodePorts.has(port.nodePort))) {
    for (const port of ports) delete port.nodePort;
  }
  if (needsHealthCheckPort(old) && !needsHealthCheckPort(spec) && spec.healthCheckNodePort === old.healthCheckNodePort) delete spec.healthCheckNodePort;
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts) {
    delete spec.allocateLoadBalancerNodePorts;
  }
  if (isExternal(old) && !isExternal(spec)) delete spec.externalTrafficPolicy;
}

/** A PUT by a client that does not send what the server gave out keeps it. */
function keepGiven({ spec }: KubeObject, { spec: old }: KubeObject, { version }: Context) {
  if (!version.has('service-update-keeps-addresses') || spec.type === 'ExternalName') return;
  if (spec.clusterIP === undefined && spec.clusterIPs === undefined && old.clusterIP) {
    spec.clusterIP = old.clusterIP;
    spec.clusterIPs = old.clusterIPs;
  }
  if (spec.healthCheckNodePort === undefined && needsHealthCheckPort(spec) && needsHealthCheckPort(old)) spec.healthCheckNodePort = old.healthCheckNodePort;
  if (!isExternal(spec) || !isExternal(old)) return;
  const byPort = new Map<string, number>((old.ports ?? []).map((port: any) => [`${port.protocol}/${port.port}`, port.nodePort]));
  const taken = new Set((spec.ports ?? []).map((port: any) => port.nodePort));
  for (const port of spec.ports ?? []) {
    const given = byPort.get(`${port.protocol}/${port.port}`);
    if (!port.nodePort && given && !taken.has(given)) port.nodePort = given;
  }
}

export const serviceStrategy: Strategy = {
  generation: false,
  repeatedMetadataChecks: ['update', 'object'],
  validatesBeforeConflicts: (version) => !version.has('service-update-keeps-addresses'),
  allowCreateOnUpdate: (version) => version.has('service-update-keeps-addresses'),
  validateName: (name) => isDNS1035Label(maskTrailingDash(name)),
  defaults,
  prepareForCreate,
  prepareForUpdate(draft, old, context) {
    draft.status = old.status;
    keepGiven(draft, old, context);
    normalizeClusterIPs(draft, old);
    dropUnknownFields(draft, context);
    dropTypeDependentFields(draft, old);
    defaultFamilies(draft, old, context);
  },
  prepareForStatusUpdate: (draft, _old, context) => balancerModes(draft, context),
  validate: (object, context) => serviceErrors(object, undefined, context),
  validateUpdate: (object, old, context) => [...addressChangeErrors(object, old), ...serviceErrors(object, old, context), ...healthCheckPortErrors(object, old, context)],
  validateStatusUpdate: (object) => loadBalancerStatusErrors(object),
};
