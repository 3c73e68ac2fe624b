// Ingresses in `kubectl describe`: rules, and where each backend leads.
import type { KubeObject } from '../../api/index.ts';
import type { Call } from '../session.ts';
import { describeEvents } from './events.ts';
import { endpointText } from './others.ts';
import { annotations, multiline, type Writer } from './writer.ts';

type Loose = Record<string, any>;

export function describeIngress(w: Writer, object: KubeObject, call: Call): void {
  const { metadata, spec, status } = object;
  const namespace = metadata.namespace!;
  w.field(0, 'Name', metadata.name);
  multiline(w, 'Labels', metadata.labels);
  w.field(0, 'Namespace', namespace).field(0, 'Address', addresses(status?.loadBalancer?.ingress ?? []));
  w.field(0, 'Ingress Class', spec.ingressClassName ?? '<none>');
  const shown = spec.defaultBackend ? backendText(call, spec.defaultBackend, namespace) : '<default>';
  w.field(0, 'Default backend', shown);
  if (spec.tls?.length) w.line(0, 'TLS:');
  for (const { hosts = [], secretName } of (spec.tls ?? []) as Loose[]) w.line(1, `${secretName ? `${secretName} terminates` : 'SNI routes'} ${hosts.join(',')}`);
  w.line(0, 'Rules:').line(1, 'Host\tPath\tBackends').line(1, '----\t----\t--------');
  const rules = ((spec.rules ?? []) as Loose[]).filter(({ http }) => http);
  for (const { host, http } of rules) {
    w.line(1, `${host || '*'}\t`);
    for (const path of http.paths) w.line(2, `\t${path.path ?? ''} \t${backendText(call, path.backend, namespace)}`);
  }
  if (rules.length === 0) w.line(1, `*\t*\t${shown}`);
  annotations(w, 'Annotations', metadata.annotations);
  describeEvents(w, call, object);
}

function addresses(list: readonly Loose[]): string {
  return [...new Set(list.map(({ ip, hostname }) => ip || hostname).filter(Boolean))].sort().join(',');
}

function backendText(call: Call, { service, resource }: Loose, namespace: string): string {
  if (resource) return `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}`;
  if (!service) return '';
  return `${service.name}:${service.port?.number ?? service.port?.name ?? ''} (${endpoints(call, service, namespace)})`;
}

function endpoints(call: Call, { name, port = {} }: Loose, namespace: string): string {
  const service = call.client.find('Service', { namespace, name });
  if (!service) return `<error: services "${name}" not found>`;
  const ports = ((service.spec.ports ?? []) as Loose[]).filter((one) => (port.number ? one.port === port.number : one.name === port.name));
  return endpointText(call, service, ports.at(-1)?.name ?? '');
}
