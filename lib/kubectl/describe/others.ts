// Services and endpoints, configuration, budgets: kinds with a page of their own in `kubectl describe`.
import { findResource, formatLabels, formatLabelSelector, type KubeObject, servedVersions } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { describeEvents } from './events.ts';
import { annotations, multiline, orNone, type Writer } from './writer.ts';

type Loose = Record<string, any>;
type Describe = (w: Writer, object: KubeObject, call: Call) => void;

function head(w: Writer, { metadata }: KubeObject): void {
  w.field(0, 'Name', metadata.name);
  if (metadata.namespace) w.field(0, 'Namespace', metadata.namespace);
  multiline(w, 'Labels', metadata.labels);
  annotations(w, 'Annotations', metadata.annotations);
}

/** The addresses behind a port of a service; three, and how many more. */
export function endpointText(call: Call, { metadata }: KubeObject, portName: string): string {
  // kubectl asks for discovery.k8s.io/v1, which servers came to know after v1beta1.
  if (!servedVersions(findResource('EndpointSlice')!, call.version).includes('v1')) return '<none>';
  const slices = call.client.list('EndpointSlice', { namespace: metadata.namespace!, labelSelector: `kubernetes.io/service-name=${metadata.name}` }).items as unknown as Loose[];
  if (slices.length === 0) return '<none>';
  const found = slices.flatMap(({ ports, endpoints }) =>
    ((ports ?? []) as Loose[]).filter(({ name = '' }) => name === portName).flatMap(({ port }) =>
      (endpoints as Loose[]).filter(({ conditions }) => conditions?.ready !== false).flatMap(({ addresses }) => addresses.map((ip: string) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)))));
  return found.length > 3 ? `${found.slice(0, 3).join(',')} + ${found.length - 3} more...` : found.join(',');
}

export const describeService: Describe = (w, object, call) => {
  const { spec, status } = object;
  head(w, object);
  w.field(0, 'Selector', formatLabels(spec.selector)).field(0, 'Type', spec.type ?? '');
  if (spec.ipFamilyPolicy) w.field(0, 'IP Family Policy', spec.ipFamilyPolicy);
  w.field(0, 'IP Families', orNone(spec.ipFamilies?.join(','))).field(0, 'IP', spec.clusterIP ?? '').field(0, 'IPs', orNone(spec.clusterIPs?.join(',')));
  if (spec.externalIPs?.length) w.field(0, 'External IPs', spec.externalIPs.join(','));
  if (spec.loadBalancerIP) w.field(0, 'Desired LoadBalancer IP', spec.loadBalancerIP);
  if (spec.externalName) w.field(0, 'External Name', spec.externalName);
  const ingress: Loose[] = status?.loadBalancer?.ingress ?? [];
  if (ingress.length > 0) w.field(0, 'LoadBalancer Ingress', ingress.map(({ ip, hostname, ipMode }) => `${ip ?? hostname ?? ''}${ipMode ? ` (${ipMode})` : ''}`).join(', '));
  for (const { name, port, protocol, targetPort, nodePort } of (spec.ports ?? []) as Loose[]) {
    w.line(0, `Port:\t${name || '<unset>'}\t${port}/${protocol}`);
    w.field(0, 'TargetPort', `${targetPort}/${protocol}`);
    if (nodePort) w.line(0, `NodePort:\t${name || '<unset>'}\t${nodePort}/${protocol}`);
    w.field(0, 'Endpoints', endpointText(call, object, name ?? ''));
  }
  w.field(0, 'Session Affinity', spec.sessionAffinity ?? '');
  if (spec.externalTrafficPolicy) w.field(0, 'External Traffic Policy', spec.externalTrafficPolicy);
  if (spec.internalTrafficPolicy) w.field(0, 'Internal Traffic Policy', spec.internalTrafficPolicy);
  if (spec.trafficDistribution) w.field(0, 'Traffic Distribution', spec.trafficDistribution);
  if (spec.healthCheckNodePort) w.field(0, 'HealthCheck NodePort', spec.healthCheckNodePort);
  if (spec.loadBalancerSourceRanges?.length) w.field(0, 'LoadBalancer Source Ranges', spec.loadBalancerSourceRanges.join(','));
  describeEvents(w, call, object);
};

export const describeEndpoints: Describe = (w, object, call) => {
  head(w, object);
  w.line(0, 'Subsets:');
  for (const { addresses, notReadyAddresses, ports } of (object.subsets ?? []) as Loose[]) {
    const text = (list: Loose[] | undefined) => orNone((list ?? []).map(({ ip }) => ip).join(','));
    w.field(1, 'Addresses', text(addresses)).field(1, 'NotReadyAddresses', text(notReadyAddresses));
    if (ports?.length) {
      w.line(1, 'Ports:').line(2, 'Name\tPort\tProtocol').line(2, '----\t----\t--------');
      for (const { name, port, protocol } of ports) w.line(2, `${name || '<unset>'}\t${port}\t${protocol}`);
    }
    w.line(0, '');
  }
  describeEvents(w, call, object);
};

