// A container's environment and volumes: what the kubelet reads from the API before it starts one.
import { type Container, isNotFound, type Pod, type PodSpec } from '../api/index.ts';
import type { Client } from '../client/index.ts';
import type { Mount } from '../machine/index.ts';
import { projectedToken, VolumeFiles } from './service-account-tokens.ts';

/** Why a container cannot be configured: its status says CreateContainerConfigError. */
export class ConfigError extends Error {}

export interface EnvironmentSources {
  client: Client;
  node: { name: string; ip: string };
  /** Environment variables of the Services that the pod sees. */
  services(namespace: string): Readonly<Record<string, string>>;
  podIP(uid: string): string;
  /** Capacity for resourceFieldRef without a limit. */
  allocatable: Record<string, string>;
}

type Variables = Record<string, string>;
const nothing: Readonly<Variables> = Object.freeze({});

/** A container's variables, with what they refer to as it is now: a missing ConfigMap is a ConfigError. */
export function environment(pod: Pod, container: Container, sources: EnvironmentSources): Readonly<Variables> {
  const services = pod.spec.enableServiceLinks === false ? nothing : sources.services(pod.metadata.namespace ?? 'default');
  if (!container.env?.length && !container.envFrom?.length) return services;
  const out: Variables = { ...services };
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef ? configData(sources.client, pod, configMapRef) : secretRef ? secretData(sources.client, pod, secretRef) : undefined;
    for (const [key, value] of Object.entries(data ?? {})) out[prefix + key] = value;
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const text = valueFrom ? fromSource(valueFrom, pod, container, sources) : expand(value ?? '', out);
    if (text !== undefined) out[name] = text;
  }
  return out;
}

/** `$(NAME)` is replaced where NAME is known; `$$(NAME)` stays as `$(NAME)`. */
export function expand(text: string, variables: Readonly<Variables>): string {
  return text.replace(/\$(\$|\(([^()]+)\))/g, (all, escaped: string, name?: string) => (escaped === '$' ? '$' : (variables[name!] ?? all)));
}

function fromSource(source: NonNullable<NonNullable<Container['env']>[number]['valueFrom']>, pod: Pod, container: Container, sources: EnvironmentSources): string | undefined {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  const where = (name: string | undefined) => `${pod.metadata.namespace}/${name}`;
  if (fieldRef) return podField(pod, fieldRef.fieldPath, sources);
  if (resourceFieldRef) return resourceField(pod, container, resourceFieldRef, sources);
  if (configMapKeyRef) {
    const data = configData(sources.client, pod, configMapKeyRef);
    if (data?.[configMapKeyRef.key] === undefined && !configMapKeyRef.optional) throw new ConfigError(`couldn't find key ${configMapKeyRef.key} in ConfigMap ${where(configMapKeyRef.name)}`);
    return data?.[configMapKeyRef.key];
  }
  if (secretKeyRef) {
    const data = secretData(sources.client, pod, secretKeyRef);
    if (data?.[secretKeyRef.key] === undefined && !secretKeyRef.optional) throw new ConfigError(`couldn't find key ${secretKeyRef.key} in Secret ${where(secretKeyRef.name)}`);
    return data?.[secretKeyRef.key];
  }
  return undefined;
}

interface Reference {
  name?: string;
  optional?: boolean;
}

function configData(client: Client, pod: Pod, reference: Reference): Variables | undefined {
  const found = read(client, 'ConfigMap', pod, reference);
  return found ? { ...(found['data'] as Variables) } : undefined;
}

function secretData(client: Client, pod: Pod, reference: Reference): Variables | undefined {
  const found = read(client, 'Secret', pod, reference);
  return found ? Object.fromEntries(Object.entries((found['data'] ?? {}) as Variables).map(([k, v]) => [k, decode(v)])) : undefined;
}

function read(client: Client, kind: string, pod: Pod, { name = '', optional = false }: Reference) {
  try {
    return client.get(kind, { namespace: pod.metadata.namespace, name });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (optional) return undefined;
    throw new ConfigError(`${kind.toLowerCase()} ${JSON.stringify(name)} not found`);
  }
}

/** base64 → UTF-8 text. */
function decode(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
}

/** A field of the downward API. */
export function podField(pod: Pod, path: string, { node, podIP }: Pick<EnvironmentSources, 'node' | 'podIP'>): string {
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
    case 'metadata.annotations':
      return Object.entries(metadata[path.slice(9) as 'labels' | 'annotations'] ?? {}).sort().map(([k, v]) => `${k}=${JSON.stringify(v)}`).join('\n');
    case 'spec.nodeName':
      return node.name;
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? 'default';
    case 'status.hostIP':
    case 'status.hostIPs':
      return node.ip;
    case 'status.podIP':
    case 'status.podIPs':
      return podIP(metadata.uid);
    default:
      throw new ConfigError(`unsupported fieldPath: ${path}`);
  }
}

