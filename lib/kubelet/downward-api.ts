// The downward API: fields of a pod and amounts of its containers as text (pkg/fieldpath, pkg/api/v1/resource).
import { bytes, type Container, cpuMilli, type Pod } from '../api/index.ts';
import { ConfigError } from './references.ts';

export interface NodeFacts {
  node: { name: string; ips: readonly string[] };
  podIPs(uid: string): readonly string[];
  /** What a container without a limit may use. */
  allocatable: Record<string, string>;
}

/** A field of the pod; those of its status and spec only in variables. */
export function podField(pod: Pod, path: string, { node, podIPs }: Omit<NodeFacts, 'allocatable'>): string {
  const { metadata, spec } = pod;
  const key = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (key) return metadata[key[1] as 'labels' | 'annotations']?.[key[2]!] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return lines(metadata.labels);
    case 'metadata.annotations':
      return lines(metadata.annotations);
    case 'spec.nodeName':
      return node.name;
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? 'default';
    case 'status.hostIP':
      return node.ips[0]!;
    case 'status.hostIPs':
      return node.ips.join();
    case 'status.podIP':
      return podIPs(metadata.uid)[0] ?? '';
    case 'status.podIPs':
      return podIPs(metadata.uid).join();
    default:
      throw new ConfigError(`unsupported fieldPath: ${path}`);
  }
}

const lines = (map: Record<string, string> = {}) => Object.keys(map).sort().map((key) => `${key}=${JSON.stringify(map[key])}`).join('\n');

export interface ResourceField {
  resource: string;
  containerName?: string;
  divisor?: string | number;
}

/** A request or a limit in units of the divisor, rounded up; a missing limit is what the node has. */
export function resourceField(pod: Pod, container: Container | undefined, { resource, containerName, divisor = '0' }: ResourceField, { allocatable }: Pick<NodeFacts, 'allocatable'>): string {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const of = containerName ? all.find((c) => c.name === containerName) : container;
  if (!of) throw new ConfigError(`container ${containerName} not found`);
  const [kind, name = ''] = [resource.slice(0, resource.indexOf('.')), resource.slice(resource.indexOf('.') + 1)];
  const amount = kind === 'limits' ? (of.resources?.limits?.[name] ?? allocatable[name]) : of.resources?.requests?.[name];
  const [value, by] = name === 'cpu' ? [cpuMilli(amount), cpuMilli(divisor) || 1000] : [bytes(amount), bytes(divisor) || 1];
  return String(Math.ceil(value / by));
}