export const describeEndpointSlice: Describe = (w, object, call) => {
  head(w, object);
  w.field(0, 'AddressType', object.addressType);
  if (!object.ports?.length) w.line(0, 'Ports: <unset>');
  else {
    w.line(0, 'Ports:').line(1, 'Name\tPort\tProtocol').line(1, '----\t----\t--------');
    for (const { name, port, protocol } of object.ports) w.line(1, `${name || '<unset>'}\t${port ?? '<unset>'}\t${protocol}`);
  }
  if (!object.endpoints?.length) w.line(0, 'Endpoints: <none>');
  else w.line(0, 'Endpoints:');
  for (const { addresses, conditions, hostname, targetRef, nodeName, zone } of (object.endpoints ?? []) as Loose[]) {
    w.line(1, `- Addresses:\t${orNone(addresses.join(','))}`).line(2, 'Conditions:').line(3, `Ready:\t${conditions?.ready ?? '<unset>'}`);
    w.field(2, 'Hostname', hostname ?? '<unset>');
    if (targetRef) w.field(2, 'TargetRef', `${targetRef.kind}/${targetRef.name}`);
    w.field(2, 'NodeName', nodeName ?? '<unset>').field(2, 'Zone', zone ?? '<unset>');
  }
  describeEvents(w, call, object);
};

export const describeConfigMap: Describe = (w, object, call) => {
  head(w, object);
  w.write(0, '\nData\n====\n');
  for (const key of Object.keys(object.data ?? {}).sort()) w.write(0, `${key}:\n----\n${object.data[key]}\n\n`);
  w.write(0, '\nBinaryData\n====\n');
  for (const key of Object.keys(object.binaryData ?? {}).sort()) w.write(0, `${key}: ${atob(object.binaryData[key]).length} bytes\n`);
  w.write(0, '\n');
  describeEvents(w, call, object);
};

export const describeSecret: Describe = (w, object) => {
  head(w, object);
  w.write(0, `\nType:\t${object.type ?? ''}\n\nData\n====\n`);
  for (const key of Object.keys(object.data ?? {}).sort()) {
    const value = atob(object.data[key]);
    w.field(0, key, key === 'token' && object.type === 'kubernetes.io/service-account-token' ? value : `${value.length} bytes`);
  }
};

export const describeServiceAccount: Describe = (w, object, call) => {
  head(w, object);
  const { namespace, name, uid } = object.metadata;
  const secrets = call.client.list('Secret', { namespace: namespace! }).items as unknown as Loose[];
  const tokens = secrets.filter(({ type, metadata }) => type === 'kubernetes.io/service-account-token' && metadata.annotations?.['kubernetes.io/service-account.name'] === name && metadata.annotations?.['kubernetes.io/service-account.uid'] === uid);
  const rows: [string, string[]][] = [
    ['Image pull secrets:', (object.imagePullSecrets ?? []).map((s: Loose) => s.name)],
    ['Mountable secrets: ', (object.secrets ?? []).map((s: Loose) => s.name)],
    ['Tokens:            ', tokens.map(({ metadata }) => metadata.name)],
  ];
  for (const [title, names] of rows) {
    if (names.length === 0) w.line(0, `${title}\t<none>`);
    names.forEach((one, i) => w.line(0, `${i === 0 ? title : ' '.repeat(19)}\t${one}${secrets.some(({ metadata }) => metadata.name === one) ? '' : ' (not found)'}`));
  }
  describeEvents(w, call, object);
};

export const describeBudget: Describe = (w, object, call) => {
  const { metadata, spec, status = {} } = object;
  w.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace);
  if (spec.minAvailable !== undefined) w.field(0, 'Min available', spec.minAvailable);
  else if (spec.maxUnavailable !== undefined) w.field(0, 'Max unavailable', spec.maxUnavailable);
  w.field(0, 'Selector', spec.selector ? formatLabelSelector(spec.selector) : '<unset>').line(0, 'Status:');
  w.field(2, 'Allowed disruptions', status.disruptionsAllowed ?? 0).field(2, 'Current', status.currentHealthy ?? 0).field(2, 'Desired', status.desiredHealthy ?? 0).field(2, 'Total', status.expectedPods ?? 0);
  describeEvents(w, call, object);
};

export const describePriorityClass: Describe = (w, object, call) => {
  w.field(0, 'Name', object.metadata.name).field(0, 'Value', object.value).field(0, 'GlobalDefault', Boolean(object.globalDefault));
  w.field(0, 'PreemptionPolicy', object.preemptionPolicy ?? '').field(0, 'Description', object.description ?? '').field(0, 'Annotations', formatLabels(object.metadata.annotations));
  describeEvents(w, call, object);
};
