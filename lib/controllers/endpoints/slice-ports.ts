// Ports of slices: those of a service that a pod has, in the order that Kubernetes' hash gives them.
import type { Pod, Service, Version } from '../../api/index.ts';
import { md5 } from './md5.ts';
import { findPort } from './ports.ts';
import type { SlicePort } from './slices.ts';

export function portsOf(service: Service, pod: Pod, version: Version): SlicePort[] {
  const ports: SlicePort[] = [];
  for (const port of service.spec.ports ?? []) {
    const number = findPort(pod, port);
    if (number !== undefined) ports.push({ name: port.name ?? '', port: number, protocol: port.protocol, ...(port.appProtocol && { appProtocol: port.appProtocol }) });
  }
  return inHashOrder(ports, version);
}

export function inHashOrder(ports: SlicePort[], version: Version): SlicePort[] {
  if (ports.length < 2) return ports;
  const type = version.has('endpointslice-controller-v1') ? 'v1.EndpointPort' : 'v1beta1.EndpointPort';
  const hash = (port: SlicePort) => hashOf(port, type);
  return ports.sort((a, b) => (hash(a) < hash(b) ? -1 : 1));
}

const hashes = new Map<string, string>();

/** Of the port as Go's spew prints it. */
function hashOf({ name, protocol, port, appProtocol }: SlicePort, type: string): string {
  const text = `(${type}){Name:(*string)${name} Protocol:(*v1.Protocol)${protocol} Port:(*int32)${port} AppProtocol:(*string)${appProtocol ?? '<nil>'}}`;
  let hash = hashes.get(text);
  if (hash === undefined) hashes.set(text, (hash = md5(text)));
  return hash;
}