function resourceField(pod: Pod, container: Container, { resource, containerName, divisor }: { resource: string; containerName?: string; divisor?: string }, { allocatable }: EnvironmentSources): string {
  const of = containerName ? (pod.spec.containers.find((c) => c.name === containerName) ?? container) : container;
  const [kind, name = ''] = resource.split('.');
  const amount = (kind === 'limits' ? of.resources?.limits?.[name] : of.resources?.requests?.[name]) ?? (kind === 'limits' ? allocatable[name] : '0') ?? '0';
  const by = divisor && divisor !== '0' ? amountOf(divisor) : 1;
  return String(Math.ceil(amountOf(amount) / by));
}

const factors: Record<string, number> = { '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };
function amountOf(text: string | number): number {
  const [, number = '0', unit = ''] = /^([\d.]+)(\w*)$/.exec(String(text)) ?? [];
  return Number(number) * (factors[unit] ?? 1);
}

export type Volumes = Map<string, Map<string, string>>;

/** The volumes of a pod, by name. What is missing is a ConfigError, worded as a failed mount. */
export function mountVolumes(pod: Pod, sources: EnvironmentSources): Volumes {
  return new Map((pod.spec.volumes ?? []).map((volume) => [volume.name, new VolumeFiles(volumeFiles(pod, volume, sources))]));
}

/** False when the volumes refer to nothing that could be missing: then they can wait until something looks at them. */
export function mountsMayFail(pod: Pod): boolean {
  const { volumes } = pod.spec;
  if (volumes) for (const volume of volumes) if (mayFail(volume)) return true;
  return false;
}

function mayFail({ configMap, secret, projected, downwardAPI }: Volume): boolean {
  if (configMap || secret || downwardAPI) return true;
  if (projected?.sources) for (const source of projected.sources) if (source.secret || (source.configMap && source.configMap.name !== 'kube-root-ca.crt')) return true;
  return false;
}

type Volume = NonNullable<PodSpec['volumes']>[number];
/** What every pod mounts and few read is asked for when it is read. */
type File = [path: string, content: string | (() => string)];

// Differs from Kubernetes: emptyDir, hostPath and claims are empty directories of the pod's own; a changed ConfigMap does not reach a mounted volume yet.
function volumeFiles(pod: Pod, volume: Volume, sources: EnvironmentSources): File[] {
  try {
    if (volume.configMap) return selected(configData(sources.client, pod, volume.configMap), volume.configMap.items);
    if (volume.secret) return selected(secretData(sources.client, pod, { name: volume.secret.secretName, optional: volume.secret.optional }), volume.secret.items);
    if (volume.downwardAPI) return downward(pod, volume.downwardAPI.items, sources);
    const out: File[] = [];
    for (const part of volume.projected?.sources ?? []) {
      if (part.configMap?.name === 'kube-root-ca.crt') out.push(['ca.crt', () => configData(sources.client, pod, part.configMap!)?.['ca.crt'] ?? '']);
      else if (part.configMap) out.push(...selected(configData(sources.client, pod, part.configMap), part.configMap.items));
      if (part.secret) out.push(...selected(secretData(sources.client, pod, part.secret), part.secret.items));
      if (part.downwardAPI) out.push(...downward(pod, part.downwardAPI.items, sources));
      if (part.serviceAccountToken) out.push([part.serviceAccountToken.path, projectedToken(sources.client, pod, part.serviceAccountToken)]);
    }
    return out;
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(`MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${error.message}`);
    throw error;
  }
}

function selected(data: Variables | undefined, items: readonly { key: string; path: string }[] | undefined): [string, string][] {
  if (!data) return [];
  if (!items?.length) return Object.entries(data);
  return items.map(({ key, path }) => {
    if (data[key] === undefined) throw new ConfigError(`references non-existent config key: ${key}`);
    return [path, data[key]];
  });
}

function downward(pod: Pod, items: readonly { path: string; fieldRef?: { fieldPath: string } }[] | undefined, sources: EnvironmentSources): [string, string][] {
  return (items ?? []).map(({ path, fieldRef }) => [path, fieldRef ? podField(pod, fieldRef.fieldPath, sources) : '']);
}

export function mountsOf(container: Container, volumes: Volumes): readonly Mount[] {
  return (container.volumeMounts ?? []).map(({ name, mountPath, readOnly = false, subPath }) => {
    const files = volumes.get(name) ?? new Map();
    return { path: mountPath.replace(/\/+$/, ''), files: subPath && files.has(subPath) ? new Map([['', files.get(subPath)!]]) : files, readOnly };
  });
}
